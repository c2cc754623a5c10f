"""Compare the vendors' answers of the working tree with those of a commit.

    python -m tools.compare_answers OLD_REF

Exit code 0: no difference. 1: differences, which are printed. 2: a server cannot be asked.
"""

import argparse
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.answer_difference import IGNORED, difference
from tools.earlier_answers import FOLLOWING, given_by
from tools.openapi_operations import operations_of
from tools.request_list import counts, requests_of, thinned
from tools.running_server import (
    Answer,
    RunningServer,
    ServerError,
    catalogue,
    python_of,
    resolved,
    serving,
)
from tools.vendor_requests import Ids, VendorRequest

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".cache/compare"
DEMO_PUBLIC_TOKEN = "p5j1mnpakv"
Pair = tuple[RunningServer, RunningServer]


class Options(argparse.Namespace):
    """What the command line says."""

    old_ref: str
    new_python: Path
    only: str | None
    all: bool
    verbose: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    options = _parser().parse_args(arguments, namespace=Options())
    try:
        return _compare(options)
    except (ServerError, OSError) as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="compare_answers", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("old_ref", metavar="OLD_REF", help="commit whose answers are right")
    add("--new-python", type=Path, default=Path(sys.executable), metavar="PATH",
        help="interpreter in which the new Playhead is installed (default: this one)")  # fmt: skip
    add("--only", metavar="VENDOR", help="send only the requests of this vendor")
    add("--all", action="store_true", help="send about 200 more requests")
    add("--verbose", action="store_true", help="print each request and its status")
    return parser


def _compare(options: Options) -> int:
    commit = resolved(options.old_ref, ROOT)
    old_python = python_of(commit, ROOT, CACHE)
    old_cache = CACHE / commit / "worlds"
    listed = catalogue(old_python, old_cache)
    requests = _requests(options, listed)
    if not requests:
        raise ServerError(f"No vendor {options.only}. openapi/ has one document for each vendor.")
    _announce(requests)
    with ExitStack() as servers:
        # Made anew at each run: a world that older code generated would hide a difference.
        new_cache = Path(servers.enter_context(TemporaryDirectory(dir=CACHE)))
        old = servers.enter_context(serving(old_python, old_cache))
        new = servers.enter_context(serving(options.new_python.absolute(), new_cache))
        _prepare((old, new), listed)
        differences = sum(_differs((old, new), request, options) for request in requests)
    if differences:
        print(f"{differences} differences in {len(requests)} answers")
        return 1
    print(f"no difference in {len(requests)} answers")
    return 0


def _requests(options: Options, listed: dict[str, Ids]) -> list[VendorRequest]:
    requests = requests_of(operations_of(ROOT / "openapi"), listed)
    kept = requests if options.all else thinned(requests)
    kept += FOLLOWING
    return [request for request in kept if options.only in (None, request.vendor)]


def _announce(requests: Sequence[VendorRequest]) -> None:
    by_vendor = ", ".join(f"{vendor} {count}" for vendor, count in counts(requests).items())
    print(f"{len(requests)} requests: {by_vendor}")
    print("not compared: " + "; ".join(f"{name} ({why})" for name, why in IGNORED.items()))


def _prepare(servers: Pair, listed: dict[str, Ids]) -> None:
    """Give each server's requests its own tokens and cursors, and the demo's public token."""
    public = listed.get("wistia", {}).get("public_token", [DEMO_PUBLIC_TOKEN])[0]
    for server in servers:
        server.given = {**given_by(server), "public_token": public}


def _differs(servers: Pair, request: VendorRequest, options: Options) -> bool:
    """Ask both servers, and print the difference of their answers."""
    old, new = _ask_both(servers, request)
    if not old.status:
        raise ServerError(f"The old server does not answer ({old.reason}): {request}")
    lines = difference(old, new)
    if options.verbose:
        print(f"{old.status} {len(old.body)} bytes  {request}")
    if lines:
        print("\n".join([str(request), *(f"  {line}" for line in lines), ""]))
    return bool(lines)


def _ask_both(servers: Pair, request: VendorRequest) -> tuple[Answer, Answer]:
    with ThreadPoolExecutor(2) as threads:
        old, new = threads.map(lambda server: server.ask(request), servers)
    return old, new


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends the servers, like Ctrl-C
    sys.exit(main())
