"""`python -m bench [--quick] [--only PART]`: measures, and prints one table."""

import argparse
import os
import platform
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from bench import account_lifecycle, journal, latency, seeding, startup, time_ranges
from bench.scale import FULL, QUICK, Scale
from bench.stores import Stores
from bench.table import Figure, table

Part = Callable[[Stores, Scale], Iterator[Figure]]
PARTS: Mapping[str, Part] = {
    "startup": startup.figures,
    "seeding": seeding.figures,
    "latency": latency.figures,
    "time_ranges": time_ranges.figures,
    "journal": journal.figures,
    "accounts": account_lifecycle.figures,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is wanted and print the table."""
    options = _options(arguments)
    print(_machine())
    began = time.monotonic()
    figures = list[Figure]()
    with Stores() as stores:
        for name in options.only or PARTS:
            print(f"{time.monotonic() - began:4.0f} s  {name} ...", file=sys.stderr)
            figures += PARTS[name](stores, QUICK if options.quick else FULL)
    print(table(figures))
    missed = sum(figure.is_missed for figure in figures)
    aims = sum(figure.aim is not None for figure in figures)
    seconds = time.monotonic() - began
    print(
        f"{len(figures)} figures in {seconds:.0f} s, "
        f"{missed} of {aims} aims missed; {_load_average()}"
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="22,000 viewings only, few requests: under a minute"
    )
    parser.add_argument(
        "--only",
        action="append",
        choices=list(PARTS),
        metavar="PART",
        help=f"only this part (may be repeated): {', '.join(PARTS)}",
    )
    return parser.parse_args(arguments)


def _machine() -> str:
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs"
    return (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {system}; "
        f"{_load_average()}"
    )


def _load_average() -> str:
    return f"load average {os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
