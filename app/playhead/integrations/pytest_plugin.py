"""The pytest plugin:

`playhead` is a fresh account, on one server for the whole run. Nothing heavy is imported before a
test asks for it.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playhead.client import Account, Client

MAX_REPORTED_REQUESTS = 20  # requests that a report shows
MAX_STDERR_CHARS = 10_000  # characters of what the server complained of
RUN_FOLDER_KEY = pytest.StashKey[Path]()
ACCOUNT_KEY = pytest.StashKey["Account"]()
OPTIONS = {
    "url": "the URL of a running Playhead to use; without it one is started for the run",
    "token": "the control token of that Playhead",
    "scenario": (
        "the scenario of the accounts that tests get: empty (usual), demo, documented, or a file"
    ),
    "now": "the ISO 8601 instant at which their clocks stand; without it the machine's clock",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options `--playhead-…`, and the same names with underscores in the configuration file."""
    group = parser.getgroup("playhead")
    for name, meaning in OPTIONS.items():
        group.addoption(f"--playhead-{name}", metavar=name.upper(), help=meaning)
        parser.addini(f"playhead_{name}", meaning)


def _option(config: pytest.Config, name: str) -> str | None:
    return config.getoption(f"playhead_{name}") or config.getini(f"playhead_{name}") or None


def _scenario(config: pytest.Config) -> str:
    return _option(config, "scenario") or "empty"


@pytest.fixture(scope="session")
def playhead_server(request: pytest.FixtureRequest) -> Iterator[Client]:
    """The server of the run, as its client: `.url`, `.create(…)`, `.account(name)`."""
    from playhead.client import Client

    config = request.config
    url = _option(config, "url")
    token = _option(config, "token")
    with Client(url, token) if url else _start_server(config) as client:
        yield client


@pytest.fixture
def playhead(playhead_server: Client, request: pytest.FixtureRequest) -> Iterator[Account]:
    """An account that no other test has, deleted at the end."""
    now = _option(request.config, "now")
    clock = {"mode": "frozen", "at": now} if now else None
    account = playhead_server.create(
        _account_name(request.node.nodeid), scenario=_scenario(request.config), clock=clock
    )
    request.node.stash[ACCOUNT_KEY] = account
    yield account
    _delete_account(account)


def _account_name(node: str) -> str:
    """A name that tells the test, and that nobody has:

    not another run on the same server either, nor the test when it is repeated.
    """
    import secrets  # noqa: TID251  # names an account; no part of any world

    return f"{secrets.token_hex(4)}-{re.sub(r'[^A-Za-z0-9_]+', '-', node)[-150:]}"


def _delete_account(account: Account) -> None:
    from playhead.client import ControlError

    try:
        account.delete()
    except ControlError as error:
        if error.status != 404:  # the test may have deleted it
            raise


# ---- One server for the run: the first who needs it starts it, the controller (or the only
# process) ends it.


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(
    node: Any,
) -> None:  # Any: pytest-xdist's WorkerController; it need not be installed
    """Tell a worker the folder of the run."""
    node.workerinput["playhead_folder"] = str(_run_folder(node.config))


def _run_folder(config: pytest.Config) -> Path:
    """The folder in which the run's processes agree; a worker is told it."""
    given = getattr(config, "workerinput", {}).get("playhead_folder")
    if RUN_FOLDER_KEY not in config.stash:
        config.stash[RUN_FOLDER_KEY] = Path(given or tempfile.mkdtemp(prefix="playhead-pytest-"))
    return config.stash[RUN_FOLDER_KEY]


def _start_server(config: pytest.Config) -> Client:
    from playhead.client import Client
    from playhead.integrations.background_server import get_or_start_server
    from playhead.settings import Settings

    now = _option(config, "now")
    options = [f"--scenario={_scenario(config)}", *([f"--now={now}"] if now else [])]
    return Client(get_or_start_server(_run_folder(config), options), Settings.load().control_token)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """End the server, once every worker has ended."""
    if hasattr(config, "workerinput") or RUN_FOLDER_KEY not in config.stash:
        return
    folder = config.stash[RUN_FOLDER_KEY]
    if any(folder.iterdir()):
        from playhead.integrations.background_server import stop_server

        stop_server(folder)
    shutil.rmtree(folder, ignore_errors=True)


# ---- What a test asked is told with its failure, and what the server complained of at the end.


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Show what the run's server wrote to stderr, since its folder goes."""
    complaints = config.stash[RUN_FOLDER_KEY] / "err" if RUN_FOLDER_KEY in config.stash else None
    if (
        complaints
        and complaints.exists()
        and (text := complaints.read_text(errors="replace").strip())
    ):
        terminalreporter.section("playhead serve")
        terminalreporter.write_line(text[-MAX_STDERR_CHARS:])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the account's last requests with a failure."""
    report = yield
    account = item.stash.get(ACCOUNT_KEY, None)
    if report.failed and report.when == "call" and account is not None:
        with suppress(Exception):  # a server that is gone is not what the test failed of
            report.sections.append(("playhead requests", _format_requests(account)))
    return report


def _format_requests(account: Account) -> str:
    requests = account.requests()
    left_out = (
        [f"({len(requests) - MAX_REPORTED_REQUESTS} earlier ones)"]
        if len(requests) > MAX_REPORTED_REQUESTS
        else []
    )
    return (
        "\n".join([*left_out, *map(str, requests[-MAX_REPORTED_REQUESTS:])])
        or f"none with the key {account.key}"
    )
