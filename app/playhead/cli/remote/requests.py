"""Request commands: show and follow the requests that an account received."""

from typing import Annotated

import typer

from playhead.cli.remote.options import (
    NAME,
    TEXT,
    AccountName,
    Token,
    Url,
    drop_unset,
    get_account,
    print_json,
)
from playhead.cli.typer_commands import Commands

request_commands = Commands()


@request_commands.command()
def requests(
    name: AccountName,
    vendor: Annotated[str | None, typer.Option(metavar=NAME, show_default=False)] = None,
    operation: Annotated[str | None, typer.Option(metavar=NAME, show_default=False)] = None,
    method: Annotated[str | None, typer.Option(metavar=NAME, show_default=False)] = None,
    path: Annotated[
        str | None,
        typer.Option(metavar=TEXT, help="Path; * stands for any text.", show_default=False),
    ] = None,
    status: Annotated[
        str | None,
        typer.Option(metavar=TEXT, help="Status, such as 404 or 4xx.", show_default=False),
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Print each new request as a line, until Ctrl-C.")
    ] = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """Show the requests that an account received."""
    account = get_account(name, url, token)
    filters = drop_unset(
        vendor=vendor, operation=operation, method=method, path=path, status=status
    )
    if not follow:
        print_json(account.requests(**filters))
        return
    for request in account.follow(**filters):
        typer.echo(str(request))
