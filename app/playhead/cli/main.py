"""Command line: parses options and calls `commands` or the client."""

import gc
import json
import signal
import sys
from importlib import import_module
from types import ModuleType
from typing import Annotated

import typer

from playhead import __version__
from playhead.cli.remote import remote_commands
from playhead.cli.remote.options import NAME, TEXT, option
from playhead.cli.typer_commands import Commands
from playhead.domain.errors import UserError
from playhead.settings import Settings

ABOUT = (
    "Playhead: three vendors' video-statistics APIs on your own machine, over one synthetic world."
)

# Plain tracebacks: a user's mistake is never one, and a bug of ours is easiest to read plainly.
app = Commands(
    help=ABOUT, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)
scenarios = Commands(help="Check scenario files, and print their JSON schema.")
app.add_typer(scenarios, name="scenario")
app.add_typer(remote_commands)

Host = Annotated[str | None, option(Settings, "host")]
Port = Annotated[str | None, option(Settings, "port")]
StoreUrl = Annotated[str | None, option(Settings, "store")]
ScenarioName = Annotated[str | None, option(Settings, "scenario")]
Seed = Annotated[str | None, option(Settings, "seed")]
Now = Annotated[str | None, option(Settings, "now")]
Viewings = Annotated[str | None, option(Settings, "viewings")]
Log = Annotated[str | None, option(Settings, "log")]
Workers = Annotated[str | None, option(Settings, "workers")]
Auth = Annotated[str | None, option(Settings, "auth")]
AccountTtl = Annotated[str | None, option(Settings, "account_ttl")]
ControlHosts = Annotated[str | None, option(Settings, "control_hosts")]
ControlToken = Annotated[str | None, option(Settings, "control_token")]
Metrics = Annotated[bool | None, option(Settings, "metrics")]


def main() -> None:
    """Run the command line; a user's mistake is one line on stderr and exit code 2."""
    # SIGTERM ends it like Ctrl-C, so that temporary files are removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = app(standalone_mode=False)
    except typer.TyperException as error:
        code = _print_error(f"{error.format_message()} (see playhead --help)")
    except UserError as error:
        code = _print_error(str(error))
    sys.exit(code)


def _print_error(reason: str) -> int:
    typer.echo(f"playhead: {' '.join(reason.split())}", err=True)
    return 2


def _load_commands() -> ModuleType:
    """Import the commands at need, without garbage collection: imports make objects, no garbage."""
    gc.disable()
    commands = import_module("playhead.cli.commands")
    gc.freeze()
    gc.enable()
    return commands


def _print_version(is_requested: bool) -> None:
    if is_requested:
        typer.echo(f"playhead {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True, help=ABOUT)
def _root_command(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def serve(
    host: Host = None,
    port: Port = None,
    store: StoreUrl = None,
    scenario: ScenarioName = None,
    seed: Seed = None,
    now: Now = None,
    viewings: Viewings = None,
    log: Log = None,
    workers: Workers = None,
    auth: Auth = None,
    account_ttl: AccountTtl = None,
    control_hosts: ControlHosts = None,
    control_token: ControlToken = None,
    metrics: Metrics = None,
) -> None:
    """Start the server."""
    options = dict(locals())
    settings = Settings.load(options)
    _load_commands().serve(settings, echo=typer.echo)


@app.command()
def seed(
    store: StoreUrl = None,
    scenario: ScenarioName = None,
    seed: Seed = None,
    now: Now = None,
    viewings: Viewings = None,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify", help="Compute the digest again from the rows that the store holds."
        ),
    ] = False,
) -> None:
    """Fill a store (without --store: the cache) with a world; print rows, seconds and digest."""
    settings = Settings.load(
        {"store": store, "scenario": scenario, "seed": seed, "now": now, "viewings": viewings}
    )
    _load_commands().seed(settings, verify=verify, echo=typer.echo)


@app.command()
def catalog(
    store: StoreUrl = None,
    scenario: ScenarioName = None,
    seed: Seed = None,
    now: Now = None,
    viewings: Viewings = None,
    key: Annotated[str, typer.Option(metavar=TEXT, help="Key of the account to list.")] = "demo",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List the ids of projects and media, and of some viewers, events and sessions, by vendor."""
    settings = Settings.load(
        {"store": store, "scenario": scenario, "seed": seed, "now": now, "viewings": viewings}
    )
    commands = _load_commands()
    entries = commands.catalog(settings, key=key)
    if as_json:
        typer.echo(json.dumps(entries, ensure_ascii=False, indent=2))
    else:
        typer.echo(commands.format_table(entries))


@scenarios.command()
def check(
    path: Annotated[
        str,
        typer.Argument(
            metavar=NAME,
            help="Path of a YAML file, or name of a scenario that ships with Playhead.",
        ),
    ],
) -> None:
    """Check a scenario; print file, line and reason of an error."""
    from playhead.world.scenario import loader
    from playhead.world.scenario.schema import parse

    source = loader.load(path)
    parsed = parse(source.text, name=source.name)
    audience = parsed.audience
    typer.echo(
        f"{source.name}: {parsed.name}, {len(parsed.media)} media, "
        f"{audience.viewings} viewings, {audience.viewers} viewers"
    )


@scenarios.command()
def schema() -> None:
    """Print the JSON schema of scenarios."""
    from playhead.world.scenario.schema import Scenario

    typer.echo(json.dumps(Scenario.model_json_schema(), indent=2))


@app.command()
def healthcheck(host: Host = None, port: Port = None) -> None:
    """Check that a running server answers; exit code 1 when it does not."""
    settings = Settings.load({"host": host, "port": port})
    from playhead.client import is_reachable

    if not is_reachable(settings.host, settings.port):
        typer.echo(
            f"playhead: Playhead does not answer at {settings.host}:{settings.port}", err=True
        )
        raise typer.Exit(1)
