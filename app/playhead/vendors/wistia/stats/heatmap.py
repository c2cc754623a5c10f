"""The heat map page of one event:

a bar that shows what was watched, and how often — evidence/wistia.md §4.
"""

from collections.abc import Iterable
from html import escape
from itertools import accumulate, pairwise
from typing import NamedTuple

from playhead.analytics.catalog import Media
from playhead.analytics.viewings import PlayedSpan, ViewerProfile, Viewing
from playhead.domain.clock import utc_datetime
from playhead.vendors.wistia import rates, vocabulary

COLOURS = (
    "#ffffff",
    "#5bb85c",
    "#f7dc4b",
    "#f39c3d",
    "#ec6a5e",
    "#a3160f",
)  # white, green, yellow, orange, light red, dark red
IDENTIFIED_COLOUR, ANONYMOUS_COLOUR = (
    "#2e7de1",
    "#8a8f98",
)  # the play count's box: blue for somebody, grey for anybody

STYLE = (
    "*{box-sizing:border-box}body{margin:0;padding:6px "
    "8px;background:#fff;color:#333;font:12px/16px sans-serif}"
    ".line{display:flex;align-items:center;gap:8px}"
    ".bar{display:flex;flex:1;height:24px;border:1px solid #999}.bar "
    "span{height:100%}"
    ".percent{width:40px;text-align:right;font-weight:bold}"
    ".plays{color:#fff;padding:0 5px;border-radius:2px}"
    "summary{cursor:pointer;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}"
)


class PassRun(NamedTuple):
    """Neighbouring seconds that were watched equally often."""

    start: int
    stop: int
    passes: int


def pass_runs(spans: Iterable[PlayedSpan], seconds: int) -> list[PassRun]:
    """A media's seconds, in order, in runs of equal passes."""
    changes = [0] * (seconds + 1)
    for span in spans:
        changes[min(span.start, seconds)] += 1
        changes[min(span.stop, seconds)] -= 1
    marks = [0, *(at for at, change in enumerate(changes) if change and 0 < at < seconds), seconds]
    passes = list(accumulate(changes))
    return [PassRun(start, stop, passes[start]) for start, stop in pairwise(marks)]


def render_page(media: Media, viewing: Viewing, spans: Iterable[PlayedSpan], *, plays: int) -> str:
    """The whole page; `plays` is how often its viewer played anything."""
    percent = round(100 * rates.percent_viewed(media, viewing.distinct_seconds))
    bar = "".join(_bar_segment(run, media.seconds) for run in pass_runs(spans, media.seconds))
    line = (
        f'<div class="line"><div class="bar">{bar}</div><div class="percent">{percent}%</div></div>'
    )
    return _document(
        media.title,
        (
            f"{line}<details><summary>{_label(viewing, plays)}</summary>{_details(media, viewing)}"
            "</details>"
        ),
    )


def render_notice(text: str) -> str:
    """A page that says why there is no heat map."""
    return _document("Heatmap", f"<p>{escape(text)}</p>")


def _document(title: str, body: str) -> str:
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'


def _bar_segment(run: PassRun, seconds: int) -> str:
    width = 100 * (run.stop - run.start) / seconds
    colour = COLOURS[min(run.passes, len(COLOURS) - 1)]
    times = "once" if run.passes == 1 else f"{run.passes} times" if run.passes else "not"
    title = f"{_position(run.start)} – {_position(run.stop)}, {times} watched"
    return f'<span style="width:{width:.6f}%;background:{colour}" title="{title}"></span>'


def _position(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


def _label(viewing: Viewing, plays: int) -> str:
    viewer = viewing.viewer
    box = (
        f'<span class="plays" style="background:'
        f"{IDENTIFIED_COLOUR if viewer.name or viewer.email else ANONYMOUS_COLOUR}"
        f'">{plays}</span>'
    )
    phone = "<span title=mobile>&#128241;</span> " if viewer.device.type == "mobile" else ""
    loaded_at = f"{utc_datetime(viewing.loaded_at):%Y-%m-%d %H:%M} UTC"
    return f"{box} {phone}{escape(' · '.join([loaded_at, *_viewer_parts(viewer)]))}"


def _viewer_parts(viewer: ViewerProfile) -> list[str]:
    place = ", ".join(
        part
        for part in (viewer.place.city, viewer.place.subdivision_name, viewer.place.country)
        if part
    )
    return [part for part in (viewer.name or viewer.email or viewer.organisation, place) if part]


def _details(media: Media, viewing: Viewing) -> str:
    viewer = viewing.viewer
    device = (
        f"{vocabulary.browser(viewer.device.browser)} "
        f"{vocabulary.browser_version(viewer.device.browser_version)}"
        f", {vocabulary.platform(viewer.device.os)}"
    )
    facts = {
        "Media": media.title,
        "Page": viewing.page.url or "",
        "Device": device,
        "IP": vocabulary.format_ip(viewer.ip),
        "E-mail": viewer.email or "",
    }
    return "".join(f"<div>{name}: {escape(value)}</div>" for name, value in facts.items() if value)
