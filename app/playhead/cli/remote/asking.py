"""What every verb needs: the server's URL and token, an account by name, what is read and what is told."""

import json
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playhead.domain.errors import UserError
from playhead.settings import EnvironmentSettings, RemoteSettings, environment_variable

if TYPE_CHECKING:
    from playhead.client import Account, Client


def option(
    settings: type[EnvironmentSettings], name: str, *flags: str
) -> Any:  # Any: typer's own option object
    """The option of a setting."""
    return typer.Option(
        *(flags or (f"--{name.replace('_', '-')}",)),
        help=f"{settings.model_fields[name].description} [{environment_variable(name)}]",
        show_default=False,
    )


Url = Annotated[str | None, option(RemoteSettings, "url")]
Token = Annotated[str | None, option(RemoteSettings, "control_token", "--token")]
AccountName = Annotated[str, typer.Argument(help="The account's name.", show_default=False)]
InputFile = Annotated[
    Path, typer.Argument(help="A file; - reads what is piped in.", allow_dash=True)
]
STDIN = Path("-")


def open_client(url: str | None, token: str | None) -> "Client":
    """The server that is asked."""
    from playhead.client import Client

    remote = RemoteSettings.load({"url": url, "control_token": token})
    return Client(remote.url, remote.control_token)


def get_account(name: str, url: str | None, token: str | None) -> "Account":
    """An account of it."""
    return open_client(url, token).account(name)


def print_json(value: object) -> None:
    """Print a value as JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_to_json))


def _to_json(value: object) -> object:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


def drop_unset(**values: object) -> dict[str, Any]:  # Any: keyword arguments of many types
    """What was given of these; a flag that was not, too, is left out."""
    return {
        name: value
        for name, value in values.items()
        if value is not None and value is not False and value != []
    }


def read_file(file: Path) -> bytes:
    """What a file holds; raises Refusal."""
    if file == STDIN:
        return typer.get_binary_stream("stdin").read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}") from None


def parse_objects(text: bytes, name: Path) -> list[dict[str, object]]:
    """The objects of a JSON object, a JSON array, or NDJSON; raises Refusal with the line that is none."""
    try:
        found = json.loads(text)
    except ValueError:
        found = [
            _load_json(line, f"{name}:{number}")
            for number, line in enumerate(text.splitlines(), 1)
            if line.strip()
        ]
    several = found if isinstance(found, list) else [found]
    if not all(isinstance(one, dict) for one in several):
        raise UserError(f"{name}: viewings are JSON objects: one, an array of them, or one a line")
    return several


def _load_json(text: str | bytes, where: str) -> Any:  # Any: JSON
    try:
        return json.loads(text)
    except ValueError as error:
        raise UserError(f"{where}: not JSON: {error}") from None


def parse_json(text: str | None, flag: str) -> object:
    """The JSON of an option; raises Refusal."""
    return None if text is None else _load_json(text, flag)
