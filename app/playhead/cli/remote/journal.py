"""The requests of an account at a terminal."""

from typing import Annotated

import typer

from playhead.cli.remote.asking import AccountName, Token, Url, drop_unset, get_account, print_json

journal_commands = typer.Typer()


@journal_commands.command()
def requests(
    name: AccountName,
    vendor: Annotated[str | None, typer.Option(show_default=False)] = None,
    operation: Annotated[str | None, typer.Option(show_default=False)] = None,
    method: Annotated[str | None, typer.Option(show_default=False)] = None,
    path: Annotated[
        str | None, typer.Option(help="With * for anything.", show_default=False)
    ] = None,
    status: Annotated[
        str | None, typer.Option(help="Such as 404 or 4xx.", show_default=False)
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Show each as it comes, in a line, until Ctrl-C.")
    ] = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """Show the requests that an account got."""
    account, filters = (
        get_account(name, url, token),
        drop_unset(vendor=vendor, operation=operation, method=method, path=path, status=status),
    )
    if not follow:
        print_json(account.requests(**filters))
        return
    for request in account.follow(**filters):
        typer.echo(str(request))
