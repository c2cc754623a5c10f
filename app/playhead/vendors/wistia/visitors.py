"""Wistia's visitors: viewers with what they did, filled into their shape — contracts/wistia.md §3.8."""

from collections.abc import Sequence

from pydantic import MISSING

from playhead.stats import conversions, viewers
from playhead.stats.naming import Naming
from playhead.stats.reading import Reading
from playhead.stats.viewers import Visitor as Found
from playhead.vendors.wistia import events, words
from playhead.vendors.wistia.queries import EMAIL_GATE, KNOWN, VisitorsQuery, oldest_kept
from playhead.vendors.wistia.shapes import Identity, Organisation, Visitor
from playhead.world.terms import PromptKind


def chosen(reading: Reading, query: VisitorsQuery) -> list[Found]:
    """The page of visitors that a query asks for, the most recently active first."""
    gate = conversions.firsts(reading, kind=PromptKind.form).keys() if query.filter == EMAIL_GATE else None
    known = KNOWN.get(query.filter or "")
    return viewers.page(reading, known=known, search=query.search, among=gate, limit=query.limit, offset=query.offset)


def one(reading: Reading, key: str) -> Found | None:
    """The visitor of that key, once it loaded anything."""
    number = words.number_behind(Naming(reading, words.NAME), "viewer", key)
    return viewers.one(reading, number) if number is not None else None


def told(reading: Reading, found: Sequence[Found]) -> list[Visitor]:
    """Visitors in their shape."""
    oldest = oldest_kept(reading.account.now)
    plays = {visitor.person.number: visitor.last_play for visitor in found if visitor.last_play is not None and visitor.last_active_at >= oldest}
    visitor_keys = events.keys(reading, "viewer", {visitor.person.number for visitor in found})
    first = conversions.firsts(reading, kind=PromptKind.form, viewers=visitor_keys.keys())
    forms = {viewer: form.viewing for viewer, form in first.items() if form.loaded_at >= oldest}
    event_keys = events.keys(reading, "viewing", {*plays.values(), *forms.values()})
    return [
        _visitor(visitor, visitor_keys[number], last=event_keys.get(plays.get(number, -1)), identifying=event_keys.get(forms.get(number, -1)))
        for visitor, number in ((visitor, visitor.person.number) for visitor in found)
    ]


def _visitor(visitor: Found, key: str, *, last: str | None, identifying: str | None) -> Visitor:
    person = visitor.person
    return Visitor(
        visitor_key=key,
        created_at=words.stamp(visitor.first_load_at),
        last_active_at=words.stamp(visitor.last_active_at),
        last_event_key=MISSING if last is None else last,
        load_count=visitor.loads,
        play_count=visitor.plays,
        identifying_event_key=identifying,
        visitor_identity=Identity(name=person.name or "", email=person.email, org=Organisation(name=None, title=None)),
        user_agent_details=events.user_agent(person.device),
    )
