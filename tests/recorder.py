"""Recorder for tests: each call is one transaction of a recording session."""

from collections.abc import Sequence

from playhead.domain.account import Account
from playhead.domain.clock import SystemClock
from playhead.recording.inputs import NewBroadcast, NewMedia, NewViewing
from playhead.recording.session import recording_session
from playhead.storage.database import Store


class Recording:
    """Writes to one account's overlay.

    Every call is all or nothing. Raises Unfit, with the index of the bad one.
    """

    def __init__(self, store: Store, account: Account) -> None:
        self.store = store
        self.name = account.name

    def media(self, media: Sequence[NewMedia]) -> list[int]:
        """Record media; their numbers, in order."""
        numbers = []
        with recording_session(self.store, self.name, SystemClock()) as overlay:
            for index, one in enumerate(media):
                with overlay.item(f"media {index} {one.title!r}"):
                    numbers.append(overlay.add_media(one))
        return numbers

    def broadcasts(self, broadcasts: Sequence[NewBroadcast]) -> list[int]:
        """Record runs of live streams; their numbers, in order."""
        numbers = []
        with recording_session(self.store, self.name, SystemClock()) as overlay:
            for index, one in enumerate(broadcasts):
                with overlay.item(f"broadcast {index}"):
                    numbers.append(overlay.add_broadcast(one))
        return numbers

    def viewings(self, viewings: Sequence[NewViewing]) -> list[int]:
        """Record viewings; their numbers, in order."""
        numbers = []
        with recording_session(self.store, self.name, SystemClock()) as overlay:
            for index, one in enumerate(viewings):
                with overlay.item(f"viewing {index}"):
                    numbers.append(overlay.add_viewing(one))
        return numbers
