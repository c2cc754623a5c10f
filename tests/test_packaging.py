"""What a user installs and starts: the pins, the wheel, the image and the compose file."""

import contextlib
import hashlib
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import playhead

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RUNTIME: list[str] = [
    *PROJECT["dependencies"],
    *PROJECT["optional-dependencies"]["postgres"],
    *PROJECT["optional-dependencies"]["metrics"],
]
TOOLS: list[str] = PROJECT["optional-dependencies"]["test"]


# ---- Pins


def test_constraints_are_names_and_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[^ ]+", line)] == []


def test_constraints_pin_exactly_what_gets_installed() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = {
        str(canonicalize_name(name)): version
        for name, version in (line.split("==") for line in lines)
    }
    assert pins == closure([*RUNTIME, *TOOLS])


def closure(requirements: list[str]) -> dict[str, str]:
    """Name → version of the wanted requirements and all that they bring along, as installed here,
    without Playhead itself.
    """
    versions: dict[str, str] = {}
    seen: set[str] = set()
    pending = [Requirement(line) for line in requirements]
    while pending:
        requirement = pending.pop()
        if str(requirement) in seen or requirement.name == "playhead":
            continue
        seen.add(str(requirement))
        distribution = metadata.distribution(requirement.name)
        versions[canonicalize_name(requirement.name)] = distribution.version
        pending += [
            each
            for each in map(Requirement, distribution.requires or [])
            if applies(each, extras=requirement.extras)
        ]
    return versions


def applies(requirement: Requirement, *, extras: set[str]) -> bool:
    """Whether the requirement is wanted on this machine, given the extras that were asked for."""
    return requirement.marker is None or any(
        requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras)
    )


# ---- The wheel


def test_the_wheel_carries_the_fixtures_as_files(tmp_path: Path) -> None:
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--wheel-dir",
            tmp_path,
            ROOT,
        ],
        check=True,
    )
    fixtures = ROOT / "fixtures"
    expected = {
        f"playhead/fixtures/{file.relative_to(fixtures).as_posix()}": file.read_bytes()
        for file in fixtures.rglob("*")
        if file.is_file()
    }
    with zipfile.ZipFile(next(tmp_path.glob("playhead-*.whl"))) as wheel:
        carried = {
            name: wheel.read(name)
            for name in wheel.namelist()
            if name.startswith("playhead/fixtures/")
        }
        entry_points = next(
            wheel.read(name) for name in wheel.namelist() if name.endswith("entry_points.txt")
        )
    assert carried == expected
    assert {
        "playhead/fixtures/places.csv",
        "playhead/fixtures/devices.csv",
        "playhead/fixtures/scenarios/demo.yaml",
    } <= carried.keys()
    assert b"playhead = playhead.cli.main:main" in entry_points


# ---- The image. There is no Docker where the tests run, so the Dockerfile's lines are done here by
# a user who is not root.


@pytest.fixture
def container() -> Iterator["Container"]:
    with tempfile.TemporaryDirectory(prefix="playhead-image-") as folder:
        yield Container(Path(folder))


def test_the_image_builds_and_serves_as_a_user_who_is_not_root(container: "Container") -> None:
    container.build()
    assert container.healthcheck() != 0, "the health check must fail while nothing serves"
    with (container.root / "log").open("wb") as log:
        server = container.start(log.fileno())
        try:
            deadline = time.monotonic() + 60
            while container.healthcheck() != 0:
                assert server.poll() is None and time.monotonic() < deadline, (
                    container.root / "log"
                ).read_text()
            server.terminate()
            server.wait(timeout=20)
        finally:
            server.kill()
            server.wait()
    assert "Traceback" not in (container.root / "log").read_text()
    assert any((container.root / "var/cache/playhead").iterdir()), "the demo world is not baked in"
    assert (container.root / "data/playhead.db").exists(), "the volume does not hold the store"


def test_the_image_runs_as_a_number_that_is_not_root() -> None:
    (user,) = (rest for word, rest in dockerfile() if word == "USER")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)


def test_the_image_names_its_version() -> None:
    labels = dict(
        pair.split("=", 1)
        for word, rest in dockerfile()
        if word == "LABEL"
        for pair in shlex.split(rest)
    )
    assert labels["org.opencontainers.image.version"] == playhead.__version__


