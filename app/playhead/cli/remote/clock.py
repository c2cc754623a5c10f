"""Clock commands: show, freeze and advance an account's clock, or return to the server's."""

from typing import Annotated

import typer

from playhead.cli.remote.options import (
    DURATION,
    INSTANT,
    AccountName,
    Token,
    Url,
    get_account,
    print_json,
)
from playhead.cli.typer_commands import Commands

clock_commands = Commands(
    help="Show, freeze and advance an account's clock, or return it to the server's clock."
)

ALLOW_NEGATIVE = {"ignore_unknown_options": True}  # -P1D is a duration


@clock_commands.command("show")
def show_clock(name: AccountName, url: Url = None, token: Token = None) -> None:
    """Show an account's clock."""
    print_json(get_account(name, url, token).clock)


@clock_commands.command()
def freeze(
    name: AccountName,
    instant: Annotated[
        str, typer.Argument(metavar=INSTANT, help="ISO 8601, such as 2024-06-05T12:00:00Z.")
    ],
    url: Url = None,
    token: Token = None,
) -> None:
    """Freeze an account's clock at an instant."""
    print_json(get_account(name, url, token).freeze(instant))


@clock_commands.command(context_settings=ALLOW_NEGATIVE)
def advance(
    name: AccountName,
    by: Annotated[
        str, typer.Argument(metavar=DURATION, help="ISO 8601, such as P1DT12H or -PT30M.")
    ],
    url: Url = None,
    token: Token = None,
) -> None:
    """Move an account's clock forward, or back."""
    print_json(get_account(name, url, token).advance(by))


@clock_commands.command()
def system(name: AccountName, url: Url = None, token: Token = None) -> None:
    """Return an account's clock to the server's clock."""
    print_json(get_account(name, url, token).use_system_clock())
