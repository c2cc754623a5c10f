"""The pytest plugin, in runs of their own:

one server a run, a fresh account a test, and what was asked is told with a failure.
"""

import subprocess
import sys

import psutil
import pytest

from playhead import Server
from tests.worlds import NOW_TEXT

pytest_plugins = ["pytester"]

ASK_MODULE = """
    import urllib.request, urllib.error

    def ask(account, path):
        headers = {"Authorization": f"APIKey {account.key}"}
        request = urllib.request.Request(account.url("gcore") + path, headers=headers)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code
"""
VIEWS = "/streaming/statistics/countries?date_to=2024-06-02T00:00:00Z&date_from="


@pytest.fixture
def plugin_run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project with a suite of its own, in which every warning is an error.

    What is temporary lies in its folder `temporary`.
    """
    temporary = pytester.mkdir("temporary")
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makeini("[pytest]\nfilterwarnings = error\n")
    pytester.makepyfile(asking=ASK_MODULE)
    return pytester


def leftover_files(run: pytest.Pytester) -> list[str]:
    """What the run has left in the folder of temporary files; pytest keeps its own."""
    return [
        entry.name
        for entry in (run.path / "temporary").iterdir()
        if not entry.name.startswith("pytest-of-")
    ]


def is_alive(number: str) -> bool:
    return (
        psutil.pid_exists(int(number))
        and psutil.Process(int(number)).status() != psutil.STATUS_ZOMBIE
    )


PID_CONFTEST = """
    import os
    import pytest
    from pathlib import Path
    from playhead.integrations.pytest_plugin import RUN_FOLDER_KEY

    @pytest.fixture(autouse=True)
    def noted(request, playhead_server):
        number = (request.config.stash[RUN_FOLDER_KEY] / "pid").read_text()
        assert Path(f"/proc/{number}").exists() or not Path("/proc").exists()
        Path(f"note-{os.getpid()}").write_text(f"{number} {playhead_server.url}")
