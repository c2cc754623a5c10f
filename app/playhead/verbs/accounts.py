"""Accounts and their clocks at a terminal."""

from typing import Annotated

import typer

from playhead.verbs.asking import Name, Token, Url, given, named, server, tell

accounts = typer.Typer(help="Create, list, show, reset, fork and delete accounts of a running server.")
clocks = typer.Typer(help="Show, freeze, advance and release an account's clock.")

NEGATIVE = {"ignore_unknown_options": True}  # -P1D is a duration


@accounts.command("create")
def create(
    name: Annotated[str | None, typer.Argument(help="Its name, which is its key; without one it is given one.", show_default=False)] = None,
    scenario: Annotated[str | None, typer.Option(help="demo, empty, documented, or the server's own.", show_default=False)] = None,
    seed: Annotated[int | None, typer.Option(help="Which of the scenario's worlds.", show_default=False)] = None,
    now: Annotated[str | None, typer.Option(help="An ISO 8601 instant at which its clock stands.", show_default=False)] = None,
    lenient: Annotated[bool, typer.Option("--lenient", help="Dates that cannot be read mean an empty window.")] = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """Create an account."""
    clock = {"mode": "frozen", "at": now} if now else None
    tell(server(url, token).create(name, **given(scenario=scenario, seed=seed, lenient=lenient, clock=clock)).shown)


@accounts.command("list")
def names(url: Url = None, token: Token = None) -> None:
    """List the names of all accounts."""
    tell([account.name for account in server(url, token).accounts()])


@accounts.command("show")
def show(name: Name, url: Url = None, token: Token = None) -> None:
    """Show an account."""
    tell(named(name, url, token).shown)


@accounts.command("reset")
def reset(name: Name, url: Url = None, token: Token = None) -> None:
    """Make an account as it was created or forked."""
    account = named(name, url, token)
    account.reset()
    tell(account.shown)


@accounts.command("fork")
def fork(
    name: Name, copy: Annotated[str | None, typer.Argument(help="The copy's name.", show_default=False)] = None, url: Url = None, token: Token = None
) -> None:
    """Copy an account."""
    tell(named(name, url, token).fork(copy).shown)


@accounts.command("delete")
def delete(name: Name, url: Url = None, token: Token = None) -> None:
    """Remove an account."""
    named(name, url, token).delete()


@clocks.command("show")
def clock(name: Name, url: Url = None, token: Token = None) -> None:
    """Show what an account's clock shows."""
    tell(named(name, url, token).clock)


@clocks.command()
def freeze(name: Name, instant: Annotated[str, typer.Argument(help="ISO 8601.")], url: Url = None, token: Token = None) -> None:
    """Let an account's clock stand at an instant."""
    tell(named(name, url, token).freeze(instant))


@clocks.command(context_settings=NEGATIVE)
def advance(name: Name, by: Annotated[str, typer.Argument(help="ISO 8601, such as P1DT12H or -PT30M.")], url: Url = None, token: Token = None) -> None:
    """Move an account's clock forward, or back."""
    tell(named(name, url, token).advance(by))


@clocks.command()
def release(name: Name, url: Url = None, token: Token = None) -> None:
    """Let an account's clock be the server's again."""
    tell(named(name, url, token).thaw())
