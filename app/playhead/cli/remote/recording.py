"""What was watched, at a terminal: media and viewings, into an account and out of it."""

from typing import Annotated

import typer

from playhead.cli.remote.asking import (
    STDIN,
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
from playhead.domain.errors import UserError

recording_commands = typer.Typer()


@recording_commands.command()
def media(
    name: AccountName,
    title: Annotated[str, typer.Argument(help="Its title.")],
    kind: Annotated[
        str | None, typer.Option(help="video (usual), live or playlist.", show_default=False)
    ] = None,
    duration: Annotated[float | None, typer.Option(help="Seconds.", show_default=False)] = None,
    url: Url = None,
    token: Token = None,
) -> None:
    """Make a media in an account; show its ids."""
    print_json(
        get_account(name, url, token).create_media(
            title, **drop_unset(kind=kind, duration=duration)
        )
    )


@recording_commands.command()
def record(
    name: AccountName,
    file: InputFile = STDIN,
    media: Annotated[
        str | None,
        typer.Option(help="Instead of a file: the media, by any vendor's id.", show_default=False),
    ] = None,
    played: Annotated[
        list[str] | None,
        typer.Option(
            help="What was watched, in seconds, such as 0-30; repeatable.", show_default=False
        ),
    ] = None,
    loaded_at: Annotated[
        str | None,
        typer.Option(help="ISO 8601; without it the viewing has just ended.", show_default=False),
    ] = None,
    country: Annotated[str | None, typer.Option(help="The viewer's.", show_default=False)] = None,
    ip: Annotated[str | None, typer.Option(help="The viewer's.", show_default=False)] = None,
    user_agent: Annotated[
        str | None, typer.Option(help="The viewer's.", show_default=False)
    ] = None,
    page: Annotated[str | None, typer.Option(help="URL of the page.", show_default=False)] = None,
    url: Url = None,
    token: Token = None,
) -> None:
    """Record viewings: a JSON object, an array, or NDJSON; or one that the options say."""
    if media is None:
        viewings = parse_objects(read_file(file), file)
    else:
        viewer = drop_unset(country=country, ip=ip, user_agent=user_agent)
        ranges = [_parse_range(text) for text in played or []]
        viewings = [
            {
                "media": media,
                **drop_unset(played=ranges, loaded_at=loaded_at, page=page, viewer=viewer or None),
            }
        ]
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
    viewing: Annotated[str, typer.Argument(help="Its id, or any vendor's.")],
    url: Url = None,
    token: Token = None,
) -> None:
    """Take a recorded viewing back."""
    get_account(name, url, token).delete_viewing(viewing)


@recording_commands.command("export")
def export(name: AccountName, url: Url = None, token: Token = None) -> None:
    """Print all that is recorded in an account, as NDJSON."""
    typer.get_binary_stream("stdout").write(get_account(name, url, token).export())


@recording_commands.command("import")
def import_(
    name: AccountName, file: InputFile = STDIN, url: Url = None, token: Token = None
) -> None:
    """Record what `export` printed."""
    print_json({"imported": get_account(name, url, token).import_(read_file(file))})
