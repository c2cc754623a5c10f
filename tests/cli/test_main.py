"""The command `playhead`, as a process of its own: what it prints, what it refuses, how it ends."""

import contextlib
import json
import os
import pty
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
from typer.testing import CliRunner

import playhead
from playhead import Server
from playhead.cli.main import app
from playhead.settings import Settings, environment_variable
from playhead.storage.database import open_store
from playhead.vendors import VENDORS
from tests.worlds import NOW_TEXT

COMMAND = str(Path(sys.executable).with_name("playhead"))
UNWRITABLE = f"{os.devnull}/nothing"  # a directory that cannot be
STARTUP_LINES = 4 + len(VENDORS)  # lines


def run_cli(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The command, ended."""
    return subprocess.run(
        [COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | variables,
    )


@contextmanager
def running_process(*arguments: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """The command, running; told to end where it did not end by itself."""
    environment = os.environ | variables
    with subprocess.Popen(
        [COMMAND, *arguments],
        text=True,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                process.communicate(timeout=20)


def startup_output(process: subprocess.Popen[str]) -> list[str]:
    """The lines that `serve` prints when it is ready."""
    assert process.stdout
    return [process.stdout.readline().rstrip("\n") for _ in range(STARTUP_LINES)]


# ---- What a user gets wrong: one line, exit code 2


def command_paths() -> list[list[str]]:
    """The words of every command and group: [], ["serve"], ["account"], ["account", "create"]."""
    root = typer.main.get_command(app)
    paths: list[list[str]] = []
    pending: list[tuple[list[str], Any]] = [([], root)]  # Any: commands of typer's own click
    while pending:
        words, command = pending.pop(0)
        paths.append(words)
        for name, subcommand in getattr(command, "commands", {}).items():
            pending.append(([*words, name], subcommand))
    return paths


@pytest.fixture(scope="module")
def path_values(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Stores, scenarios and a port that are in the way, by name."""
    folder = tmp_path_factory.mktemp("around")
    (folder / "text.db").write_text("This is a letter, not a database.")
    (folder / "broken.yaml").write_text("name: broken\nprojects:\n  - title: [\n")
    (folder / "wrong.yaml").write_text("name: wrong\naudience: {viewings: many, viewers: 3}\n")
    with contextlib.closing(sqlite3.connect(folder / "foreign.db")) as foreign:
        foreign.execute("CREATE TABLE invoices (number)")
    other = open_store(f"sqlite:///{folder}/other.db")
    other.create_tables(world_version=999, anchor=0)
    other.close()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield {"folder": str(folder), "taken": str(taken.getsockname()[1])}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param("bake", "No such command 'bake'", id="unknown command"),
        pytest.param("scenario", "Missing command", id="no command of a group"),
        pytest.param("serve --colour red", "No such option: --colour", id="unknown option"),
        pytest.param("serve --port", "'--port' requires an argument", id="option without a value"),
        pytest.param("serve everything", "unexpected extra argument", id="argument too many"),
        pytest.param("scenario check", "Missing argument", id="argument missing"),
        pytest.param("serve --port http", "port='http'", id="port that is no number"),
        pytest.param("serve --port 65536", "port='65536'", id="port out of range"),
        pytest.param(
            "serve --port {taken}",
            "cannot listen on 127.0.0.1:{taken} (Address already in use)",
            id="port in use",
        ),
        pytest.param(
            "serve --host 192.0.2.1 --port 0",
            "cannot listen on 192.0.2.1:0",
            id="address of another machine",
        ),
        pytest.param(
            "serve --now yesterday", "now='yesterday': not an ISO 8601 instant", id="bad now"
        ),
        pytest.param("serve --log loud", "log='loud'", id="bad log"),
        pytest.param("seed --seed -1", "seed='-1'", id="bad seed"),
        pytest.param("seed --viewings 0", "viewings='0'", id="bad viewings"),
        pytest.param("catalog --key invalid-one", "--key was refused", id="bad key"),
        pytest.param(
            "seed --scenario nowhere",
            "scenario='nowhere': there is no such scenario or file",
            id="unknown scenario",
        ),
        pytest.param(
            "seed --scenario {folder}/broken.yaml",
            "{folder}/broken.yaml:4: ",
            id="scenario that is no YAML",
        ),
        pytest.param(
            "seed --scenario {folder}/wrong.yaml",
            "{folder}/wrong.yaml:2: audience.viewings: ",
            id="scenario with a wrong value",
        ),
        pytest.param(
            "scenario check {folder}/wrong.yaml",
            "{folder}/wrong.yaml:2: audience.viewings: ",
            id="checking a wrong scenario",
        ),
        pytest.param(
            "seed --scenario {folder}", "scenario='{folder}': ", id="scenario that is a directory"
        ),
        pytest.param(
            "seed --store {folder}/text.db", "not sqlite:///file", id="store that is no URL"
        ),
        pytest.param(
            "seed --store sqlite:///{folder}/text.db",
            "text.db cannot be opened: file is not a database",
            id="text file",
        ),
        pytest.param(
            "seed --store sqlite:///{folder}/foreign.db",
            "foreign.db holds other tables than Playhead's",
            id="somebody else's database",
        ),
        pytest.param(
            "seed --store sqlite:///{folder}/other.db",
            "was made by another Playhead",
            id="store of another version",
        ),
        pytest.param("seed --store sqlite:///{folder}", "cannot be opened", id="directory"),
        pytest.param(
            "seed --store sqlite:///{folder}/no/x.db",
            "there is no directory {folder}/no",
            id="missing directory",
        ),
        pytest.param(
            "seed --store sqlite:////proc/x.db",
            "/proc/x.db cannot be used",
            id="directory that takes no file",
        ),
        pytest.param(
            "seed --store postgresql+psycopg://ann:hunter2@127.0.0.1:1/x",
            "ann:***@127.0.0.1:1/x cannot be opened",
            id="unreachable PostgreSQL",
        ),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    path_values: dict[str, str], line: str, words: str
) -> None:
    ended = run_cli(*(part.format(**path_values) for part in line.split()))
    assert ended.stderr.startswith("playhead: ") and ended.stderr.count("\n") == 1
    assert words.format(**path_values) in ended.stderr
    assert (ended.stdout, ended.returncode) == ("", 2)
    assert "hunter2" not in ended.stderr