def test_the_build_context_holds_exactly_what_is_copied() -> None:
    copied = {
        source for word, rest in dockerfile() if word == "COPY" for source in shlex.split(rest)[:-1]
    }
    allowed = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    assert copied == allowed


def dockerfile() -> list[tuple[str, str]]:
    """The Dockerfile's instructions: (word, rest), continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace(
        "\\\n", " "
    )
    return [
        (word, rest.strip())
        for word, _, rest in (line.partition(" ") for line in text.splitlines() if line.strip())
    ]


class Container:
    """The Dockerfile carried out below a folder:

    its paths moved there, its packages in a virtual environment, its user in charge.
    """

    # The image's own folders. A RUN line that writes to another one fails here: the user may not.
    PATHS = re.compile(r"(?<![\w.])(?=/(?:opt/playhead|data|var/cache/playhead)(?![\w-]))")

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root
        (owner,) = (rest for word, rest in dockerfile() if word == "USER")
        self.owner = owner
        self.user, self.group = (
            map(int, owner.split(":")) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
        )
        self.make_owned(root)
        venv = self.packages()
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PLAYHEAD_", "PYTEST_", "PYTHON", "VIRTUAL_ENV"))
        }
        self.environment = clean | {
            "PATH": f"{venv / 'bin'}:{os.environ['PATH']}",
            "HOME": str(root),
            "XDG_CACHE_HOME": str(root / "elsewhere"),
        }
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = {
                "PLAYHEAD_HOST": "127.0.0.1",
                "PLAYHEAD_PORT": str(free.getsockname()[1]),
            }

    def build(self) -> None:
        """Every instruction in its order; one that is not in the table is an error."""
        steps: dict[str, Callable[[str], object]] = {
            "ENV": self.set,
            "WORKDIR": self.enter,
            "COPY": self.copy,
            "RUN": self.run,
        }
        metadata_words = {
            "FROM",
            "LABEL",
            "USER",
            "VOLUME",
            "EXPOSE",
            "HEALTHCHECK",
            "CMD",
        }  # facts about the image: nothing to do
        for word, rest in dockerfile():
            if word not in metadata_words:
                steps[word](self.relocate(rest))

    def healthcheck(self) -> int:
        """The exit code of the HEALTHCHECK command."""
        (rest,) = (rest for word, rest in dockerfile() if word == "HEALTHCHECK")
        return subprocess.run(
            json.loads(rest.partition("CMD ")[2]),
            env=self.environment | self.address,
            capture_output=True,
            **self.as_user(),
        ).returncode

    def start(self, log: int) -> subprocess.Popen[bytes]:
        """The CMD as a running process."""
        (rest,) = (rest for word, rest in dockerfile() if word == "CMD")
        return subprocess.Popen(
            json.loads(rest),
            env=self.environment | self.address,
            stdout=log,
            stderr=subprocess.STDOUT,
            **self.as_user(),
        )

    def set(self, rest: str) -> None:
        self.environment |= dict(pair.split("=", 1) for pair in shlex.split(rest))

    def enter(self, rest: str) -> None:
        self.folder = Path(rest)
        self.folder.mkdir(parents=True, exist_ok=True)

    def copy(self, rest: str) -> None:
        *sources, target = shlex.split(rest)
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(
                    ROOT / source,
                    self.folder / target,
                    symlinks=True,
                    ignore=shutil.ignore_patterns("__pycache__"),
                )
            else:
                shutil.copy(ROOT / source, self.folder / target)

    def run(self, rest: str) -> None:
        done = subprocess.run(
            ["/bin/sh", "-c", rest],
            env=self.environment,
            capture_output=True,
            text=True,
            **self.as_user(),
        )
        assert done.returncode == 0, f"RUN {rest}\n{done.stdout}{done.stderr}"

    def relocate(self, text: str) -> str:
        """The text with the image's folders below ours, and its owner replaced by whoever runs the
        tests, where that is not root.
        """
        mine = "-o {} -g {}"
        return self.PATHS.sub(str(self.root), text).replace(
            mine.format(*self.owner.split(":")), mine.format(self.user, self.group)
        )

    def as_user(self) -> dict[str, Any]:  # Any: keyword arguments of subprocess
        who = (
            {"user": self.user, "group": self.group, "extra_groups": []}
            if os.geteuid() == 0
            else {}
        )
        return {"cwd": self.folder, **who}

    def make_owned(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        os.chown(folder, self.user, self.group)

    def packages(self) -> Path:
        """A virtual environment with the pinned packages of the image, kept from run to run under
        what decides its contents.
        """
        python = self.interpreter()
        facts = [python, self.owner, *RUNTIME, (ROOT / "constraints.txt").read_text()]
        venv = (
            self.cache_folder() / f"image-{hashlib.sha256(repr(facts).encode()).hexdigest()[:16]}"
        )
        if (venv / "complete").exists():
            return venv
        shutil.rmtree(venv, ignore_errors=True)
        self.make_owned(venv)
        pins = shutil.copy(ROOT / "constraints.txt", self.root)
        for command in (
            [python, "-m", "venv", str(venv)],
            [
                f"{venv}/bin/python",
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-cache-dir",
                "-c",
                str(pins),
                *RUNTIME,
            ],
        ):
            subprocess.run(
                command, check=True, env=os.environ | {"HOME": str(self.root)}, **self.as_user()
            )
        (venv / "complete").touch()
        return venv

    def interpreter(self) -> str:
        """A Python that the image's user may execute:

        ours, unless it lies in a home that is closed to others.
        """
        suits = "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"
        for found in filter(
            None,
            [
                sys.executable,
                *(
                    shutil.which("python3", path=folder)
                    for folder in ("/usr/local/bin", "/usr/bin")
                ),
            ],
        ):
            python = str(Path(found).resolve())
            with contextlib.suppress(PermissionError):
                if (
                    subprocess.run(
                        [python, "-c", suits], capture_output=True, **self.as_user()
                    ).returncode
                    == 0
                ):
                    return python
        pytest.skip(f"user {self.user} may execute no Python >= 3.11 of this machine")

    def cache_folder(self) -> Path:
        """The checkout's .cache, or the temporary folder where the image's user cannot reach the
        checkout.
        """
        reachable = all(folder.stat().st_mode & 0o001 for folder in (ROOT, *ROOT.parents))
        return ROOT / ".cache" if reachable or os.geteuid() != 0 else self.root


# ---- Starting it


def test_compose_publishes_on_this_machine_only() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    published = {name: service.get("ports", []) for name, service in compose["services"].items()}
    assert published == {
        "playhead": ["127.0.0.1:8000:8000"],
        "playhead-postgres": ["127.0.0.1:8001:8000"],
        "postgres": [],
    }


def test_compose_starts_postgres_only_when_asked() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    assert {name: service.get("profiles", []) for name, service in compose["services"].items()} == {
        "playhead": [],
        "playhead-postgres": ["postgres"],
        "postgres": ["postgres"],
    }
    assert compose["services"]["playhead-postgres"]["environment"]["PLAYHEAD_STORE"].startswith(
        "postgresql+psycopg://"
    )
    assert all(service["healthcheck"]["test"] for service in compose["services"].values())


def test_other_services_reach_the_control_api_by_the_names_of_compose() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    known = {
        name: service["environment"]["PLAYHEAD_CONTROL_HOSTS"]
        for name, service in services.items()
        if service.get("image") == "playhead"
    }
    (set_,) = (
        dict(pair.split("=", 1) for pair in shlex.split(rest))
        for word, rest in dockerfile()
        if word == "ENV" and "CONTROL_HOSTS" in rest
    )
    assert known == {"playhead": "playhead", "playhead-postgres": "playhead-postgres"}
    assert set_["PLAYHEAD_CONTROL_HOSTS"].split(",") == list(known)


def test_ci_calls_make() -> None:
    script = ROOT / ".ci/run"
    assert script.read_text().splitlines()[-1] == "make check test"
    assert os.access(script, os.X_OK)


@pytest.mark.parametrize(
    "target", ["run", "test", "check", "bench", "openapi", "people", "explore"]
)
def test_make_has_the_target(target: str) -> None:
    assert (
        subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True).returncode == 0
    )


@pytest.mark.parametrize("command", ["make run", "docker compose up"])
def test_the_readme_names_the_command(command: str) -> None:
    assert command in (ROOT / "README.md").read_text()


def test_the_readme_is_the_description_of_the_package() -> None:
    assert PROJECT["readme"] == "README.md"
