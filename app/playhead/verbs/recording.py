"""What was watched, at a terminal: media and viewings, into an account and out of it."""

from typing import Annotated

import typer

from playhead.failure import Refusal
from playhead.verbs.asking import STDIN, File, Name, Token, Url, content, given, named, objects, tell

recording = typer.Typer()


@recording.command()
def media(
    name: Name,
    title: Annotated[str, typer.Argument(help="Its title.")],
    kind: Annotated[str | None, typer.Option(help="video (usual), live or playlist.", show_default=False)] = None,
    duration: Annotated[float | None, typer.Option(help="Seconds.", show_default=False)] = None,
    url: Url = None,
    token: Token = None,
) -> None:
    """Make a media in an account; show its ids."""
    tell(named(name, url, token).media(title, **given(kind=kind, duration=duration)))


@recording.command()
def record(
    name: Name,
    file: File = STDIN,
    media: Annotated[str | None, typer.Option(help="Instead of a file: the media, by any vendor's id.", show_default=False)] = None,
    stretch: Annotated[list[str] | None, typer.Option(help="What was watched, in seconds, such as 0-30; repeatable.", show_default=False)] = None,
    loaded_at: Annotated[str | None, typer.Option(help="ISO 8601; without it the viewing has just ended.", show_default=False)] = None,
    country: Annotated[str | None, typer.Option(help="The viewer's.", show_default=False)] = None,
    ip: Annotated[str | None, typer.Option(help="The viewer's.", show_default=False)] = None,
    user_agent: Annotated[str | None, typer.Option(help="The viewer's.", show_default=False)] = None,
    page: Annotated[str | None, typer.Option(help="URL of the page.", show_default=False)] = None,
    url: Url = None,
    token: Token = None,
) -> None:
    """Record viewings: a JSON object, an array, or NDJSON; or one that the options say."""
    if media is None:
        viewings = objects(content(file), file)
    else:
        viewer = given(country=country, ip=ip, user_agent=user_agent)
        stretches = [_stretch(text) for text in stretch or []]
        viewings = [{"media": media, **given(stretches=stretches, loaded_at=loaded_at, page=page, viewer=viewer or None)}]
    tell(named(name, url, token).record_all(viewings))


def _stretch(text: str) -> list[int]:
    try:
        start, _, stop = text.partition("-")
        return [int(start), int(stop)]
    except ValueError:
        raise Refusal(f"--stretch {text}: not FROM-TO in whole seconds, such as 0-30") from None


@recording.command()
def unrecord(name: Name, viewing: Annotated[str, typer.Argument(help="Its id, or any vendor's.")], url: Url = None, token: Token = None) -> None:
    """Take a recorded viewing back."""
    named(name, url, token).unrecord(viewing)


@recording.command("export")
def export(name: Name, url: Url = None, token: Token = None) -> None:
    """Print all that is recorded in an account, as NDJSON."""
    typer.get_binary_stream("stdout").write(named(name, url, token).export())


@recording.command("import")
def import_(name: Name, file: File = STDIN, url: Url = None, token: Token = None) -> None:
    """Record what `export` printed."""
    tell({"imported": named(name, url, token).import_(content(file))})
