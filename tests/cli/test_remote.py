"""The commands that ask a running server, at a terminal."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from playhead import Server
from playhead.cli.main import app
from playhead.client import Account
from tests.worlds import NOW_TEXT

COMMAND = [sys.executable, "-m", "playhead"]
RunCli = Callable[..., Any]  # Any: what is printed, as JSON


@pytest.fixture
def account(empty: Server, key: str) -> Iterator[Account]:
    """An account with nothing in it."""
    made = empty.client.create(key)
    yield made
    made.delete()


@pytest.fixture
def cli(empty: Server) -> RunCli:
    """What a command prints, read as JSON; None where it prints nothing."""

    def said(*words: str, given: str = "") -> Any:
        ended = CliRunner().invoke(
            app, [*words, "--url", empty.url], input=given, catch_exceptions=False
        )
        assert ended.exit_code == 0, ended.output
        return json.loads(ended.stdout) if ended.stdout else None

    return said


def run_cli(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command as a process of its own."""
    return subprocess.run(
        [*COMMAND, *words], capture_output=True, text=True, timeout=60, env=os.environ | variables
    )


def request_status(account: Account, path: str = "/v1/stats/account.json") -> httpx.Response:
    return httpx.get(
        account.url("wistia") + path, headers={"Authorization": f"Bearer {account.key}"}
    )


# ---- Accounts


def test_an_account_is_created_shown_listed_and_deleted(cli: RunCli, key: str) -> None:
    made = cli("account", "create", key, "--now", "2024-01-01", "--lenient")
    assert (made["name"], made["lenient"], made["clock"]["now"]) == (
        key,
        True,
        "2024-01-01T00:00:00Z",
    )
    assert cli("account", "show", key) == made
    assert key in cli("account", "list")
    cli("account", "delete", key)
    assert key not in cli("account", "list")


def test_an_account_is_reset_and_forked(cli: RunCli, account: Account) -> None:
    account.freeze("2024-01-01")
    copy = cli("account", "fork", account.name, f"{account.name} copy")
    assert cli("account", "reset", account.name)["clock"]["now"] == NOW_TEXT
    assert copy["clock"]["now"] == "2024-01-01T00:00:00Z"
    cli("account", "delete", copy["name"])


# ---- Clocks


@pytest.mark.parametrize(
    ("words", "now"),
    [
        (["show", "{}"], NOW_TEXT),
        (["freeze", "{}", "2024-06-01T10:00:00Z"], "2024-06-01T10:00:00Z"),
        (["advance", "{}", "P1DT12H"], "2024-06-07T00:00:00Z"),
        (["advance", "{}", "-PT30M"], "2024-06-05T11:30:00Z"),
        (["system", "{}"], NOW_TEXT),
    ],
    ids=["show", "freeze", "advance", "advance back", "system"],
)
def test_a_clock_is_set_and_told(cli: RunCli, account: Account, words: list[str], now: str) -> None:
    assert cli("clock", *(word.format(account.name) for word in words))["now"] == now


# ---- What was watched


@pytest.mark.parametrize(
    "text",
    [
        '{{"media": {0}, "played": [[0, 20]]}}',
        '[{{"media": {0}, "played": [[0, 20]]}}]',
        '{{"media": {0}}}\n\n{{"media": {0}, "wait": 1}}\n',
    ],
    ids=["an object", "an array", "lines"],
)
@pytest.mark.parametrize("piped", [True, False], ids=["piped", "file"])
def test_viewings_are_recorded(
    cli: RunCli, account: Account, tmp_path: Path, text: str, piped: bool
) -> None:
    said = text.format(cli("media", account.name, "talk", "--duration", "100")["number"])
    (tmp_path / "viewings").write_text(said)
    told = (
        cli("record", account.name, given=said)
        if piped
        else cli("record", account.name, str(tmp_path / "viewings"))
    )
    assert [viewing["id"] for viewing in told] == [
        viewing.id for viewing in account.list_viewings()
    ]
    assert len(told) == said.count("media")


def test_a_viewing_is_recorded_by_options_and_taken_back(cli: RunCli, account: Account) -> None:
    talk = account.create_media("talk", duration=100)
    options = [
        "--played",
        "0-20",
        "--played",
        "30-40",
        "--loaded-at",
        "2024-06-04T10:00:00Z",
        "--country",
        "FR",
        "--page",
        "https://example.com/",
    ]
    (viewing,) = cli("record", account.name, "--media", talk.ids["apivideo"][0], *options)
    assert (viewing["media"], viewing["ended_at"]) == (talk.number, "2024-06-04T10:00:30Z")
    cli("delete-viewing", account.name, viewing["id"])
    assert account.list_viewings() == []


def test_what_is_exported_is_imported(
    empty: Server, cli: RunCli, account: Account, key: str
) -> None:
    account.record(account.create_media("talk", duration=100), played=[(0, 20)])
    exported = run_cli("export", account.name, "--url", empty.url).stdout
    assert exported.encode() == account.export()
    copy = cli("account", "create", f"{key} copy")["name"]
    assert cli("import", copy, given=exported)["imported"] > 1
    assert len(empty.client.account(copy).list_viewings()) == 1
    cli("account", "delete", copy)


