"""What every route of the control API is given:

the emulator, the vendors, an account by the name in the path.
"""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Path, Request
from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

from playhead.domain.account import Account
from playhead.domain.clock import parse_instant, utc_datetime
from playhead.emulator import Emulator
from playhead.gateway.credentials import MAX_KEY_LENGTH
from playhead.gateway.vendor import Vendor


def _validate_name(text: str) -> str:
    text = text.replace("\0", "/")  # see `Entrance`
    if (
        not text.strip()
        or text != text.strip()
        or not text.isprintable()
        or len(text) > MAX_KEY_LENGTH
    ):
        raise ValueError(
            f"a name is 1 to {MAX_KEY_LENGTH} printable characters, without a blank at either end"
        )
    if text.startswith("invalid"):
        raise ValueError(
            "no key that begins with `invalid` opens anything, so no account is called so"
        )
    return text


def _parse_instant(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError("an ISO 8601 instant such as 2024-06-05T12:00:00Z is wanted")
    try:
        found = parse_instant(value)
        utc_datetime(found)
    except (ValueError, OverflowError):
        raise ValueError(
            f"{value!r} is not an ISO 8601 instant such as 2024-06-05T12:00:00Z"
        ) from None
    return found


def format_iso(instant: int) -> str:
    """An instant in ISO 8601, UTC."""
    return f"{utc_datetime(instant):%Y-%m-%dT%H:%M:%SZ}"


Name = Annotated[str, AfterValidator(_validate_name)]
Instant = Annotated[
    int,
    BeforeValidator(_parse_instant),
    PlainSerializer(format_iso, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
AccountName = Annotated[
    Name, Path(alias="name", description="The account's name, percent-encoded.")
]


def get_emulator(request: Request) -> Emulator:
    """The emulator behind the request."""
    found: Emulator = request.app.state.emulator
    return found


def get_vendors(request: Request) -> Sequence[Vendor]:
    """The vendors, in the order of the one list."""
    found: Sequence[Vendor] = request.app.state.vendors
    return found


EmulatorDep = Annotated[Emulator, Depends(get_emulator)]
VendorsDep = Annotated[Sequence[Vendor], Depends(get_vendors)]


def get_account(name: AccountName, emulator: EmulatorDep) -> Account:
    """The account of the name in the path; raises Missing."""
    return emulator.accounts.get(name)


PathAccount = Annotated[Account, Depends(get_account)]
