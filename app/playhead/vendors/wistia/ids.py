"""Wistia's hashed ids, numeric ids and keys, from numbers and back."""

import re
from collections.abc import Collection, Sequence
from functools import partial
from hashlib import blake2b
from uuid import UUID

from playhead.analytics.aliases import AliasResolver, IdCodec
from playhead.analytics.snapshot import Snapshot
from playhead.domain.ids import (
    BASE36,
    compact,
    decode_key,
    encode_key,
    expand,
    from_base,
    permute,
    to_base,
    unpermute,
)
from playhead.vendors.wistia.vocabulary import NAME

HASHED_BITS = 50


HASHED_LENGTH = 10


# nine digits, so that no id is as long as a hashed one
ID_BITS = 26


FIRST_ID = 100_000_000


KEY_PATTERN = re.compile(
    r"[0-9a-f]{7}_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-[0-9a-f]{9}"
    r"-[0-9a-f]{12}-[0-9a-f]{4}"
)


def hashed_id(kind: str, number: int, assigned: Sequence[str] = ()) -> str:
    """Ten characters of base 36: what was given, or what the number makes."""
    fixed = next((text for text in assigned if not _is_numeric(text)), None)
    return fixed or to_base(
        permute(number, bits=HASHED_BITS, salt=f"{NAME}/{kind}"), BASE36, length=HASHED_LENGTH
    )


def numeric_id(kind: str, number: int, assigned: Sequence[str] = ()) -> int:
    """The integer that names the same thing."""
    fixed = next((text for text in assigned if _is_numeric(text)), None)
    return (
        int(fixed)
        if fixed
        else FIRST_ID + permute(compact(number), bits=ID_BITS, salt=f"{NAME}/{kind}/id")
    )


def number_of_id(naming: AliasResolver, kind: str, text: str) -> int | None:
    """The number of the media or project with that hashed or numeric id — §3.3, §3.5."""
    return naming.number(kind, text, partial(_decode_id, kind))


def _is_numeric(text: str) -> bool:
    return re.fullmatch(r"[0-9]+", text) is not None and len(text) != HASHED_LENGTH


def _decode_id(kind: str, text: str) -> int | None:
    if _is_numeric(text):
        value = int(text) - FIRST_ID if len(text) == len(str(FIRST_ID)) else -1
        return (
            expand(unpermute(value, bits=ID_BITS, salt=f"{NAME}/{kind}/id"))
            if 0 <= value < 1 << ID_BITS
            else None
        )
    packed = from_base(text, BASE36) if len(text) == HASHED_LENGTH else None
    return (
        None
        if packed is None or packed >> HASHED_BITS
        else unpermute(packed, bits=HASHED_BITS, salt=f"{NAME}/{kind}")
    )


def record_key(kind: str, number: int, assigned: Sequence[str] = ()) -> str:
    """What was given, or 72 characters that the number makes — quirk 8, §5."""
    if assigned:
        return assigned[0]
    uuid = str(UUID(int=encode_key(kind, number)))
    rest = blake2b(uuid.encode(), digest_size=16).hexdigest()
    return f"{rest[:7]}_{uuid}-{rest[7:16]}-{rest[16:28]}-{rest[28:]}"


def number_of_record_key(naming: AliasResolver, kind: str, text: str) -> int | None:
    """The number of the visitor or event with that key."""
    return naming.number(kind, text, partial(_decode_record_key, kind))


def _decode_record_key(kind: str, text: str) -> int | None:
    match = KEY_PATTERN.fullmatch(text)
    number = decode_key(kind, UUID(match[1]).int) if match else None
    return number if number is not None and record_key(kind, number) == text else None


HASHED_KINDS = ("video", "project")


KEYED_KINDS = ("viewer", "viewing")


def _ids(snapshot: Snapshot, kind: str, numbers: Collection[int]) -> dict[int, list[str]]:
    given = AliasResolver(snapshot, NAME).assigned(kind, numbers)
    if kind in KEYED_KINDS:
        return {number: [record_key(kind, number, given.get(number, ()))] for number in numbers}
    if kind in HASHED_KINDS:
        return {
            number: [
                hashed_id(kind, number, given.get(number, ())),
                str(numeric_id(kind, number, given.get(number, ()))),
            ]
            for number in numbers
        }
    return {}


def _number_of_any_id(snapshot: Snapshot, kind: str, text: str) -> int | None:
    finders = {
        **dict.fromkeys(HASHED_KINDS, number_of_id),
        **dict.fromkeys(KEYED_KINDS, number_of_record_key),
    }
    return finders[kind](AliasResolver(snapshot, NAME), kind, text) if kind in finders else None


IDS = IdCodec(_ids, _number_of_any_id)


def public_token(number: int, assigned: Sequence[str] = ()) -> str:
    """Ten characters of base 36 that show an account's heat maps, and nothing else."""
    return assigned[0] if assigned else to_base(number, BASE36, length=HASHED_LENGTH)


def decode_public_token(token: str) -> int | None:
    """The number of the account behind a public token that was not given."""
    number = from_base(token, BASE36) if len(token) == HASHED_LENGTH else None
    return None if number is None or number >> HASHED_BITS else number