# ---- Faults, stubs, requests


def test_a_fault_is_planned_listed_and_removed(cli: RunCli, account: Account) -> None:
    fault = cli(
        "fail",
        account.name,
        "--vendor",
        "wistia",
        "--status",
        "503",
        "--latency",
        "1",
        "--times",
        "2",
        "--nth",
        "1",
        "--nth",
        "3",
        "--ttl",
        "PT1H",
    )
    assert (fault["match"], fault["times"]) == ({"vendor": "wistia", "nth": [1, 3]}, 2)
    assert fault["effect"] == {"status": 503, "latency": {"ms": 1}}
    assert request_status(account).status_code == 503
    assert [fault["done"] for fault in cli("faults", account.name)] == [1]
    assert cli("faults", account.name, "--clear") == []


def test_a_fault_of_no_chance_is_one(cli: RunCli, account: Account) -> None:
    assert cli("fail", account.name, "--probability", "0", "--malformed")["match"] == {
        "probability": 0
    }


def test_clients_are_told_not_to_try_again(cli: RunCli, account: Account) -> None:
    assert (
        cli("fail", account.name, "--vendor", "gcore", "--status", "500", "--no-retry")["effect"][
            "retry"
        ]
        is False
    )


def test_a_stub_is_set_listed_and_removed(cli: RunCli, account: Account) -> None:
    cli("stub", account.name, "wistia", "/v1/stats/medias/{id}.json", "--json", '{"play_count": 7}')
    assert request_status(account, "/v1/stats/medias/x.json").json() == {"play_count": 7}
    assert [stub["done"] for stub in cli("stubs", account.name)] == [1]
    assert cli("stubs", account.name, "--clear") == []


def test_requests_are_shown_and_chosen(cli: RunCli, account: Account) -> None:
    request_status(account)
    request_status(account, "/v1/stats/medias/nothing.json")
    assert [request["status"] for request in cli("requests", account.name)] == [200, 404]
    assert [request["path"] for request in cli("requests", account.name, "--status", "4xx")] == [
        "/v1/stats/medias/nothing.json"
    ]


def test_requests_are_followed_until_ctrl_c(account: Account) -> None:
    command = [*COMMAND, "requests", account.name, "--follow", "--url", account.base_url]
    with subprocess.Popen(
        command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as following:
        assert following.stdout
        for path in ("/v1/stats/account.json", "/v1/stats/medias/nothing.json"):
            request_status(account, path)
            assert f"wistia GET {path} " in following.stdout.readline()
        following.send_signal(signal.SIGINT)
        _, stderr = following.communicate(timeout=20)
    assert (following.returncode, stderr) == (130, "")


# ---- Which server, and what goes wrong


def test_the_url_and_the_token_may_stand_in_the_environment() -> None:
    with Server(scenario="empty", control_token="s3cret") as server:
        assert (
            json.loads(
                run_cli(
                    "account", "list", PLAYHEAD_URL=server.url, PLAYHEAD_CONTROL_TOKEN="s3cret"
                ).stdout
            )
            == []
        )
        assert (
            json.loads(
                run_cli("account", "list", "--token", "s3cret", PLAYHEAD_URL=server.url).stdout
            )
            == []
        )
        refused = run_cli("account", "list", PLAYHEAD_URL=server.url)
    assert (refused.returncode, refused.stderr.count("\n"), "token" in refused.stderr) == (
        2,
        1,
        True,
    )


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("account show nobody --url {url}", "404 Not Found: there is no account 'nobody'"),
        ("clock advance {name} tomorrow --url {url}", "'tomorrow' is not an ISO 8601 duration"),
        (
            "record {name} /nowhere --url {url}",
            "/nowhere cannot be read: No such file or directory",
        ),
        ("record {name} {file} --url {url}", "{file}:2: not JSON"),
        (
            "record {name} --media x --played 1 --url {url}",
            "--played 1: not FROM-TO in whole seconds",
        ),
        ("stub {name} gcore /streaming/videos --json [ --url {url}", "--json: not JSON"),
        (
            "account list --url http://127.0.0.1:9",
            "Connection refused; is that the URL of a running Playhead?",
        ),
        ("account list --url nothing", "url='nothing' is not the http://host:port"),
    ],
    ids=[
        "no account",
        "no duration",
        "no file",
        "no JSON",
        "no stretch",
        "no stub",
        "no server",
        "no url",
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    account: Account, tmp_path: Path, words: str, reason: str
) -> None:
    (tmp_path / "lines").write_text('{"media": 1}\n{"media": \n')
    places = {"url": account.base_url, "name": account.name, "file": str(tmp_path / "lines")}
    ended = run_cli(*(word.format(**places) for word in words.split()))
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert ended.stderr.startswith("playhead: ") and reason.format(**places) in ended.stderr
