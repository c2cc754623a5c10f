"""Recording commands: create media, record and delete viewings, export and import."""

from typing import Annotated

import typer

from playhead.cli.remote.options import (
    INSTANT,
    NUMBER,
    STDIN,
    TEXT,
    URL,
    AccountName,
    InputFile,
    Token,
    Url,
    drop_unset,
    get_account,
    parse_objects,
    print_json,
    read_file,
)
from playhead.cli.typer_commands import Commands
from playhead.domain.errors import UserError

recording_commands = Commands()


@recording_commands.command()
def media(
    name: AccountName,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="Title of the media.")],
    kind: Annotated[
        str | None,
        typer.Option(
            metavar=TEXT, help="Kind: video (usual), live or playlist.", show_default=False
        ),
    ] = None,
    duration: Annotated[
        float | None,
        typer.Option(metavar=NUMBER, help="Duration in seconds.", show_default=False),
    ] = None,
    url: Url = None,
    token: Token = None,
) -> None:
    """Create a media in an account; print its ids."""
    options = drop_unset(kind=kind, duration=duration)
    print_json(get_account(name, url, token).create_media(title, **options))


@recording_commands.command()
def record(
    name: AccountName,
    file: InputFile = STDIN,
    media: Annotated[
        str | None,
        typer.Option(
            metavar=TEXT,
            help="Media, by any vendor's id; record one viewing instead of a file.",
            show_default=False,
        ),
    ] = None,
    played: Annotated[
        list[str] | None,
        typer.Option(
            metavar=TEXT,
            help="Played range in seconds, such as 0-30; repeatable.",
            show_default=False,
        ),
    ] = None,
    loaded_at: Annotated[
        str | None,
        typer.Option(
            metavar=INSTANT,
            help="ISO 8601; without it the viewing has just ended.",
            show_default=False,
        ),
    ] = None,
    country: Annotated[
        str | None,
        typer.Option(metavar=TEXT, help="Country of the viewer.", show_default=False),
    ] = None,
    ip: Annotated[
        str | None,
        typer.Option(metavar=TEXT, help="IP address of the viewer.", show_default=False),
    ] = None,
    user_agent: Annotated[
        str | None,
        typer.Option(metavar=TEXT, help="User agent of the viewer.", show_default=False),
    ] = None,
    page: Annotated[
        str | None, typer.Option(metavar=URL, help="URL of the page.", show_default=False)
    ] = None,
    url: Url = None,
    token: Token = None,
) -> None:
    """Record viewings from JSON (an object, an array, or NDJSON), or one from the options."""
    if media is None:
        viewings = parse_objects(read_file(file), file)
    else:
        viewer = drop_unset(country=country, ip=ip, user_agent=user_agent)
        ranges = [_parse_range(text) for text in played or []]
        details = drop_unset(played=ranges, loaded_at=loaded_at, page=page, viewer=viewer or None)
        viewings = [{"media": media, **details}]
    print_json(get_account(name, url, token).record_all(viewings))


def _parse_range(text: str) -> list[int]:
    try:
        start, _, stop = text.partition("-")
        return [int(start), int(stop)]
    except ValueError:
        raise UserError(f"--played {text}: not FROM-TO in whole seconds, such as 0-30") from None


@recording_commands.command()
def delete_viewing(
    name: AccountName,
    viewing: Annotated[
        str, typer.Argument(metavar="VIEWING", help="Id of the viewing, ours or any vendor's.")
    ],
    url: Url = None,
    token: Token = None,
) -> None:
    """Delete a recorded viewing."""
    get_account(name, url, token).delete_viewing(viewing)


@recording_commands.command("export")
def export(name: AccountName, url: Url = None, token: Token = None) -> None:
    """Print everything recorded in an account, as NDJSON."""
    typer.get_binary_stream("stdout").write(get_account(name, url, token).export())


@recording_commands.command("import")
def import_(
    name: AccountName, file: InputFile = STDIN, url: Url = None, token: Token = None
) -> None:
    """Record the output of `export`."""
    print_json({"imported": get_account(name, url, token).import_(read_file(file))})
