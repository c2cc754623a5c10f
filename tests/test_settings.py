"""What a user can set: from options, then the environment, then the defaults."""

import os
from pathlib import Path

import pytest

from playhead.domain.clock import FrozenClock, SystemClock, parse_instant
from playhead.domain.errors import UserError
from playhead.settings import Settings, environment_variable

VALUES: dict[str, tuple[str, object]] = {
    "host": ("0.0.0.0", "0.0.0.0"),
    "port": ("0", 0),
    "store": ("sqlite:///x.db", "sqlite:///x.db"),
    "scenario": ("empty", "empty"),
    "seed": ("7", 7),
    "now": ("2024-06-05", "2024-06-05"),
    "viewings": ("500", 500),
    "log": ("json", "json"),
    "workers": ("4", 4),
    "auth": ("strict", "strict"),
    "account_ttl": ("600", 600),
    "control_hosts": ("playhead,stats.test", "playhead,stats.test"),
    "control_token": ("letmein", "letmein"),
    "metrics": ("true", True),
    "cache": ("/elsewhere", Path("/elsewhere")),
}


def test_the_defaults() -> None:
    found = Settings.load({}, {"XDG_CACHE_HOME": "/unread"})
    assert (found.host, found.port, found.store, found.scenario, found.seed) == (
        "127.0.0.1",
        8000,
        None,
        "demo",
        1,
    )
    assert (found.now, found.viewings, found.log) == (None, None, "text")


def test_the_table_above_has_every_setting() -> None:
    assert VALUES.keys() == Settings.model_fields.keys()


@pytest.mark.parametrize("name", VALUES)
def test_every_setting_comes_from_the_environment(name: str) -> None:
    text, value = VALUES[name]
    assert getattr(Settings.load({}, {f"PLAYHEAD_{name.upper()}": text}), name) == value


def test_an_option_wins_over_the_environment() -> None:
    assert Settings.load({"seed": "2"}, {"PLAYHEAD_SEED": "3"}).seed == 2


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    assert Settings.load({}, {"PLAYHEAD_SEED": ""}).seed == 1


def test_worlds_are_cached_in_the_users_cache_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/of/the/user")
    assert Settings.load({}, {}).cache == Path("/of/the/user/playhead")


def test_a_user_without_a_home_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", no_home)
    assert os.devnull in str(Settings.load({}, {}).cache)


def test_the_clock_stands_still_at_now() -> None:
    assert Settings.load({"now": "2024-06-05T14:00:00+02:00"}, {}).make_clock() == FrozenClock(
        parse_instant("2024-06-05T12:00:00Z")
    )


def test_without_now_the_clock_is_the_machines() -> None:
    assert isinstance(Settings.load({}, {}).make_clock(), SystemClock)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("host", ""),
        ("port", "http"),
        ("port", "65536"),
        ("port", "-1"),
        ("store", ""),
        ("store", "file.db"),
        ("store", "sqlite://"),
        ("store", "sqlite:///"),
        ("store", "sqlite:///:memory:"),
        ("store", "mysql://user@host/name"),
        ("store", "postgresql+asyncpg://user@host/name"),
        ("store", "postgresql+psycopg://"),
        ("seed", "-1"),
        ("seed", "one"),
        ("now", ""),
        ("now", "yesterday"),
        ("now", "2024-13-01"),
        ("now", "1970-12-31"),
        ("now", "9998-01-01"),
        ("viewings", "0"),
        ("viewings", "20000001"),
        ("log", "loud"),
    ],
)
def test_a_bad_value_is_refused_by_name_and_value(name: str, value: str) -> None:
    with pytest.raises(UserError) as refused:
        Settings.load({name: value}, {})
    text = str(refused.value)
    assert text.startswith(f"{name}={value!r}: ")
    assert text.endswith(f"(option --{name} or {environment_variable(name)})")
    assert "\n" not in text and "Value error" not in text


def test_a_setting_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UserError, match="colour='red'"):
        Settings.load({"colour": "red"}, {})


def test_a_refusal_does_not_tell_a_password() -> None:
    with pytest.raises(UserError) as refused:
        Settings.load({"store": "mysql://user:hunter2@host/name"}, {})
    assert "hunter2" not in str(refused.value)
