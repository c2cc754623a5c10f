"""Sessions and their events, filled from viewings."""

from collections.abc import Sequence

from pydantic import MISSING

from playhead.stats import viewings
from playhead.stats.library import Media
from playhead.stats.naming import Naming
from playhead.stats.reading import Reading
from playhead.stats.viewings import Viewing
from playhead.vendors.apivideo import figures, words
from playhead.vendors.apivideo.figures import Timeline
from playhead.vendors.apivideo.shapes import Client, Device, Event, Location, Pair, Referrer, Session, SessionRow, System
from playhead.world.terms import MediaKind


def number(reading: Reading, text: str) -> int | None:
    """The number of the viewing whose session has that id."""
    return Naming(reading, words.NAME).number("viewing", text, lambda given: words.number_of("viewing", given))


def rows(reading: Reading, found: Sequence[Viewing]) -> list[SessionRow]:
    """The sessions of viewings, in their order."""
    numbers = [viewing.number for viewing in found]
    given, brought = Naming(reading, words.NAME).given("viewing", numbers), viewings.labels(reading, numbers)
    return [_row(reading, viewing, words.id_of("viewing", viewing.number, given.get(viewing.number, ())), brought.get(viewing.number, [])) for viewing in found]


def events(reading: Reading, viewing: Viewing, media: Media) -> list[Event]:
    """What was heard of a viewing, in order."""
    seconds = None if media.kind is MediaKind.live else media.seconds
    return [_event(event) for event in figures.events(_timeline(reading, viewing), seconds=seconds)]


def _timeline(reading: Reading, viewing: Viewing) -> Timeline:
    return Timeline(viewing.loaded_at, viewing.ended_at, figures.joined(viewings.spans(reading, viewing.number)), reading.account.now)


def _last_signal(reading: Reading, viewing: Viewing) -> int:
    """Only of the few that run does it take a look at what they played."""
    if viewing.ended_at <= reading.account.now:
        return viewing.loaded_at if viewing.played_at is None else viewing.ended_at  # who never plays never pings — law 3
    return _timeline(reading, viewing).last_signal


def _row(reading: Reading, viewing: Viewing, id_: str, labels: Sequence[tuple[str, str]]) -> SessionRow:
    place, device, page, live = viewing.viewer.place, viewing.viewer.device, viewing.page, viewing.kind is MediaKind.live
    name, short, version = words.system(device.os, device.os_version)
    return SessionRow(
        session=Session(
            sessionId=id_,
            loadedAt=words.atom(viewing.loaded_at),
            endedAt=words.atom(_last_signal(reading, viewing)),
            # Quirk 4: sessions of live streams have neither metadata nor nulls — §3.2.
            metadata=MISSING if live else [Pair(key=key, value=value) for key, value in labels],
        ),
        location=Location(country=place.country_name, city=place.city),
        referrer=Referrer(
            url=words.UNKNOWN if live and page.url is None else page.url,
            medium=page.medium or words.UNKNOWN,
            source=page.source or words.UNKNOWN,
            searchTerm=page.term or words.UNKNOWN,
        ),
        device=Device(type=words.DEVICES[device.type], vendor=device.vendor, model=device.model),
        os=System(name=name, shortname=short, version=version),
        client=Client(type="browser", name=words.BROWSERS[device.browser], version=device.browser_version),
    )


def _event(event: figures.Event) -> Event:
    return Event(
        type=event.type,
        emittedAt=words.atom(event.emitted_at),
        at=MISSING if event.at is None else event.at,
        from_=MISSING if event.start is None else event.start,
        to=MISSING if event.stop is None else event.stop,
    )
