"""Wistia's visitors:

viewers with what they did, filled into their shape — evidence/wistia.md §3.8.
"""

from collections.abc import Sequence

from pydantic import MISSING

from playhead.analytics import conversions, viewers
from playhead.analytics.aliases import AliasResolver
from playhead.analytics.snapshot import Snapshot
from playhead.analytics.viewers import ViewerActivity as Found
from playhead.domain.media import PromptKind
from playhead.vendors.wistia import vocabulary
from playhead.vendors.wistia.params import (
    EMAIL_GATE,
    VISITOR_FILTERS,
    VisitorsParams,
    retention_start,
)
from playhead.vendors.wistia.stats import events
from playhead.vendors.wistia.stats.schemas import Identity, Organisation, Visitor


def select_visitors(snapshot: Snapshot, params: VisitorsParams) -> list[Found]:
    """The page of visitors that a query asks for, the most recently active first."""
    gate = (
        conversions.first_conversions(snapshot, kind=PromptKind.form).keys()
        if params.filter == EMAIL_GATE
        else None
    )
    known = VISITOR_FILTERS.get(params.filter or "")
    return viewers.list_page(
        snapshot,
        identified_by=known,
        search=params.search,
        numbers=gate,
        limit=params.limit,
        offset=params.offset,
    )


def find_visitor(snapshot: Snapshot, key: str) -> Found | None:
    """The visitor of that key, once it loaded anything."""
    number = vocabulary.number_of_record_key(
        AliasResolver(snapshot, vocabulary.NAME), "viewer", key
    )
    return viewers.get(snapshot, number) if number is not None else None


def visitors_to_schema(snapshot: Snapshot, visitors: Sequence[Found]) -> list[Visitor]:
    """Visitors in their shape."""
    oldest = retention_start(snapshot.account.now)
    plays = {
        visitor.profile.number: visitor.last_play
        for visitor in visitors
        if visitor.last_play is not None and visitor.last_active_at >= oldest
    }
    visitor_keys = events.keys_by_number(
        snapshot, "viewer", {visitor.profile.number for visitor in visitors}
    )
    first = conversions.first_conversions(
        snapshot, kind=PromptKind.form, viewers=visitor_keys.keys()
    )
    forms = {viewer: form.viewing for viewer, form in first.items() if form.loaded_at >= oldest}
    event_keys = events.keys_by_number(snapshot, "viewing", {*plays.values(), *forms.values()})
    return [
        _visitor(
            visitor,
            visitor_keys[number],
            last_event_key=event_keys.get(plays.get(number, -1)),
            identifying_event_key=event_keys.get(forms.get(number, -1)),
        )
        for visitor, number in ((visitor, visitor.profile.number) for visitor in visitors)
    ]


def _visitor(
    visitor: Found, key: str, *, last_event_key: str | None, identifying_event_key: str | None
) -> Visitor:
    person = visitor.profile
    return Visitor(
        visitor_key=key,
        created_at=vocabulary.format_timestamp(visitor.first_load_at),
        last_active_at=vocabulary.format_timestamp(visitor.last_active_at),
        last_event_key=MISSING if last_event_key is None else last_event_key,
        load_count=visitor.loads,
        play_count=visitor.plays,
        identifying_event_key=identifying_event_key,
        visitor_identity=Identity(
            name=person.name or "", email=person.email, org=Organisation(name=None, title=None)
        ),
        user_agent_details=events.user_agent(person.device),
    )