def test_a_mistake_in_a_variable_is_named() -> None:
    ended = run_cli("serve", PLAYHEAD_PORT="http")
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "PLAYHEAD_PORT" in ended.stderr


# ---- Small commands


def test_the_version() -> None:
    assert run_cli("--version").stdout == f"playhead {playhead.__version__}\n"


def test_without_a_command_there_is_help() -> None:
    ended = run_cli()
    assert ended.returncode == 0
    assert [
        name
        for name in ("serve", "seed", "catalog", "scenario", "healthcheck", "--version")
        if name not in ended.stdout
    ] == []


def test_the_help_of_serve_has_every_option_and_its_variable() -> None:
    text = run_cli("serve", "--help", COLUMNS="200", TERMINAL_WIDTH="200").stdout
    options = [name for name in Settings.model_fields if name != "cache"]
    assert [
        name
        for name in options
        if f"--{name.replace('_', '-')}" not in text or environment_variable(name) not in text
    ] == []


@pytest.mark.parametrize("words", command_paths(), ids=" ".join)
def test_no_help_shows_a_python_type(words: list[str]) -> None:
    shown = CliRunner().invoke(app, [*words, "--help"])
    assert shown.exit_code == 0
    assert "<" not in shown.output


def test_options_show_types_that_people_know() -> None:
    text = CliRunner().invoke(app, ["serve", "--help"]).output
    lines = {line.split()[0]: line.split()[1] for line in text.splitlines() if "  --" in line}
    expected = {"--port": "INTEGER", "--now": "INSTANT", "--store": "URL", "--scenario": "NAME"}
    assert {option: lines[option] for option in expected} == expected


def test_a_good_scenario_is_told_in_a_line() -> None:
    assert (
        run_cli("scenario", "check", "empty").stdout
        == "empty: empty, 0 media, 0 viewings, 0 viewers\n"
    )


def test_the_schema_of_scenarios_is_json() -> None:
    assert {"name", "audience", "projects"} <= json.loads(run_cli("scenario", "schema").stdout)[
        "properties"
    ].keys()


# ---- seed


def test_seed_tells_rows_seconds_and_digest(tmp_path: Path, demo: Server) -> None:
    world = demo.emulator.world_summary()
    ended = run_cli("seed", "--verify", "--store", f"sqlite:///{tmp_path}/a.db")
    sizes, whose, verified = ended.stdout.splitlines()
    assert sizes.startswith(
        f"{world.viewings} viewings, {world.viewers} viewers, {world.media} media in "
    )
    assert whose == f"scenario demo, seed 1, world version {world.version}, digest {world.digest}"
    assert verified == f"verified: the stored rows digest to {world.digest}"
    assert (ended.stderr, ended.returncode) == ("", 0)


def test_seed_without_a_store_fills_the_cache(tmp_path: Path) -> None:
    assert (
        run_cli("seed", "--scenario", "empty", PLAYHEAD_CACHE=str(tmp_path / "worlds")).returncode
        == 0
    )
    assert [file.suffix for file in (tmp_path / "worlds").iterdir()] == [".sqlite"]


def test_verify_finds_a_changed_row(tmp_path: Path) -> None:
    arguments = ("seed", "--verify", "--store", f"sqlite:///{tmp_path}/a.db")
    assert run_cli(*arguments).returncode == 0
    with contextlib.closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as store:
        store.execute(
            "UPDATE viewings SET watched_seconds = watched_seconds + 1 WHERE id = (SELECT "
            "min(id) FROM viewings)"
        )
    ended = run_cli(*arguments)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "they were changed" in ended.stderr


# ---- catalog


