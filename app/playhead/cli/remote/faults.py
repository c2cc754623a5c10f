"""Fault commands: plan, list and remove the faults of an account."""

from typing import Annotated

import typer

from playhead.cli.remote.options import (
    DURATION,
    INTEGER,
    NAME,
    NUMBER,
    TEXT,
    AccountName,
    Token,
    Url,
    drop_unset,
    get_account,
    print_json,
)
from playhead.cli.typer_commands import Commands

fault_commands = Commands()


@fault_commands.command()
def fail(
    name: AccountName,
    vendor: Annotated[
        str | None,
        typer.Option(metavar=NAME, help="Match this vendor's requests.", show_default=False),
    ] = None,
    operation: Annotated[
        str | None,
        typer.Option(metavar=NAME, help="Match this operation's requests.", show_default=False),
    ] = None,
    path: Annotated[
        str | None,
        typer.Option(
            metavar=TEXT,
            help="Match requests for this path; * stands for any text.",
            show_default=False,
        ),
    ] = None,
    nth: Annotated[
        list[int] | None,
        typer.Option(
            metavar=INTEGER, help="Match the nth request only; repeatable.", show_default=False
        ),
    ] = None,
    probability: Annotated[
        float | None,
        typer.Option(
            metavar=NUMBER,
            help="Match a request with this probability, 0 to 1.",
            show_default=False,
        ),
    ] = None,
    status: Annotated[
        int | None,
        typer.Option(
            metavar=INTEGER,
            help="Answer with this status, in the vendor's words.",
            show_default=False,
        ),
    ] = None,
    latency: Annotated[
        float | None,
        typer.Option(metavar=NUMBER, help="Wait this many milliseconds first.", show_default=False),
    ] = None,
    disconnect: Annotated[
        str | None,
        typer.Option(
            metavar=TEXT,
            help="Cut the connection: before the answer, or inside it.",
            show_default=False,
        ),
    ] = None,
    malformed: Annotated[
        bool, typer.Option("--malformed", help="Answer with invalid JSON.")
    ] = False,
    retry: Annotated[
        bool | None,
        typer.Option(help="Tell clients to try again, or not to.", show_default=False),
    ] = None,
    times: Annotated[
        int | None,
        typer.Option(metavar=INTEGER, help="End after this many requests.", show_default=False),
    ] = None,
    ttl: Annotated[
        str | None,
        typer.Option(
            metavar=DURATION, help="End after this ISO 8601 duration.", show_default=False
        ),
    ] = None,
    url: Url = None,
    token: Token = None,
) -> None:
    """Plan a fault for requests of an account."""
    match = drop_unset(
        vendor=vendor,
        operation=operation,
        path=path,
        nth=nth,
        probability=probability,
        times=times,
        ttl=ttl,
    )
    effect = drop_unset(status=status, latency=latency, disconnect=disconnect, malformed=malformed)
    if retry is not None:
        effect["retry"] = retry
    print_json(get_account(name, url, token).fail(**match, **effect))


@fault_commands.command()
def faults(
    name: AccountName,
    clear: Annotated[bool, typer.Option("--clear", help="Remove all of them.")] = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """List the planned faults of an account."""
    account = get_account(name, url, token)
    if clear:
        account.clear_faults()
    print_json(account.faults())
