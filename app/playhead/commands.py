"""What the commands do: serve, fill a store, list ids, ask a server whether it is well."""

import http.client
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playhead.clock import stopwatch, utc
from playhead.emulator import Emulator
from playhead.failure import Refusal
from playhead.server import address, listen, uvicorn_server
from playhead.settings import Settings
from playhead.stats.reading import Reading
from playhead.vendors import VENDORS
from playhead.world import growth
from playhead.world.growth import Progress

DEMO_KEY = "demo"
Say = Callable[[str], None]


def serve(settings: Settings, *, say: Say) -> None:
    """Listen, say where and what, and answer until interrupted; raises Refusal."""
    listening = listen(settings.host, settings.port)
    with _progress() as progress:
        emulator = Emulator.open(settings, progress=progress)
    try:
        say(_greeting(emulator, address(listening)))
        uvicorn_server(emulator).run(sockets=[listening])
    finally:
        emulator.close()
        listening.close()


def _greeting(emulator: Emulator, url: str) -> str:
    world, now = emulator.summary(), emulator.clock.now()
    clock = f"clock frozen at {utc(now):%Y-%m-%dT%H:%M:%SZ}" if emulator.settings.now else "the machine's clock"
    lines = [
        f"Playhead listens on {url} ({clock})",
        f"scenario {world.scenario}, seed {world.seed}: {world.media} media, {world.viewers} viewers, {world.viewings} viewings",
        f"world version {world.version}, digest {world.digest}",
        "Any key opens an account of its own. Try:",
    ]
    account = emulator.account(DEMO_KEY)
    with emulator.store.snapshot() as connection:
        lines += [f"  {vendor.example(Reading(connection, account, vendor.sight), url)}" for vendor in VENDORS]
    return "\n".join(lines)


def seed(settings: Settings, *, verify: bool, say: Say) -> None:
    """Fill the store (or the cache) and say rows, seconds and digest; with `verify` the digest of the stored rows must be the same."""
    started = stopwatch()
    with _progress() as progress:
        emulator = Emulator.open(settings, progress=progress)
    try:
        seconds, world = stopwatch() - started, emulator.summary()
        where = emulator.store.name if settings.store else settings.cache
        say(f"{world.viewings} viewings, {world.viewers} viewers, {world.media} media in {seconds:.2f} s ({where})")
        say(f"scenario {world.scenario}, seed {world.seed}, world version {world.version}, digest {world.digest}")
        if verify:
            _verify(emulator, world.digest, say)
    finally:
        emulator.close()


def _verify(emulator: Emulator, digest: str, say: Say) -> None:
    with emulator.store.snapshot() as connection:
        found = growth.digest_read_back(connection, emulator.world)
    if found != digest:
        raise Refusal(f"the store's rows digest to {found}, not to {digest}: they were changed; delete the store and let Playhead make it anew")
    say(f"verified: the stored rows digest to {found}")


def catalog(settings: Settings, *, key: str) -> dict[str, list[dict[str, str]]]:
    """What exists in the account of a key, by vendor: kind, id and title."""
    emulator = Emulator.open(settings)
    try:
        account = emulator.account(key)
        with emulator.store.snapshot() as connection:
            return {
                vendor.name: [{"kind": kind, "id": id_, "title": title} for kind, id_, title in vendor.catalog(Reading(connection, account, vendor.sight))]
                for vendor in VENDORS
            }
    finally:
        emulator.close()


def answers(settings: Settings) -> bool:
    """Whether a server at the settings' address answers well; every address of this machine is asked on loopback."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    connection = http.client.HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on stderr, from when a world takes longer than a moment, where a person looks on."""
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    started = stopwatch()
    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("generating the world", total=None, visible=False)
        yield lambda done, of: bar.update(task, completed=done, total=of, visible=stopwatch() - started > 0.5)
