"""api.video's ids, from numbers and back."""

from collections.abc import Collection, Sequence

from playhead.analytics.aliases import AliasResolver, IdCodec
from playhead.analytics.snapshot import Snapshot
from playhead.domain.ids import BASE62, decode_key, encode_key, from_base, to_base
from playhead.vendors.apivideo.vocabulary import NAME

DIGITS = 22


# An id is its kind's two letters and 22 base-62 digits of which the first is 1 to 7 (§1.7): FLOOR +
# key mod SPAN. A key
# has 128 bits and SPAN some fewer, so two keys may stand behind an id; a key's own check says which
# was ever made.
MIN_ID = 62 ** (DIGITS - 1)


ID_COUNT = 7 * MIN_ID


PREFIXES = {"video": "vi", "live": "li", "viewing": "ps"}


def id_of(kind: str, number: int, assigned: Sequence[str] = ()) -> str:
    """The id of a video, live stream or session (a viewing):

    the one it was given, or one made from its number.
    """
    return (
        assigned[0]
        if assigned
        else PREFIXES[kind]
        + to_base(MIN_ID + encode_key(_key_kind(kind), number) % ID_COUNT, BASE62, length=DIGITS)
    )


def number_of(kind: str, text: str) -> int | None:
    """The number behind an id that was not given.

    The two letters say nothing: what a thing is, its row says — §1.7.
    """
    value = from_base(text[2:], BASE62) if len(text) == 2 + DIGITS else None
    if value is None or not MIN_ID <= value < MIN_ID + ID_COUNT:
        return None
    numbers = (
        decode_key(_key_kind(kind), key) for key in (value - MIN_ID, value - MIN_ID + ID_COUNT)
    )
    return next((number for number in numbers if number is not None), None)


def _key_kind(kind: str) -> str:
    return "viewing" if kind == "viewing" else "media"


def _ids(snapshot: Snapshot, kind: str, numbers: Collection[int]) -> dict[int, list[str]]:
    if kind not in PREFIXES:
        return {}
    given = AliasResolver(snapshot, NAME).assigned(kind, numbers)
    return {number: [id_of(kind, number, given.get(number, ()))] for number in numbers}


def _number(snapshot: Snapshot, kind: str, text: str) -> int | None:
    return (
        AliasResolver(snapshot, NAME).number(kind, text, lambda given: number_of(kind, given))
        if kind in PREFIXES
        else None
    )


IDS = IdCodec(_ids, _number)
