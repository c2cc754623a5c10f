"""Accounts and their clocks at a terminal."""

from typing import Annotated

import typer

from playhead.cli.remote.asking import (
    AccountName,
    Token,
    Url,
    drop_unset,
    get_account,
    open_client,
    print_json,
)

account_commands = typer.Typer(
    help="Create, list, show, reset, fork and delete accounts of a running server."
)
clock_commands = typer.Typer(help="Show, freeze, advance and release an account's clock.")

ALLOW_NEGATIVE = {"ignore_unknown_options": True}  # -P1D is a duration


@account_commands.command("create")
def create(
    name: Annotated[
        str | None,
        typer.Argument(
            help="Its name, which is its key; without one it is given one.", show_default=False
        ),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(help="demo, empty, documented, or the server's own.", show_default=False),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Which of the scenario's worlds.", show_default=False)
    ] = None,
    now: Annotated[
        str | None,
        typer.Option(help="An ISO 8601 instant at which its clock stands.", show_default=False),
    ] = None,
    lenient: Annotated[
        bool, typer.Option("--lenient", help="Dates that cannot be read mean an empty window.")
    ] = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """Create an account."""
    clock = {"mode": "frozen", "at": now} if now else None
    print_json(
        open_client(url, token)
        .create(name, **drop_unset(scenario=scenario, seed=seed, lenient=lenient, clock=clock))
        .info
    )


@account_commands.command("list")
def list_accounts(url: Url = None, token: Token = None) -> None:
    """List the names of all accounts."""
    print_json([account.name for account in open_client(url, token).accounts()])


@account_commands.command("show")
def show(name: AccountName, url: Url = None, token: Token = None) -> None:
    """Show an account."""
    print_json(get_account(name, url, token).info)


@account_commands.command("reset")
def reset(name: AccountName, url: Url = None, token: Token = None) -> None:
    """Make an account as it was created or forked."""
    account = get_account(name, url, token)
    account.reset()
    print_json(account.info)


@account_commands.command("fork")
def fork(
    name: AccountName,
    copy: Annotated[str | None, typer.Argument(help="The copy's name.", show_default=False)] = None,
    url: Url = None,
    token: Token = None,
) -> None:
    """Copy an account."""
    print_json(get_account(name, url, token).fork(copy).info)


@account_commands.command("delete")
def delete(name: AccountName, url: Url = None, token: Token = None) -> None:
    """Remove an account."""
    get_account(name, url, token).delete()


@clock_commands.command("show")
def show_clock(name: AccountName, url: Url = None, token: Token = None) -> None:
    """Show what an account's clock shows."""
    print_json(get_account(name, url, token).clock)


@clock_commands.command()
def freeze(
    name: AccountName,
    instant: Annotated[str, typer.Argument(help="ISO 8601.")],
    url: Url = None,
    token: Token = None,
) -> None:
    """Let an account's clock stand at an instant."""
    print_json(get_account(name, url, token).freeze(instant))


@clock_commands.command(context_settings=ALLOW_NEGATIVE)
def advance(
    name: AccountName,
    by: Annotated[str, typer.Argument(help="ISO 8601, such as P1DT12H or -PT30M.")],
    url: Url = None,
    token: Token = None,
) -> None:
    """Move an account's clock forward, or back."""
    print_json(get_account(name, url, token).advance(by))


@clock_commands.command()
def system(name: AccountName, url: Url = None, token: Token = None) -> None:
    """Let an account's clock be the server's again."""
    print_json(get_account(name, url, token).use_system_clock())
