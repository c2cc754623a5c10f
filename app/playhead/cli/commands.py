"""What the commands do: serve, fill a store, list ids."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from sqlalchemy.exc import DBAPIError

from playhead.domain.account import Account
from playhead.domain.clock import monotonic_seconds, utc_datetime
from playhead.domain.errors import ApiError, UserError
from playhead.emulator import Emulator
from playhead.gateway.credentials import parse_api_key
from playhead.gateway.vendor import Vendor
from playhead.server import Workers, base_url, listen, uvicorn_server
from playhead.settings import Settings
from playhead.vendors import VENDORS
from playhead.world import registry
from playhead.world.provisioning import Progress

DEMO_KEY = "demo"
PROGRESS_DELAY = 1.0  # seconds that a world may take before a bar is shown
Echo = Callable[[str], None]
Catalog = dict[str, list[dict[str, str]]]


def serve(settings: Settings, *, echo: Echo) -> None:
    """Listen, say where and what, and answer until told to end; raises Refusal."""
    listening = listen(settings.host, settings.port)
    with listening, _emulator(settings) as emulator:
        echo(_greeting(emulator, base_url(listening)))
        if settings.workers > 1:
            Workers(emulator, listening).run()
            return
        with suppress(
            KeyboardInterrupt
        ):  # uvicorn has answered what was under way, then says it again
            uvicorn_server(emulator).run(sockets=[listening])


def _greeting(emulator: Emulator, url: str) -> str:
    world = emulator.world_summary()
    now = emulator.clock.now()
    clock = (
        f"clock frozen at {utc_datetime(now):%Y-%m-%dT%H:%M:%SZ}"
        if emulator.settings.now
        else "the machine's clock"
    )
    lines = [
        f"Playhead listens on {url} ({clock})",
        (
            f"scenario {world.scenario}, seed {world.seed}: {world.media} media, {world.viewers}"
            f" viewers, {world.viewings} viewings"
        ),
        f"world version {world.version}, digest {world.digest}",
        "Any key opens an account of its own. Try:",
    ]
    account = emulator.open_account(DEMO_KEY)
    for vendor in VENDORS:
        with emulator.snapshot(account, vendor.visibility) as reading:
            lines.append(f"  {vendor.curl_example(reading, url)}")
    return "\n".join(lines)


def seed(settings: Settings, *, verify: bool, echo: Echo) -> None:
    """Fill the store (or the cache) and say rows, seconds and digest.

    With `verify` the digest of the stored rows must be the same.
    """
    started = monotonic_seconds()
    with _emulator(settings) as emulator:
        seconds = monotonic_seconds() - started
        world = emulator.world_summary()
        where = emulator.store.safe_url if settings.store else settings.cache
        echo(
            f"{world.viewings} viewings, {world.viewers} viewers, "
            f"{world.media} media in {seconds:.2f}"
            f" s ({where})"
        )
        echo(
            f"scenario {world.scenario}, seed {world.seed}, world version {world.version}, "
            f"digest {world.digest}"
        )
        if verify:
            _verify(emulator, world.digest, echo)


def _verify(emulator: Emulator, digest: str, echo: Echo) -> None:
    with emulator.store.snapshot() as connection:
        found = registry.digest_from_rows(connection, emulator.world)
    if found != digest:
        raise UserError(
            f"the store's rows digest to {found}, not to {digest}: they were changed; delete "
            "the store and let Playhead make it anew"
        )
    echo(f"verified: the stored rows digest to {found}")


def catalog(settings: Settings, *, key: str) -> Catalog:
    """What exists in the account of a key, by vendor: kind, id and title; raises Refusal."""
    try:
        name = parse_api_key(key, field="--key")
    except ApiError as failure:
        raise UserError(failure.describe()) from None
    with _emulator(settings) as emulator:
        return catalog_of(emulator, emulator.open_account(name), VENDORS)


def catalog_of(emulator: Emulator, account: Account, vendors: Sequence[Vendor]) -> Catalog:
    """What exists in an account, by vendor: kind, id and title."""
    found: Catalog = {}
    for vendor in vendors:
        with emulator.snapshot(account, vendor.visibility) as reading:
            found[vendor.name] = [
                {"kind": kind, "id": id_, "title": title}
                for kind, id_, title in vendor.catalog(reading)
            ]
    return found


def format_table(catalog: Catalog) -> str:
    """A catalog as aligned lines: vendor, kind, id, title."""
    rows = [
        (vendor, entry["kind"], entry["id"], entry["title"])
        for vendor, entries in catalog.items()
        for entry in entries
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    return "\n".join(
        "  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[3]])
        for row in rows
    )


@contextmanager
def _emulator(settings: Settings) -> Iterator[Emulator]:
    """An emulator of the settings, closed at the end.

    Raises Refusal for a store that cannot be read or written.
    """
    try:
        with _progress() as progress:
            emulator = Emulator.open(settings, progress=progress)
    except (OSError, DBAPIError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise UserError(
            f"{settings.store or 'the temporary store'} cannot be used: {reason}"
        ) from None
    try:
        yield emulator
    finally:
        emulator.close()


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on stderr, once a world has taken longer than a moment, where a person looks on."""
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    started = monotonic_seconds()
    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("generating the world", total=None, visible=False)
        yield lambda done, of: bar.update(
            task, completed=done, total=of, visible=monotonic_seconds() - started > PROGRESS_DELAY
        )
