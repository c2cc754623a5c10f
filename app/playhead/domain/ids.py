"""Numbers into ids that look like nobody's, and back:

permutations and 128-bit keys, computed and never stored.
"""

from hashlib import blake2b, sha256

_ROUNDS = 4
_OVERLAY_SHIFT = 33  # the highest bit of a number: see store/tables.py


def _scramble(value: int, round_: int, salt: str, bits: int) -> int:
    digest = blake2b(f"{salt}/{round_}/{value}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) & ((1 << bits) - 1)


def permute(number: int, *, bits: int, salt: str) -> int:
    """Where a number below 2**bits goes under the permutation of that salt; `bits` is even."""
    half = bits // 2
    left = number >> half
    right = number & ((1 << half) - 1)
    for round_ in range(_ROUNDS):
        left, right = right, left ^ _scramble(right, round_, salt, half)
    return left << half | right


def unpermute(value: int, *, bits: int, salt: str) -> int:
    """The number that `permute` takes to `value`."""
    half = bits // 2
    left = value >> half
    right = value & ((1 << half) - 1)
    for round_ in reversed(range(_ROUNDS)):
        left, right = right ^ _scramble(left, round_, salt, half), left
    return left << half | right


def encode_key(kind: str, number: int) -> int:
    """The 128-bit key of the thing of that kind and number."""
    return permute(_kind_checksum(kind) << 64 | number, bits=128, salt="key")


def decode_key(kind: str, key: int) -> int | None:
    """The number of the thing of that kind and key; None for a key that Playhead never made."""
    if key >> 128:
        return None
    check, number = divmod(unpermute(key, bits=128, salt="key"), 1 << 64)
    return number if check == _kind_checksum(kind) else None


def _kind_checksum(kind: str) -> int:
    return int.from_bytes(blake2b(kind.encode(), digest_size=8).digest())


def account_number(name: str) -> int:
    """The number of the account of that name, in 50 bits."""
    return int.from_bytes(sha256(f"account/{name}".encode()).digest()[:8]) >> 14


def compact(number: int) -> int:
    """A number with its overlay bit in the lowest place, so that few things have small numbers."""
    return (number & ((1 << _OVERLAY_SHIFT) - 1)) << 1 | number >> _OVERLAY_SHIFT


def expand(value: int) -> int:
    """The number that `compact` makes `value` of."""
    return value >> 1 | (value & 1) << _OVERLAY_SHIFT


def to_base(number: int, alphabet: str, *, length: int) -> str:
    """A number in the digits of an alphabet, at least `length` of them."""
    digits = ""
    while number or len(digits) < length:
        number, digit = divmod(number, len(alphabet))
        digits = alphabet[digit] + digits
    return digits


def from_base(text: str, alphabet: str) -> int | None:
    """The number that a text in the digits of an alphabet says; None for other characters."""
    number = 0
    for character in text:
        digit = alphabet.find(character)
        if digit < 0:
            return None
        number = number * len(alphabet) + digit
    return number


BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
