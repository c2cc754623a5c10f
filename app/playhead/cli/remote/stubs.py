"""Stub commands: set, list and remove the stubs of an account."""

from typing import Annotated

import typer

from playhead.cli.remote.options import (
    INTEGER,
    NAME,
    TEXT,
    AccountName,
    Token,
    Url,
    drop_unset,
    get_account,
    parse_json,
    print_json,
)
from playhead.cli.typer_commands import Commands

stub_commands = Commands()


@stub_commands.command()
def stub(
    name: AccountName,
    vendor: Annotated[str, typer.Argument(metavar="VENDOR", help="Vendor that has the path.")],
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="Path to answer; {x} stands for any segment.")
    ],
    method: Annotated[
        str | None, typer.Option(metavar=NAME, help="Method; usually GET.", show_default=False)
    ] = None,
    status: Annotated[
        int | None, typer.Option(metavar=INTEGER, help="Status; usually 200.", show_default=False)
    ] = None,
    as_json: Annotated[
        str | None,
        typer.Option("--json", metavar=TEXT, help="Body, as JSON.", show_default=False),
    ] = None,
    body: Annotated[
        str | None, typer.Option(metavar=TEXT, help="Body, as text.", show_default=False)
    ] = None,
    url: Url = None,
    token: Token = None,
) -> None:
    """Set a stub: a canned answer for a path of a vendor."""
    response = drop_unset(method=method, status=status, body=body)
    if as_json is not None:
        response["json"] = parse_json(as_json, "--json")
    print_json(get_account(name, url, token).stub(vendor, path, **response))


@stub_commands.command()
def stubs(
    name: AccountName,
    clear: Annotated[bool, typer.Option("--clear", help="Remove all of them.")] = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """List the stubs of an account."""
    account = get_account(name, url, token)
    if clear:
        account.clear_stubs()
    print_json(account.stubs())