def test_the_catalog_lists_the_same_as_a_table_and_as_json() -> None:
    table = run_cli("catalog").stdout.splitlines()
    rows = json.loads(run_cli("catalog", "--json").stdout)
    assert rows.keys() == {vendor.name for vendor in VENDORS}
    entries = [(vendor, entry) for vendor, found in rows.items() for entry in found]
    assert len(table) == len(entries) > 31
    assert [line.split()[:3] for line in table] == [
        [vendor, entry["kind"], entry["id"]] for vendor, entry in entries
    ]
    assert [
        line
        for line, (_, entry) in zip(table, entries, strict=True)
        if not line.endswith(entry["title"])
    ] == []


def test_the_catalog_has_the_documented_ids() -> None:
    rows = json.loads(run_cli("catalog", "--json").stdout)
    assert {"12345", "320423"} <= {entry["id"] for entry in rows["gcore"]}


# ---- serve


def test_serve_tells_where_and_what(demo: Server) -> None:
    world = demo.emulator.world_summary()
    with running_process("serve", "--port", "0", "--now", NOW_TEXT) as process:
        lines = startup_output(process)
        url = lines[0].split()[3]
        assert httpx.get(url).status_code == 200
    assert lines[0] == f"Playhead listens on {url} (clock frozen at {NOW_TEXT})"
    assert lines[1] == (
        f"scenario demo, seed 1: {world.media} media, {world.viewers} viewers, {world.viewings}"
        " viewings"
    )
    assert lines[2] == f"world version {world.version}, digest {world.digest}"
    assert lines[3] == "Any key opens an account of its own. Try:"


def test_serve_prints_a_request_that_works_for_each_vendor() -> None:
    with running_process("serve", "--port", "0") as process:
        requests = [shlex.split(line) for line in startup_output(process)[4:]]
        answers = [sent_settings(arguments) for arguments in requests]
    assert [answer.status_code for answer in answers] == [200] * len(VENDORS)
    assert [answer.text for answer in answers if answer.json() in ([], {}, {"data": []})] == []


def sent_settings(arguments: list[str]) -> httpx.Response:
    """What a curl of one URL with headers, or a user, answers."""
    headers = dict(
        arguments[place + 1].split(": ", 1) for place, word in enumerate(arguments) if word == "-H"
    )
    users = [
        arguments[place + 1].split(":", 1)
        for place, word in enumerate(arguments)
        if word in ("-u", "--user")
    ]
    (url,) = (word for word in arguments if word.startswith("http"))
    return httpx.get(url, headers=headers, auth=(users[0][0], users[0][1]) if users else None)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_serve_ends_at_once_and_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with (
        running_process(
            "serve", "--port", "0", "--scenario", "empty", TMPDIR=str(tmp_path)
        ) as process,
        httpx.Client() as client,
    ):
        client.get(startup_output(process)[0].split()[3])  # and keeps its connection open
        assert [folder.name[:9] for folder in tmp_path.iterdir()] == ["playhead-"]
        process.send_signal(number)
        _, stderr = process.communicate(timeout=5)
    assert process.returncode == 0
    assert stderr.count("\n") == 1, "the line of the request, and nothing else"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_start_that_is_interrupted_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with running_process(
        "serve",
        "--port",
        "0",
        "--viewings",
        "2000000",
        TMPDIR=str(tmp_path),
        PLAYHEAD_CACHE=UNWRITABLE,
    ) as process:
        while not any(tmp_path.glob("playhead-*/store.sqlite")):
            assert process.poll() is None
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=10)
    assert (process.returncode, stdout, stderr) == (130, "", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "shown"),
    [(["--viewings", "80000"], True), (["--scenario", "empty"], False)],
    ids=["large", "small"],
)
def test_a_bar_is_shown_to_a_person_while_a_large_world_is_made(
    options: list[str], shown: bool
) -> None:
    screen = run_on_terminal(
        lambda terminal: subprocess.run(
            [COMMAND, "seed", *options],
            stderr=terminal,
            check=True,
            env=os.environ | {"PLAYHEAD_CACHE": UNWRITABLE},
        )
    )
    assert (b"generating the world" in screen) is shown


def run_on_terminal(act: Callable[[int], object]) -> bytes:
    """What an act writes to a terminal."""
    mine, theirs = pty.openpty()
    written: list[bytes] = []

    def watch() -> None:
        with contextlib.suppress(OSError):  # of a terminal that is closed
            while text := os.read(mine, 65536):
                written.append(text)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        act(theirs)
    finally:
        os.close(theirs)
        watching.join()
        os.close(mine)
    return b"".join(written)


# ---- healthcheck


def test_a_server_is_well(empty: Server) -> None:
    ended = run_cli("healthcheck", "--port", empty.url.rpartition(":")[2])
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_server_that_is_not_there_is_not_well() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    ended = run_cli("healthcheck", PLAYHEAD_PORT=port)
    assert (ended.returncode, ended.stderr) == (
        1,
        f"playhead: Playhead does not answer at 127.0.0.1:{port}\n",
    )


def test_somebody_elses_server_is_not_well() -> None:
    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<title>Welcome</title>")

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Other) as other:
        serving = threading.Thread(target=other.handle_request)
        serving.start()
        ended = run_cli("healthcheck", "--port", str(other.server_port))
        serving.join()
    assert ended.returncode == 1
