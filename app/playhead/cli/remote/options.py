"""Options, input and output that the remote commands share."""

import json
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from playhead.domain.errors import UserError
from playhead.settings import EnvironmentSettings, RemoteSettings, environment_variable

if TYPE_CHECKING:
    from playhead.client import Account, Client

TEXT = "TEXT"
NUMBER = "NUMBER"
INTEGER = "INTEGER"
INSTANT = "INSTANT"  # ISO 8601, such as 2024-06-05T12:00:00Z
DURATION = "DURATION"  # ISO 8601, such as P1DT12H
FILE = "FILE"
URL = "URL"
NAME = "NAME"

# The metavar of a setting's option, by field type; some texts have a form of their own, by name.
METAVAR_BY_TYPE: dict[type, str | None] = {bool: None, int: INTEGER, str: TEXT, Path: FILE}
METAVAR_BY_SETTING = {"now": INSTANT, "store": URL, "url": URL, "scenario": NAME}


def option(
    settings: type[EnvironmentSettings], name: str, *flags: str
) -> Any:  # Any: typer's own option object
    """Option of a setting: its flag, description and environment variable."""
    return typer.Option(
        *(flags or (f"--{name.replace('_', '-')}",)),
        metavar=setting_metavar(settings, name),
        help=f"{settings.model_fields[name].description} [{environment_variable(name)}]",
        show_default=False,
    )


def setting_metavar(settings: type[EnvironmentSettings], name: str) -> str | None:
    """Metavar of a setting's option; None for a flag, which takes no value."""
    if name in METAVAR_BY_SETTING:
        return METAVAR_BY_SETTING[name]
    annotation = settings.model_fields[name].annotation
    types = [annotation, *get_args(annotation)]
    known = [METAVAR_BY_TYPE[each] for each in types if each in METAVAR_BY_TYPE]
    return known[0] if known else TEXT


Url = Annotated[str | None, option(RemoteSettings, "url")]
Token = Annotated[str | None, option(RemoteSettings, "control_token", "--token")]
AccountName = Annotated[
    str, typer.Argument(metavar=NAME, help="Name of the account.", show_default=False)
]
InputFile = Annotated[
    Path,
    typer.Argument(metavar=FILE, help="File to read; - for standard input.", allow_dash=True),
]
STDIN = Path("-")


def open_client(url: str | None, token: str | None) -> "Client":
    """Client of the server that the options, or else the environment, name."""
    from playhead.client import Client

    remote = RemoteSettings.load({"url": url, "control_token": token})
    return Client(remote.url, remote.control_token)


def get_account(name: str, url: str | None, token: str | None) -> "Account":
    """Account of that name on the server."""
    return open_client(url, token).account(name)


def print_json(value: object) -> None:
    """Print a value as JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_to_json))


def _to_json(value: object) -> object:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


def drop_unset(**values: object) -> dict[str, Any]:  # Any: keyword arguments of many types
    """Values of the options that were set; unset flags and empty lists are left out, too."""
    return {
        name: value
        for name, value in values.items()
        if value is not None and value is not False and value != []
    }


def read_file(file: Path) -> bytes:
    """Bytes of a file, or of standard input; raises UserError."""
    if file == STDIN:
        return typer.get_binary_stream("stdin").read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}") from None


def parse_objects(text: bytes, name: Path) -> list[dict[str, object]]:
    """Objects of a JSON object, a JSON array, or NDJSON; raises UserError with the bad line."""
    try:
        document = json.loads(text)
    except ValueError:
        document = [
            _load_json(line, f"{name}:{number}")
            for number, line in enumerate(text.splitlines(), 1)
            if line.strip()
        ]
    objects = document if isinstance(document, list) else [document]
    if not all(isinstance(item, dict) for item in objects):
        raise UserError(
            f"{name}: viewings are JSON objects: pass one, an array of them, or one a line"
        )
    return objects


def _load_json(text: str | bytes, where: str) -> Any:  # Any: JSON
    try:
        return json.loads(text)
    except ValueError as error:
        raise UserError(f"{where}: not JSON: {error}") from None


def parse_json(text: str | None, flag: str) -> object:
    """JSON of an option; raises UserError."""
    return None if text is None else _load_json(text, flag)
