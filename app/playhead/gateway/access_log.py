"""What a request leaves behind: one line of the log and one entry of the journal."""

import json
import sys
from collections.abc import Callable
from urllib.parse import quote, unquote

from playhead.gateway.context import RequestContext
from playhead.journal.entry import ANONYMOUS, JournalEntry

LogWriter = Callable[[str], None]


def write_to_stderr(line: str) -> None:
    """Write a line of the log."""
    print(line, file=sys.stderr, flush=True)


class AccessLog:
    """Writes one line a request: as text, as JSON, or not at all (`off`)."""

    def __init__(self, mode: str, write: LogWriter = write_to_stderr) -> None:
        self.mode = mode
        self.write = write

    def log(self, context: RequestContext) -> None:
        """Write the request's line, and the traceback of a crash in every mode."""
        if self.mode == "json":
            self.write(_json_line(context))
        elif self.mode != "off":
            self.write(_text_line(context))
        if context.crash:
            self.write(context.crash)


def _text_line(context: RequestContext) -> str:
    vendor = context.vendor_name
    account = context.account_name or "-"
    path = quote(context.scope["path"])  # a path cannot break the line
    request = f"{context.scope['method']} {path} {context.status}"
    line = f"{vendor} {context.operation or '-'} {account!r} {request} {_milliseconds(context)} ms"
    reason = _reason(context)
    return f"{line} {reason}" if reason else line


def _json_line(context: RequestContext) -> str:
    line = {
        "vendor": context.vendor_name,
        "operation": context.operation or "-",
        "account": context.account_name,
        "method": context.scope["method"],
        "path": context.scope["path"],
        "status": context.status,
        "milliseconds": _milliseconds(context),
        "reason": _reason(context),
    }
    return json.dumps(line, ensure_ascii=False)


def _milliseconds(context: RequestContext) -> float:
    return round(context.elapsed_seconds * 1000, 1)


def _reason(context: RequestContext) -> str:
    return "; ".join(filter(None, [context.interventions, context.reason]))


def journal_entry(context: RequestContext, *, secret_params: frozenset[str]) -> JournalEntry:
    """The journal's entry, with the values of secret parameters masked."""
    query = context.scope["query_string"].decode("latin-1")
    return JournalEntry(
        account=context.account.id if context.account else ANONYMOUS,
        at_ms=context.received_at_ms,
        vendor=context.vendor_name,
        operation=context.operation,
        method=context.scope["method"],
        path=context.raw_path.decode("latin-1"),
        query=_mask_query(query, secret_params),
        status=context.status,
        microseconds=round(context.elapsed_seconds * 1_000_000),
        interventions=context.interventions,
        retry=context.retry_count(),
        reason=context.reason,
    )


def _mask_query(query: str, secret_params: frozenset[str]) -> str:
    if not secret_params or not query:
        return query
    pairs = [pair.partition("=") for pair in query.split("&")]
    return "&".join(
        f"{name}{equals}{'***' if unquote(name) in secret_params else value}"
        for name, equals, value in pairs
    )
