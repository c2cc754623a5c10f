"""A client is installed once and whole. No client is installed here: the kind is one of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clients import environments
from tests.clients.environments import Kind, installed

NAME = "wystia-1.2.2"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(environments, "FOLDERS", tmp_path)
    return tmp_path / NAME


@pytest.fixture
def kind() -> Kind:
    """A kind whose installing writes down the pins."""

    def install(folder: Path, pins: list[str]) -> None:
        (folder / "pins").write_text("\n".join(pins))

    return Kind(install=install, start=environments.start_python)


def broken(folder: Path, pins: list[str]) -> None:
    (folder / "half").touch()
    raise RuntimeError("the line was cut")


def test_a_client_is_installed_with_what_its_pins_name(kind: Kind) -> None:
    assert "wystia==1.2.2" in (installed(NAME, kind) / "pins").read_text()


def test_an_installed_client_is_not_installed_again(kind: Kind) -> None:
    installed(NAME, kind)
    installed(NAME, Kind(install=broken, start=kind.start))


def test_half_an_install_is_done_afresh(kind: Kind, folder: Path) -> None:
    with pytest.raises(RuntimeError, match="the line was cut"):
        installed(NAME, Kind(install=broken, start=kind.start))
    installed(NAME, kind)
    assert not (folder / "half").exists()


def test_another_python_s_install_is_done_afresh(kind: Kind, folder: Path) -> None:
    installed(NAME, kind)
    (folder / ".installed").write_text("cpython-27")
    (folder / "pins").unlink()
    assert (installed(NAME, kind) / "pins").exists()
