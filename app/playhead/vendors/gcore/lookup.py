"""Look-ups of clients, streams and videos that several families share."""

from playhead.analytics import catalog
from playhead.analytics.aliases import AliasResolver
from playhead.analytics.snapshot import Snapshot
from playhead.domain.media import MediaKind
from playhead.vendors.gcore import ids as gcore_ids
from playhead.vendors.gcore import vocabulary
from playhead.vendors.gcore.params import LiveFilter, VodFilter


def client_id(snapshot: Snapshot) -> int:
    """The client id of the account that asks."""
    account = snapshot.account
    return gcore_ids.client_id(
        account.name,
        account.number,
        AliasResolver(snapshot, vocabulary.NAME)
        .assigned("account", [account.number])
        .get(account.number, ()),
    )


def stream_ids_by_number(snapshot: Snapshot) -> dict[int, int]:
    """The ids of all live streams, by number."""
    numbers = [media.number for media in catalog.media(snapshot) if media.kind is MediaKind.live]
    given = AliasResolver(snapshot, vocabulary.NAME).assigned("live", numbers)
    return {number: gcore_ids.id_of(number, given.get(number, ())) for number in numbers}


def stream_numbers_matching(snapshot: Snapshot, query: LiveFilter) -> list[int] | None:
    """The live streams that a filter leaves; None when it is not used."""
    named = (
        None
        if query.stream_id is None
        else gcore_ids.number_of_id(
            AliasResolver(snapshot, vocabulary.NAME), "live", str(query.stream_id)
        )
    )
    return _numbers_matching(
        snapshot, MediaKind.live, query.stream_id is not None, named, query.client_user_id
    )


def video_numbers_matching(snapshot: Snapshot, query: VodFilter) -> list[int] | None:
    """The videos that a filter leaves; None when it is not used."""
    named = None if query.slug is None else gcore_ids.video_of_slug(snapshot, query.slug)
    return _numbers_matching(
        snapshot, MediaKind.video, query.slug is not None, named, query.client_user_id
    )


def _numbers_matching(
    snapshot: Snapshot,
    kind: MediaKind,
    filter_by_id: bool,
    entity_number: int | None,
    client_user_id: int | None,
) -> list[int] | None:
    if not filter_by_id and client_user_id is None:
        return None
    found = catalog.media(
        snapshot,
        numbers=[number for number in (entity_number,) if number is not None]
        if filter_by_id
        else None,
    )
    return [
        media.number
        for media in found
        if media.kind is kind and client_user_id in (None, media.client_user_id)
    ]
