"""Cache of generated worlds: one SQLite file a world, which a new store is copied from."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from playhead.settings import Settings
from playhead.storage.database import Store, open_for_bulk_load, open_store
from playhead.world import provisioning
from playhead.world.generator.random import WORLD_VERSION
from playhead.world.provisioning import Progress
from playhead.world.registry import WorldKey


def _open_store(
    settings: Settings, key: WorldKey, *, anchor: int, progress: Progress | None
) -> Store:
    """The store of the settings; a new SQLite file begins as a copy of the cached world."""
    template = (
        _cached_world_file(settings.cache, key, progress) if _is_new_file(settings.store) else None
    )
    store = open_store(settings.store, template=template, anchor=anchor)
    try:
        if not store.is_initialized(world_version=WORLD_VERSION):
            store.create_tables(world_version=WORLD_VERSION, anchor=anchor)
    except BaseException:
        store.close()
        raise
    return store


def _is_new_file(url: str | None) -> bool:
    if url is None:
        return True
    file = url.removeprefix("sqlite:///")
    return file != url and bool(file) and not Path(file).exists() and Path(file).parent.is_dir()


def _cached_world_file(directory: Path, key: WorldKey, progress: Progress | None) -> Path | None:
    """The file that keeps the world in the cache, made where it is missing.

    None where nothing can be kept.
    """
    file = directory / f"{key.name}.sqlite"
    if _is_sqlite_file(file):
        return file
    try:
        directory.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f"{key.name}.", suffix=".part", dir=directory)
        os.close(handle)
        partial = Path(name)
        try:
            _generate_into(partial, key, progress)
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
    except (OSError, DatabaseError):
        return None
    return file


def _is_sqlite_file(file: Path) -> bool:
    """Whether the cache holds the file, and nothing has spoiled its beginning."""
    try:
        with file.open("rb") as kept:
            return kept.read(16) == b"SQLite format 3\0"
    except OSError:
        return False


def _generate_into(file: Path, key: WorldKey, progress: Callable[[int, int], None] | None) -> None:
    store = open_for_bulk_load(file)
    try:
        store.create_tables(world_version=WORLD_VERSION, anchor=0)
        provisioning.ensure(store, key, progress=progress)
    finally:
        store.close()
