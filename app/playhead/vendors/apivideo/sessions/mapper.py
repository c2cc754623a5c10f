"""Sessions and their events, filled from viewings."""

from collections.abc import Sequence

from pydantic import MISSING

from playhead.analytics import viewings
from playhead.analytics.aliases import AliasResolver
from playhead.analytics.catalog import Media
from playhead.analytics.snapshot import Snapshot
from playhead.analytics.viewings import Viewing
from playhead.domain.media import MediaKind
from playhead.vendors.apivideo import ids, vocabulary
from playhead.vendors.apivideo.catalog.schemas import Pair
from playhead.vendors.apivideo.sessions import compute
from playhead.vendors.apivideo.sessions.compute import _last_signal, _timeline
from playhead.vendors.apivideo.sessions.schemas import (
    Client,
    Device,
    Event,
    Location,
    Referrer,
    Session,
    SessionRow,
    System,
)


def session_rows(snapshot: Snapshot, viewing_rows: Sequence[Viewing]) -> list[SessionRow]:
    """The sessions of viewings, in their order."""
    numbers = [viewing.number for viewing in viewing_rows]
    given = AliasResolver(snapshot, vocabulary.NAME).assigned("viewing", numbers)
    brought = viewings.labels(snapshot, numbers)
    return [
        _row(
            snapshot,
            viewing,
            ids.id_of("viewing", viewing.number, given.get(viewing.number, ())),
            brought.get(viewing.number, []),
        )
        for viewing in viewing_rows
    ]


def session_events(snapshot: Snapshot, viewing: Viewing, media: Media) -> list[Event]:
    """What was heard of a viewing, in order."""
    seconds = None if media.kind is MediaKind.live else media.seconds
    return [
        _event(event) for event in compute.events(_timeline(snapshot, viewing), seconds=seconds)
    ]


def _row(
    snapshot: Snapshot, viewing: Viewing, id_: str, labels: Sequence[tuple[str, str]]
) -> SessionRow:
    place = viewing.viewer.place
    device = viewing.viewer.device
    page = viewing.page
    live = viewing.kind is MediaKind.live
    name, short, version = vocabulary.operating_system(device.os, device.os_version)
    return SessionRow(
        session=Session(
            sessionId=id_,
            loadedAt=vocabulary.format_atom(viewing.loaded_at),
            endedAt=vocabulary.format_atom(_last_signal(snapshot, viewing)),
            # Quirk 4: sessions of live streams have neither metadata nor nulls — §3.2.
            metadata=MISSING if live else [Pair(key=key, value=value) for key, value in labels],
        ),
        location=Location(country=place.country_name, city=place.city),
        referrer=Referrer(
            url=vocabulary.UNKNOWN if live and page.url is None else page.url,
            medium=page.medium or vocabulary.UNKNOWN,
            source=page.source or vocabulary.UNKNOWN,
            searchTerm=page.term or vocabulary.UNKNOWN,
        ),
        device=Device(
            type=vocabulary.SESSION_DEVICES[device.type], vendor=device.vendor, model=device.model
        ),
        os=System(name=name, shortname=short, version=version),
        client=Client(
            type="browser", name=vocabulary.BROWSERS[device.browser], version=device.browser_version
        ),
    )


def _event(event: compute.Event) -> Event:
    return Event(
        type=event.type,
        emittedAt=vocabulary.format_atom(event.emitted_at),
        at=MISSING if event.at is None else event.at,
        from_=MISSING if event.start is None else event.start,
        to=MISSING if event.stop is None else event.stop,
    )
