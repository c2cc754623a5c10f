"""Faults and canned answers at a terminal."""

from typing import Annotated

import typer

from playhead.cli.remote.asking import (
    AccountName,
    Token,
    Url,
    drop_unset,
    get_account,
    parse_json,
    print_json,
)

fault_commands = typer.Typer()


@fault_commands.command()
def fail(
    name: AccountName,
    vendor: Annotated[
        str | None, typer.Option(help="Only this vendor's requests.", show_default=False)
    ] = None,
    operation: Annotated[
        str | None, typer.Option(help="Only this operation's.", show_default=False)
    ] = None,
    path: Annotated[
        str | None,
        typer.Option(
            help="Only those of such a path, in which * stands for anything.", show_default=False
        ),
    ] = None,
    nth: Annotated[
        list[int] | None, typer.Option(help="Only the nth one; repeatable.", show_default=False)
    ] = None,
    probability: Annotated[
        float | None, typer.Option(help="Only some, by chance.", show_default=False)
    ] = None,
    status: Annotated[
        int | None,
        typer.Option(help="Answer with this status, in the vendor's words.", show_default=False),
    ] = None,
    latency: Annotated[
        float | None, typer.Option(help="Wait so many milliseconds.", show_default=False)
    ] = None,
    disconnect: Annotated[
        str | None,
        typer.Option(
            help="Cut the connection: before the answer, or inside it.", show_default=False
        ),
    ] = None,
    malformed: Annotated[
        bool, typer.Option("--malformed", help="Answer with JSON that is none.")
    ] = False,
    retry: Annotated[
        bool | None, typer.Option(help="Whether clients are told to try again.", show_default=False)
    ] = None,
    times: Annotated[
        int | None, typer.Option(help="So often, then no more.", show_default=False)
    ] = None,
    ttl: Annotated[
        str | None, typer.Option(help="For so long, in ISO 8601.", show_default=False)
    ] = None,
    url: Url = None,
    token: Token = None,
) -> None:
    """Plan a fault for requests of an account."""
    which = drop_unset(
        vendor=vendor,
        operation=operation,
        path=path,
        nth=nth,
        probability=probability,
        times=times,
        ttl=ttl,
    )
    effect = drop_unset(
        status=status, latency=latency, disconnect=disconnect, malformed=malformed
    ) | ({} if retry is None else {"retry": retry})
    print_json(get_account(name, url, token).fail(**which, **effect))


@fault_commands.command()
def faults(
    name: AccountName,
    clear: Annotated[bool, typer.Option("--clear", help="Remove them all.")] = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """List the planned faults of an account."""
    account = get_account(name, url, token)
    if clear:
        account.clear_faults()
    print_json(account.faults())


@fault_commands.command()
def stub(
    name: AccountName,
    vendor: Annotated[str, typer.Argument(help="Whose path it is.")],
    path: Annotated[str, typer.Argument(help="The path; {x} stands for any segment.")],
    method: Annotated[
        str | None, typer.Option(help="GET where none is given.", show_default=False)
    ] = None,
    status: Annotated[
        int | None, typer.Option(help="200 where none is given.", show_default=False)
    ] = None,
    as_json: Annotated[
        str | None, typer.Option("--json", help="The answer's body, as JSON.", show_default=False)
    ] = None,
    body: Annotated[
        str | None, typer.Option(help="The answer's body, as text.", show_default=False)
    ] = None,
    url: Url = None,
    token: Token = None,
) -> None:
    """Set a canned answer for a path of a vendor."""
    said = {} if as_json is None else {"json": parse_json(as_json, "--json")}
    print_json(
        get_account(name, url, token).stub(
            vendor, path, **drop_unset(method=method, status=status, body=body), **said
        )
    )


@fault_commands.command()
def stubs(
    name: AccountName,
    clear: Annotated[bool, typer.Option("--clear", help="Remove them all.")] = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """List the canned answers of an account."""
    account = get_account(name, url, token)
    if clear:
        account.clear_stubs()
    print_json(account.stubs())
