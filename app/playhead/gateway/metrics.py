"""Metrics: the requests that this process answered, counted and timed for Prometheus.

Off unless the setting asks for them.
"""

import os

from playhead.domain.errors import UserError
from playhead.journal.entry import JournalEntry
from playhead.settings import environment_variable

LABELS = ("vendor", "operation", "status", "process")
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds


class Metrics:
    """Counters of one emulator in one process.

    Each process is a series of its own, since a scrape reaches any one of them.
    """

    def __init__(self) -> None:
        try:
            from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
        except ImportError:
            said = f"--metrics or {environment_variable('metrics')}"
            raise UserError(
                "metrics need the package prometheus-client: pip install 'playhead[metrics]', "
                f"or leave out {said}"
            ) from None
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "playhead_requests", "Requests that vendors answered.", LABELS, registry=self.registry
        )
        self.seconds = Histogram(
            "playhead_request_seconds",
            "Seconds that answers took, planned delays included.",
            LABELS,
            registry=self.registry,
            buckets=BUCKETS,
        )
        self.accounts = Gauge("playhead_accounts", "Accounts in the store.", registry=self.registry)

    def observe(self, entry: JournalEntry) -> None:
        """Count a request."""
        labels = (entry.vendor, entry.operation, status_class(entry.status), str(os.getpid()))
        self.requests.labels(*labels).inc()
        self.seconds.labels(*labels).observe(entry.microseconds / 1_000_000)

    def render(self, *, accounts: int) -> bytes:
        """What Prometheus reads."""
        from prometheus_client import generate_latest

        self.accounts.set(accounts)
        return generate_latest(self.registry)


def status_class(status: int) -> str:
    """`2xx`, `4xx` and so on; `cut` for a connection that was cut before there was a status."""
    return f"{status // 100}xx" if status else "cut"
