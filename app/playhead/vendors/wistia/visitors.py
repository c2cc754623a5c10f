"""Wistia's visitors: viewers with what they did, filled into their shape — contracts/wistia.md §3.8."""

from collections.abc import Sequence

from pydantic import MISSING

from playhead.stats import viewers
from playhead.stats.naming import Naming
from playhead.stats.reading import Reading
from playhead.stats.viewers import Visitor as Found
from playhead.vendors.wistia import events, words
from playhead.vendors.wistia.queries import EMAIL_GATE, KNOWN, VisitorsQuery, oldest_kept
from playhead.vendors.wistia.shapes import Identity, Organisation, Visitor


def chosen(reading: Reading, query: VisitorsQuery) -> list[Found]:
    """The page of visitors that a query asks for, the most recently active first."""
    if query.filter == EMAIL_GATE:  # no video has an e-mail gate, so nobody came through one — unknown 8
        return []
    return viewers.page(reading, known=KNOWN.get(query.filter or ""), search=query.search, limit=query.limit, offset=query.offset)


def one(reading: Reading, key: str) -> Found | None:
    """The visitor of that key, once it loaded anything."""
    number = words.number_behind(Naming(reading, words.NAME), "viewer", key)
    return viewers.one(reading, number) if number is not None else None


def told(reading: Reading, found: Sequence[Found]) -> list[Visitor]:
    """Visitors in their shape."""
    oldest = oldest_kept(reading.account.now)
    plays = {visitor.person.number: visitor.last_play for visitor in found if visitor.last_play is not None and visitor.last_active_at >= oldest}
    visitor_keys = events.keys(reading, "viewer", {visitor.person.number for visitor in found})
    event_keys = events.keys(reading, "viewing", set(plays.values()))
    return [_visitor(visitor, visitor_keys[visitor.person.number], event_keys.get(plays.get(visitor.person.number, -1))) for visitor in found]


def _visitor(visitor: Found, key: str, last_event: str | None) -> Visitor:
    person = visitor.person
    return Visitor(
        visitor_key=key,
        created_at=words.stamp(visitor.first_load_at),
        last_active_at=words.stamp(visitor.last_active_at),
        last_event_key=MISSING if last_event is None else last_event,
        load_count=visitor.loads,
        play_count=visitor.plays,
        identifying_event_key=None,
        visitor_identity=Identity(name=person.name or "", email=person.email, org=Organisation(name=None, title=None)),
        user_agent_details=events.user_agent(person.device),
    )
