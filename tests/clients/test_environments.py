"""A client is installed once and whole. No client is installed here: the kind is one of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clients import environments
from tests.clients.environments import ClientKind, install_client

NAME = "wystia-1.2.2"


@pytest.fixture(autouse=True)
def clients_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(environments, "FOLDERS", tmp_path)
    return tmp_path / NAME


@pytest.fixture
def fake_kind() -> ClientKind:
    """A kind whose installing writes down the pins."""

    def install(folder: Path, pins: list[str]) -> None:
        (folder / "pins").write_text("\n".join(pins))

    return ClientKind(install=install, start=environments.start_python)


def failing_install(folder: Path, pins: list[str]) -> None:
    (folder / "half").touch()
    raise RuntimeError("the line was cut")


def test_a_client_is_installed_with_what_its_pins_name(fake_kind: ClientKind) -> None:
    assert "wystia==1.2.2" in (install_client(NAME, fake_kind) / "pins").read_text()


def test_an_installed_client_is_not_installed_again(fake_kind: ClientKind) -> None:
    install_client(NAME, fake_kind)
    install_client(NAME, ClientKind(install=failing_install, start=fake_kind.start))


def test_half_an_install_is_done_afresh(fake_kind: ClientKind, clients_folder: Path) -> None:
    with pytest.raises(RuntimeError, match="the line was cut"):
        install_client(NAME, ClientKind(install=failing_install, start=fake_kind.start))
    install_client(NAME, fake_kind)
    assert not (clients_folder / "half").exists()


def test_another_python_s_install_is_done_afresh(
    fake_kind: ClientKind, clients_folder: Path
) -> None:
    install_client(NAME, fake_kind)
    (clients_folder / ".installed").write_text("cpython-27")
    (clients_folder / "pins").unlink()
    assert (install_client(NAME, fake_kind) / "pins").exists()
