"""Gcore's ids and slugs, from numbers and back."""

import re
from collections.abc import Collection, Iterable, Sequence

from playhead.analytics import catalog
from playhead.analytics.aliases import AliasResolver, IdCodec
from playhead.analytics.snapshot import Snapshot
from playhead.domain.ids import (
    BASE62,
    compact,
    decode_key,
    expand,
    from_base,
    permute,
    to_base,
    unpermute,
)
from playhead.domain.ids import encode_key as key_of_number
from playhead.domain.media import MediaKind
from playhead.vendors.gcore.vocabulary import NAME

ID_BITS = 24


FIRST_ID = 100_000


SLUG_LENGTH = 22


CLIENT_ID_LIMIT = 10_000_000


MEDIA_KINDS = ("video", "live", "playlist")


_BROADCAST_SALT = "gcore/broadcast"


def id_of(number: int, assigned: Sequence[str] = ()) -> int:
    """The id of an entity: the number that it was given, or one made from its number."""
    fixed = next((text for text in assigned if text.isdigit()), None)
    return int(fixed) if fixed else FIRST_ID + permute(compact(number), bits=ID_BITS, salt=NAME)


def decode_id(text: str) -> int | None:
    """The number behind an id that was not given."""
    value = int(text) - FIRST_ID if re.fullmatch(r"\d{1,9}", text, re.ASCII) else -1
    return expand(unpermute(value, bits=ID_BITS, salt=NAME)) if 0 <= value < 1 << ID_BITS else None


def slug_of(number: int, assigned: Sequence[str] = ()) -> str:
    """A video's slug: letters and digits."""
    fixed = next((text for text in assigned if not text.isdigit()), None)
    return fixed or to_base(key_of_number("media", number), BASE62, length=SLUG_LENGTH)


def decode_slug(text: str) -> int | None:
    """The number behind a slug that was not given."""
    key = from_base(text, BASE62) if len(text) == SLUG_LENGTH else None
    return None if key is None else decode_key("media", key)


def number_of_id(naming: AliasResolver, kind: str, text: str) -> int | None:
    """The number of the entity of a kind with that id; a video has a slug as well."""
    decode = (
        (lambda given: decode_id(given) if given.isdigit() else decode_slug(given))
        if kind == "video"
        else decode_id
    )
    return naming.number(kind, text, decode)


def broadcast_id(number: int) -> int:
    """The id of the broadcast around a live stream:

    its page, one each, numbered otherwise than the stream — unknown 23.
    """
    return FIRST_ID + permute(compact(number), bits=ID_BITS, salt=_BROADCAST_SALT)


def numbers_of_id(snapshot: Snapshot, kinds: Iterable[MediaKind], text: str) -> list[int]:
    """The numbers of the entities of those kinds that have an id: 12345 may be several."""
    wanted = {
        (kind, number_of_id(AliasResolver(snapshot, NAME), kind.name, text)) for kind in kinds
    }
    found = catalog.media(snapshot, numbers={number for _, number in wanted if number is not None})
    return [media.number for media in found if (media.kind, media.number) in wanted]


def video_of_slug(snapshot: Snapshot, text: str) -> int | None:
    """The number of the video with that slug; its id is none."""
    return None if text.isdigit() else number_of_id(AliasResolver(snapshot, NAME), "video", text)


def _ids(snapshot: Snapshot, kind: str, numbers: Collection[int]) -> dict[int, list[str]]:
    if kind not in MEDIA_KINDS:
        return {}
    given = AliasResolver(snapshot, NAME).assigned(kind, numbers)
    slug = kind == "video"
    return {
        number: [
            str(id_of(number, given.get(number, ()))),
            *([slug_of(number, given.get(number, ()))] if slug else []),
        ]
        for number in numbers
    }


IDS = IdCodec(
    _ids,
    lambda reading, kind, text: (
        number_of_id(AliasResolver(reading, NAME), kind, text) if kind in MEDIA_KINDS else None
    ),
)


def client_id(name: str, number: int, assigned: Sequence[str] = ()) -> int:
    """The account's client id:

    fixed, or the number before `_` or `$` in its key, else made from its name — evidence/gcore.md
    §1.2.
    """
    if assigned:
        return int(assigned[0])
    stated = re.match(r"(\d{1,15})[_$]", name, re.ASCII)
    return int(stated[1]) if stated else number % CLIENT_ID_LIMIT
