"""Account commands: create, list, show, reset, fork and delete accounts."""

from typing import Annotated

import typer

from playhead.cli.remote.options import (
    INSTANT,
    INTEGER,
    NAME,
    AccountName,
    Token,
    Url,
    drop_unset,
    get_account,
    open_client,
    print_json,
)
from playhead.cli.typer_commands import Commands

account_commands = Commands(
    help="Create, list, show, reset, fork and delete accounts of a running server."
)


@account_commands.command("create")
def create(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar=NAME,
            help="Name and key of the account; without it the server makes one up.",
            show_default=False,
        ),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            metavar=NAME,
            help="Scenario: demo, empty, documented, or the server's own.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(metavar=INTEGER, help="Seed of the scenario's world.", show_default=False),
    ] = None,
    now: Annotated[
        str | None,
        typer.Option(
            metavar=INSTANT,
            help="ISO 8601 instant at which to freeze the account's clock.",
            show_default=False,
        ),
    ] = None,
    lenient: Annotated[
        bool, typer.Option("--lenient", help="Read an invalid date as an empty time range.")
    ] = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """Create an account."""
    clock = {"mode": "frozen", "at": now} if now else None
    options = drop_unset(scenario=scenario, seed=seed, lenient=lenient, clock=clock)
    print_json(open_client(url, token).create(name, **options).info)


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
    """Return an account to the state in which it was created or forked."""
    account = get_account(name, url, token)
    account.reset()
    print_json(account.info)


@account_commands.command("fork")
def fork(
    name: AccountName,
    copy: Annotated[
        str | None,
        typer.Argument(metavar="COPY", help="Name of the copy.", show_default=False),
    ] = None,
    url: Url = None,
    token: Token = None,
) -> None:
    """Copy an account."""
    print_json(get_account(name, url, token).fork(copy).info)


@account_commands.command("delete")
def delete(name: AccountName, url: Url = None, token: Token = None) -> None:
    """Delete an account."""
    get_account(name, url, token).delete()
