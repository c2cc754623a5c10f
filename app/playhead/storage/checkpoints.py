"""Checkpoints of a SQLite store:

its log is written back into its file by a thread of its own, so that nobody who changes something
waits for it.
"""

import threading
from contextlib import closing, suppress

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

INTERVAL_SECONDS = 0.5


class Checkpoints:
    """Writes the log back soon after changes.

    Where that fails, the driver does it itself when the log has grown long.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._lock = threading.Lock()
        self._change_event = threading.Event()
        self._stop_event = threading.Event()
        self._thread: threading.Thread | None = None

    def request(self) -> None:
        """Something was changed."""
        with self._lock:
            if self._thread is None and not self._stop_event.is_set():
                self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)
                self._thread.start()
        self._change_event.set()

    def stop(self) -> None:
        """Stop; the last connection that is closed writes back what is left."""
        with self._lock:
            self._stop_event.set()
        self._change_event.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop_event.is_set():
            self._change_event.wait()
            self._change_event.clear()
            if not self._stop_event.wait(INTERVAL_SECONDS):
                with (
                    suppress(SQLAlchemyError, OSError),
                    closing(self.engine.raw_connection()) as connection,
                ):
                    # Passive: it waits for nobody, and nobody for it.
                    connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
