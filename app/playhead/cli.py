"""The command line: each command a few lines over the objects that do the work."""

import json
import sys
from typing import Annotated, Any

import typer

from playhead import __version__
from playhead.failure import Refusal
from playhead.settings import Settings, variable

app = typer.Typer(
    help=__doc__ and "Playhead: three vendors' video-statistics APIs on your own machine.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)
scenarios = typer.Typer(help="Check scenario files, and show what they may say.", no_args_is_help=True)
app.add_typer(scenarios, name="scenario")


def _option(name: str, *flags: str) -> Any:  # Any: typer's own option object
    field = Settings.model_fields[name]
    return typer.Option(*(flags or (f"--{name}",)), help=f"{field.description} [{variable(name)}]", show_default=False)


Host = Annotated[str | None, _option("host")]
Port = Annotated[str | None, _option("port")]
StoreUrl = Annotated[str | None, _option("store")]
ScenarioName = Annotated[str | None, _option("scenario")]
Seed = Annotated[str | None, _option("seed")]
Now = Annotated[str | None, _option("now")]
Viewings = Annotated[str | None, _option("viewings")]
Log = Annotated[str | None, _option("log")]


def main() -> None:
    """Run the command line; what a user got wrong is one line and exit code 2."""
    try:
        app()
    except Refusal as refusal:
        typer.echo(f"playhead: {refusal}", err=True)
        sys.exit(2)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"playhead {__version__}")
        raise typer.Exit


@app.callback()
def _options(version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")] = False) -> None:
    """Playhead: three vendors' video-statistics APIs on your own machine, over one synthetic world."""


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
) -> None:
    """Start the server."""
    from playhead.commands import serve as run

    given = {"host": host, "port": port, "store": store, "scenario": scenario, "seed": seed, "now": now, "viewings": viewings, "log": log}
    run(Settings.load(given), say=typer.echo)


@app.command()
def seed(
    store: StoreUrl = None,
    scenario: ScenarioName = None,
    seed: Seed = None,
    now: Now = None,
    viewings: Viewings = None,
    verify: Annotated[bool, typer.Option("--verify", help="Compute the digest again from the rows that the store holds.")] = False,
) -> None:
    """Fill a store (without --store: the cache) with a world; print rows, seconds and digest."""
    from playhead.commands import seed as fill

    fill(Settings.load({"store": store, "scenario": scenario, "seed": seed, "now": now, "viewings": viewings}), verify=verify, say=typer.echo)


@app.command()
def catalog(
    store: StoreUrl = None,
    scenario: ScenarioName = None,
    seed: Seed = None,
    now: Now = None,
    viewings: Viewings = None,
    key: Annotated[str, typer.Option(help="The key whose account is shown.")] = "demo",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List the ids of every project and media, and of some viewers, events and sessions, by vendor."""
    from playhead.commands import catalog as tell

    rows = tell(Settings.load({"store": store, "scenario": scenario, "seed": seed, "now": now, "viewings": viewings}), key=key)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for vendor, entries in rows.items():
        for entry in entries:
            typer.echo(f"{vendor:<9} {entry['kind']:<13} {entry['id']:<74} {entry['title']}")


@scenarios.command()
def check(path: Annotated[str, typer.Argument(help="The path of a YAML file, or the name of a scenario that ships with Playhead.")]) -> None:
    """Check a scenario; a bad one is refused with file, line and reason."""
    from playhead.world import scenario

    source = scenario.find(path)
    parsed = scenario.parse(source.text, name=source.name)
    typer.echo(f"{source.name}: {parsed.name}, {len(parsed.media)} media, {parsed.audience.viewings} viewings, {parsed.audience.viewers} viewers")


@scenarios.command()
def schema() -> None:
    """Print the JSON schema of scenarios."""
    from playhead.world.scenario import Scenario

    typer.echo(json.dumps(Scenario.model_json_schema(), indent=2))


@app.command()
def healthcheck(host: Host = None, port: Port = None) -> None:
    """Ask a running server whether it answers; exit code 1 when it does not."""
    from playhead.commands import answers

    settings = Settings.load({"host": host, "port": port})
    if not answers(settings):
        typer.echo(f"playhead: nothing answers at {settings.host}:{settings.port}", err=True)
        raise typer.Exit(1)
