"""create_app(emulator): what is mounted where. The only module that knows everything."""

from starlette.responses import HTMLResponse

from playhead import __version__
from playhead.control import Control
from playhead.emulator import Emulator
from playhead.gateway.dispatch import VendorDispatcher
from playhead.gateway.vendor_app import create_vendor_app
from playhead.settings import Settings
from playhead.vendors import VENDORS


def create_app(emulator: Emulator | None = None, **settings: object) -> VendorDispatcher:
    """The ASGI application over an emulator; without one, over one of its own with these settings
    (raises Refusal).

    An emulator of its own is closed when the application's lifespan ends, or by
    `app.on_shutdown()`.
    """
    own = emulator is None
    emulator = emulator or Emulator.open(Settings.load({"log": "off", **settings}))
    app = VendorDispatcher(
        [(vendor, create_vendor_app(vendor, emulator)) for vendor in VENDORS],
        index_page=HTMLResponse(_index_page()),
        control=Control(VENDORS, emulator),
        log=emulator.settings.log,
        observers=(emulator.journal.add, *([emulator.metrics.observe] if emulator.metrics else [])),
    )
    if own:
        app.on_shutdown = emulator.close
    return app


def _index_page() -> str:
    """The page at /: which vendors there are, and where."""
    rows = "".join(
        (
            f"<tr><td>{vendor.name}<td>"
            f"{', '.join(f'<code>{root}</code>' for root in vendor.path_prefixes)}"
            f"<td><code>/{vendor.name}/…</code><td>{', '.join(vendor.hosts)}"
        )
        for vendor in VENDORS
    )
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Playhead</"
        f"title><h1>Playhead {__version__}</h1>"
        "<p>An emulator of three vendors' video-statistics APIs over one synthetic "
        "world. Any key opens an account of its own."
        "<table border=1 cellpadding=6><tr><th>vendor<th>documented "
        f"paths<th>prefix<th>host names{rows}</table>"
    )
