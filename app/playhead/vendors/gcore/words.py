"""Gcore's ids and vocabulary, both ways. Pure."""

import re
from collections.abc import Collection, Sequence

from playhead.ids import BASE62, compact, expand, from_base, number_of_key, permute, to_base, unpermute
from playhead.ids import key_of as key_of_number
from playhead.stats.naming import Ids, Naming
from playhead.stats.reading import Reading

NAME = "gcore"
ID_BITS = 24
FIRST_ID = 100_000
SLUG_LENGTH = 22
CLIENTS = 10_000_000
MEDIA = ("video", "live", "playlist")


def id_of(number: int, given: Sequence[str] = ()) -> int:
    """The id of an entity: the number that it was given, or one made from its number."""
    fixed = next((text for text in given if text.isdigit()), None)
    return int(fixed) if fixed else FIRST_ID + permute(compact(number), bits=ID_BITS, salt=NAME)


def number_of(text: str) -> int | None:
    """The number behind an id that was not given."""
    value = int(text) - FIRST_ID if re.fullmatch(r"\d{1,9}", text, re.ASCII) else -1
    return expand(unpermute(value, bits=ID_BITS, salt=NAME)) if 0 <= value < 1 << ID_BITS else None


def slug_of(number: int, given: Sequence[str] = ()) -> str:
    """A video's slug: letters and digits."""
    fixed = next((text for text in given if not text.isdigit()), None)
    return fixed or to_base(key_of_number("media", number), BASE62, length=SLUG_LENGTH)


def number_of_slug(text: str) -> int | None:
    """The number behind a slug that was not given."""
    key = from_base(text, BASE62) if len(text) == SLUG_LENGTH else None
    return None if key is None else number_of_key("media", key)


def entity(naming: Naming, kind: str, text: str) -> int | None:
    """The number of the entity of a kind with that id; a video has a slug as well."""
    decode = (lambda given: number_of(given) if given.isdigit() else number_of_slug(given)) if kind == "video" else number_of
    return naming.number(kind, text, decode)


def _ids(reading: Reading, kind: str, numbers: Collection[int]) -> dict[int, list[str]]:
    if kind not in MEDIA:
        return {}
    given = Naming(reading, NAME).given(kind, numbers)
    slug = kind == "video"
    return {number: [str(id_of(number, given.get(number, ()))), *([slug_of(number, given.get(number, ()))] if slug else [])] for number in numbers}


IDS = Ids(_ids, lambda reading, kind, text: entity(Naming(reading, NAME), kind, text) if kind in MEDIA else None)


def client_id(name: str, number: int, given: Sequence[str] = ()) -> int:
    """The account's client id: fixed, or the number before `_` or `$` in its key, else made from its name — contracts/gcore.md §1.2."""
    if given:
        return int(given[0])
    stated = re.match(r"(\d{1,15})[_$]", name, re.ASCII)
    return int(stated[1]) if stated else number % CLIENTS
