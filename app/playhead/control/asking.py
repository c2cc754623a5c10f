"""What every route of the control API is given: the emulator, the vendors, an account by the name in the path."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Path, Request
from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

from playhead.accounts.account import Account
from playhead.clock import instant_of, utc
from playhead.emulator import Emulator
from playhead.vendor import LONGEST_KEY, Vendor


def _named(text: str) -> str:
    text = text.replace("\0", "/")  # see `Entrance`
    if not text.strip() or text != text.strip() or not text.isprintable() or len(text) > LONGEST_KEY:
        raise ValueError(f"a name is 1 to {LONGEST_KEY} printable characters, without a blank at either end")
    if text.startswith("invalid"):
        raise ValueError("no key that begins with `invalid` opens anything, so no account is called so")
    return text


def _instant(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError("an ISO 8601 instant such as 2024-06-05T12:00:00Z is wanted")
    try:
        found = instant_of(value)
        utc(found)
    except (ValueError, OverflowError):
        raise ValueError(f"{value!r} is not an ISO 8601 instant such as 2024-06-05T12:00:00Z") from None
    return found


def iso(instant: int) -> str:
    """An instant in ISO 8601, UTC."""
    return f"{utc(instant):%Y-%m-%dT%H:%M:%SZ}"


Name = Annotated[str, AfterValidator(_named)]
Instant = Annotated[int, BeforeValidator(_instant), PlainSerializer(iso, return_type=str), WithJsonSchema({"type": "string", "format": "date-time"})]
Named = Annotated[Name, Path(alias="name", description="The account's name, percent-encoded.")]


def emulator(request: Request) -> Emulator:
    """The emulator behind the request."""
    found: Emulator = request.app.state.emulator
    return found


def vendors(request: Request) -> Sequence[Vendor]:
    """The vendors, in the order of the one list."""
    found: Sequence[Vendor] = request.app.state.vendors
    return found


Emulating = Annotated[Emulator, Depends(emulator)]
Vendors = Annotated[Sequence[Vendor], Depends(vendors)]


def account(name: Named, emulator: Emulating) -> Account:
    """The account of the name in the path; raises Missing."""
    return emulator.accounts.one(name)


Asked = Annotated[Account, Depends(account)]
