"""What every verb needs: the server's URL and token, an account by name, what is read and what is told."""

import json
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playhead.failure import Refusal
from playhead.settings import Given, Remote, variable

if TYPE_CHECKING:
    from playhead.client import Account, Client


def option(settings: type[Given], name: str, *flags: str) -> Any:  # Any: typer's own option object
    """The option of a setting."""
    return typer.Option(*(flags or (f"--{name.replace('_', '-')}",)), help=f"{settings.model_fields[name].description} [{variable(name)}]", show_default=False)


Url = Annotated[str | None, option(Remote, "url")]
Token = Annotated[str | None, option(Remote, "control_token", "--token")]
Name = Annotated[str, typer.Argument(help="The account's name.", show_default=False)]
File = Annotated[Path, typer.Argument(help="A file; - reads what is piped in.", allow_dash=True)]
STDIN = Path("-")


def server(url: str | None, token: str | None) -> "Client":
    """The server that is asked."""
    from playhead.client import Client

    remote = Remote.load({"url": url, "control_token": token})
    return Client(remote.url, remote.control_token)


def named(name: str, url: str | None, token: str | None) -> "Account":
    """An account of it."""
    return server(url, token).account(name)


def tell(value: object) -> None:
    """Print a value as JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> object:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


def given(**values: object) -> dict[str, Any]:  # Any: keyword arguments of many types
    """What was given of these; a flag that was not, too, is left out."""
    return {name: value for name, value in values.items() if value is not None and value is not False and value != []}


def content(file: Path) -> bytes:
    """What a file holds; raises Refusal."""
    if file == STDIN:
        return typer.get_binary_stream("stdin").read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refusal(f"{file} cannot be read: {error.strerror}") from None


def objects(text: bytes, name: Path) -> list[dict[str, object]]:
    """The objects of a JSON object, a JSON array, or NDJSON; raises Refusal with the line that is none."""
    try:
        found = json.loads(text)
    except ValueError:
        found = [_read(line, f"{name}:{number}") for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    several = found if isinstance(found, list) else [found]
    if not all(isinstance(one, dict) for one in several):
        raise Refusal(f"{name}: viewings are JSON objects: one, an array of them, or one a line")
    return several


def _read(text: str | bytes, where: str) -> Any:  # Any: JSON
    try:
        return json.loads(text)
    except ValueError as error:
        raise Refusal(f"{where}: not JSON: {error}") from None


def parsed(text: str | None, flag: str) -> object:
    """The JSON of an option; raises Refusal."""
    return None if text is None else _read(text, flag)