"""


@pytest.mark.parametrize(
    ("options", "processes"), [([], 1), (["-n", "2"], 2)], ids=["one process", "two workers"]
)
def test_a_run_has_one_server_and_ends_it(
    plugin_run: pytest.Pytester, options: list[str], processes: int
) -> None:
    plugin_run.makeconftest(PID_CONFTEST)
    plugin_run.makepyfile(
        test_it="""
        import pytest

        @pytest.mark.parametrize("number", range(8))
        def test_it(playhead, number):
            assert playhead.info["scenario"] == "empty"
        """
    )
    plugin_run.runpytest_subprocess(*options).assert_outcomes(passed=8)
    notes = [note.read_text() for note in plugin_run.path.glob("note-*")]
    assert (len(notes), len(set(notes))) == (processes, 1)
    assert not is_alive(notes[0].split()[0])
    assert leftover_files(plugin_run) == []


def test_it_is_ended_when_the_run_is_interrupted(plugin_run: pytest.Pytester) -> None:
    plugin_run.makeconftest(PID_CONFTEST)
    plugin_run.makepyfile(test_it="def test_it(playhead):\n    raise KeyboardInterrupt\n")
    assert plugin_run.runpytest_subprocess().ret == pytest.ExitCode.INTERRUPTED
    (note,) = plugin_run.path.glob("note-*")
    assert not is_alive(note.read_text().split()[0])
    assert leftover_files(plugin_run) == []


def test_who_does_not_use_it_does_not_pay_for_it(plugin_run: pytest.Pytester) -> None:
    plugin_run.makepyfile(
        test_it="""
        import sys

        def test_it(pytestconfig):
            assert pytestconfig.pluginmanager.has_plugin("playhead")
            assert sorted(name for name in sys.modules if name.startswith("playhead.")) == [
                "playhead.integrations",
                "playhead.integrations.pytest_plugin",
            ]
            heavy = {"pydantic", "fastapi", "sqlalchemy", "uvicorn", "typer", "http.client"}
            assert heavy.isdisjoint(sys.modules)
        """
    )
    plugin_run.runpytest_subprocess().assert_outcomes(passed=1)
    assert leftover_files(plugin_run) == []


def test_importing_it_imports_nothing_else() -> None:
    code = (
        "import pytest, sys; before = set(sys.modules); import playhead.integrations.pytest_plugin;"
        "print(*sorted(set(sys.modules) - before))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == [
        "playhead",
        "playhead.integrations",
        "playhead.integrations.pytest_plugin",
    ]


def test_every_test_has_an_account_of_its_own(plugin_run: pytest.Pytester, empty: Server) -> None:
    plugin_run.makepyfile(
        test_it="""
        import pytest

        @pytest.mark.parametrize("text", ["a/b", "ä", "::", ""])
        def test_it(playhead, playhead_server, text):
            assert "test_it" in playhead.name
            assert playhead.name in [account.name for account in playhead_server.accounts()]
            playhead.freeze("2024-06-05T12:00:00Z")

        def test_another(playhead):
            assert playhead.clock.mode == "real"

        def test_that_deletes_it(playhead):
            playhead.delete()
        """
    )
    plugin_run.runpytest_subprocess(f"--playhead-url={empty.url}").assert_outcomes(passed=6)
    assert [
        account.name for account in empty.client.accounts() if "test_it-py" in account.name
    ] == []


def test_options_may_stand_in_the_configuration_file(plugin_run: pytest.Pytester) -> None:
    plugin_run.makeini(
        f"[pytest]\nfilterwarnings = error\nplayhead_now = {NOW_TEXT}\nplayhead_scenario = demo\n"
    )
    plugin_run.makepyfile(
        test_it=f"""
        def test_it(playhead):
            shown = playhead.info
            assert (shown["scenario"], shown["clock"]["now"]) == ("demo", "{NOW_TEXT}")
        """
    )
    plugin_run.runpytest_subprocess().assert_outcomes(passed=1)


def test_a_server_that_wants_a_token_gets_it(
    plugin_run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYHEAD_CONTROL_TOKEN", "s3cret")
    plugin_run.makepyfile(test_it="def test_it(playhead):\n    assert playhead.count() == 0\n")
    plugin_run.runpytest_subprocess().assert_outcomes(passed=1)


def test_a_server_that_cannot_start_says_why(plugin_run: pytest.Pytester) -> None:
    plugin_run.makepyfile(
        test_it="def test_it(playhead):\n    pass\ndef test_another(playhead):\n    pass\n"
    )
    result = plugin_run.runpytest_subprocess("--playhead-scenario=nowhere")
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(
        ["*ended at its start: playhead: scenario='nowhere': there is no such scenario or file*"]
    )
    result.stdout.fnmatch_lines(["*= playhead serve =*", "playhead: scenario='nowhere': *"])
    assert leftover_files(plugin_run) == []


def test_a_server_that_is_not_there_is_told_in_a_line(plugin_run: pytest.Pytester) -> None:
    plugin_run.makepyfile(test_it="def test_it(playhead):\n    pass\n")
    result = plugin_run.runpytest_subprocess("--playhead-url=http://127.0.0.1:9")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*Connection refused; is that the URL of a running Playhead?*"])


@pytest.mark.parametrize("options", [[], ["-n", "1"]], ids=["one process", "a worker"])
def test_a_failure_tells_what_was_asked(
    plugin_run: pytest.Pytester, empty: Server, options: list[str]
) -> None:
    plugin_run.makepyfile(
        test_it=f"""
        from asking import ask

        def test_it(playhead):
            assert ask(playhead, "{VIEWS}2024-06-01T00:00:00Z") == 200
            assert ask(playhead, "{VIEWS}yesterday") == 200
        """
    )
    result = plugin_run.runpytest_subprocess(f"--playhead-url={empty.url}", *options)
    result.assert_outcomes(failed=1)
    good = "*gcore GET /streaming/statistics/countries*date_from=2024-06-01T00:00:00Z 200"
    bad = "*date_from=yesterday 4?? (*yesterday*)"
    result.stdout.fnmatch_lines(["*- playhead requests -*", good, bad])


def test_a_failure_without_requests_says_so(plugin_run: pytest.Pytester, empty: Server) -> None:
    plugin_run.makepyfile(test_it="def test_it(playhead):\n    assert playhead.key == ''\n")
    result = plugin_run.runpytest_subprocess(f"--playhead-url={empty.url}")
    result.stdout.fnmatch_lines(["*- playhead requests -*", "none with the key *test_it*"])


def test_a_test_that_passes_tells_nothing(plugin_run: pytest.Pytester, empty: Server) -> None:
    plugin_run.makepyfile(test_it="def test_it(playhead):\n    pass\n")
    plugin_run.runpytest_subprocess(f"--playhead-url={empty.url}", "-rA").stdout.no_fnmatch_line(
        "*playhead requests*"
    )
