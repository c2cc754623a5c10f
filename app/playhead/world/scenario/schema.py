"""Scenarios: what a YAML file says about a library, its audience and its rhythm."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from playhead.domain.clock import DAY
from playhead.domain.errors import UserError
from playhead.domain.media import FIRST_DAY, LAST_DAY
from playhead.world.generator import reference
from playhead.world.generator.people import available_locales

if TYPE_CHECKING:
    import yaml

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _seconds_of_day(text: str) -> int:
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?", text)
    if not match:
        raise ValueError("a time of day is written 18:30 or 18:30:05")
    hours, minutes, seconds = match.groups()
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds or 0)


def _duration_ms(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d+(:[0-5]\d){1,2}(\.\d{1,3})?", value):
        seconds = 0.0
        for part in value.split(":"):
            seconds = seconds * 60 + float(part)
        return round(seconds * 1000)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return round(value * 1000)
    raise ValueError("a duration is written 4:32, 1:02:03 or as a number of seconds")


def _relative_time(value: object) -> object:
    match = re.fullmatch(r"([+-]?\d+)d(?:\s+(\S+))?", str(value))
    if not match:
        raise ValueError(
            "a moment is written -10d 12:00: days from the anchor, then the time of day in UTC"
        )
    return int(match[1]) * DAY + (_seconds_of_day(match[2]) if match[2] else 0)


def _weekly_time(value: object) -> object:
    day, _, time_of_day = str(value).partition(" ")
    if day not in WEEKDAYS:
        raise ValueError(f"a weekly time is written tue 18:00, with one of {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(day) * DAY + _seconds_of_day(time_of_day)


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str | int) and not isinstance(value, bool) else value


DurationMs = Annotated[int, BeforeValidator(_duration_ms), Field(gt=0, le=24 * 3600 * 1000)]
RelativeTime = Annotated[
    int, BeforeValidator(_relative_time), Field(ge=FIRST_DAY * DAY, lt=(LAST_DAY + 1) * DAY)
]
WeeklyTime = Annotated[int, BeforeValidator(_weekly_time)]
Percent = Annotated[int, Field(ge=0, le=100)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Ids = dict[Name, Annotated[list[Annotated[str, BeforeValidator(str)]], BeforeValidator(_as_list)]]


class ScenarioModel(BaseModel):
    """A part of a scenario; a key that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Page(ScenarioModel):
    """A page that embeds the player, and how its visitors come to it."""

    url: str | None = Field(
        None,
        max_length=2000,
        description="address of the page; none is an application without pages",
    )
    autoplay: bool = Field(False, description="fewer loads stay unplayed")
    weight: int = Field(10, ge=1, le=1000, description="share of the loads")
    medium: str | None = Field(
        None, description="how its visitors come: organic, referral, email, social; none is unknown"
    )
    source: str | None = Field(None, description="address they come from")
    term: str | None = Field(None, description="what they searched for")
    campaign: str | None = Field(None, description="the campaign that sends them")
    title: str | None = Field(None, description="title of the page")


class Broadcast(ScenarioModel):
    """Runs of a live stream: one, or one every week."""

    every: WeeklyTime | None = Field(None, description="tue 18:00: every week at that time in UTC")
    at: RelativeTime | None = Field(None, description="-10d 18:00: once")
    minutes: int = Field(ge=1, le=600)
    bitrate: int = Field(4500, ge=100, le=50_000, description="kbit/s")
    height: int = Field(1080, ge=144, le=4320)
    fps: int = Field(30, ge=1, le=120)

    @model_validator(mode="after")
    def _check_one_time(self) -> Self:
        if (self.every is None) == (self.at is None):
            raise ValueError("a broadcast has either `every` or `at`")
        return self


class Prompt(ScenarioModel):
    """What is shown over a video for its viewer to act on."""

    kind: Literal["form", "call_to_action"]
    at: int | None = Field(
        None, ge=0, le=24 * 3600, description="second of the video; without it the end"
    )
    text: Name = "Learn more"
    url: str | None = Field(None, max_length=2000, description="where a call to action leads")
    percent: Percent = Field(
        10, description="those who act on it, of a form of those who are known by e-mail"
    )


class Media(ScenarioModel):
    """A video, a live stream or a playlist."""

    title: Name
    kind: Literal["video", "live", "playlist"] = "video"
    description: str = ""
    duration: DurationMs | None = Field(None, description="of a video: 4:32, 1:02:03 or seconds")
    width: int = Field(1920, ge=16, le=7680)
    height: int = Field(1080, ge=16, le=4320)
    released: RelativeTime = Field(
        FIRST_DAY * DAY, description="-80d 09:00; repeated every 13 weeks"
    )
    weight: int = Field(10, ge=0, le=10_000, description="share of the traffic; 0 is never loaded")
    evergreen: Percent = Field(40, description="the share of its interest that does not fade")
    half_life: int = Field(
        7, ge=1, le=91, description="days in which the rest of its interest halves"
    )
    retention: Percent = Field(50, description="how well it holds its viewers")
    tags: tuple[Name, ...] = ()
    labels: dict[Name, str] = Field(
        default_factory=dict, description="names and values of the media itself"
    )
    viewing_labels: dict[Name, tuple[str, ...]] = Field(
        default_factory=dict,
        description="names whose value a viewing brings along, drawn from these",
    )
    client_user_id: int | None = Field(None, ge=0, lt=2**53)
    ids: Ids = Field(
        default_factory=dict,
        description="ids that this media has at a vendor: {vendor: id or [ids]}",
    )
    broadcasts: tuple[Broadcast, ...] = ()
    items: tuple[Name, ...] = Field((), description="of a playlist: titles of videos")
    source_bytes: int | None = Field(
        None,
        ge=1,
        lt=2**50,
        description=(
            "of a video: size of the uploaded file; without it what its length and height suggest"
        ),
    )
    prompts: tuple[Prompt, ...] = Field(
        (), max_length=8, description="of a video: forms and calls to action"
    )

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        needs = {"video": "duration", "live": "broadcasts", "playlist": "items"}
        for kind, name in needs.items():
            if kind == self.kind and not getattr(self, name):
                raise ValueError(f"a {kind} needs `{name}`")
            if kind != self.kind and getattr(self, name):
                raise ValueError(f"only a {kind} has `{name}`")
        for name in ("prompts", "source_bytes"):
            if self.kind != "video" and getattr(self, name):
                raise ValueError(f"only a video has `{name}`")
        return self


class Project(ScenarioModel):
    """A folder of media."""

    title: Name
    description: str = ""
    ids: Ids = Field(default_factory=dict)
    media: tuple[Media, ...] = ()


class ScenarioViewer(ScenarioModel):
    """A viewer that the scenario describes; viewings name it by `ref`."""

    ref: Name
    name: Name | None = None
    email: Name | None = None
    ip: str = Field(
        pattern=r"^((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)$",
        description="IPv4 address",
    )
    city: Name = Field(description="a city of fixtures/places.csv")
    device: int = Field(0, ge=0, description="a number of fixtures/devices.csv")
    organisation: str = ""
    ids: Ids = Field(default_factory=dict)


class ScriptedViewing(ScenarioModel):
    """One viewing told in full; it is the same for every seed."""

    media: Name = Field(description="title of the media")
    viewer: Name = Field(description="ref of the viewer")
    at: RelativeTime = Field(description="when the player was loaded")
    page: str | None = Field(None, description="url of one of the pages; without it the first")
    played: tuple[tuple[int, int] | tuple[int, int, int], ...] = Field(
        (), description="[from, to] or [from, to, seconds paused before]"
    )
    labels: dict[Name, str] = Field(default_factory=dict)
    converts: tuple[Literal["form", "call_to_action"], ...] = Field(
        (), description="which kinds of prompts that it comes to it acts on"
    )
    ids: Ids = Field(default_factory=dict)

    @field_validator("played")
    @classmethod
    def _check_ranges(cls, value: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
        for stretch in value:
            if min(stretch) < 0 or stretch[1] <= stretch[0]:
                raise ValueError(
                    f"a stretch {list(stretch)} goes from a position to a later one, "
                    "after 0 or more "
                    "seconds"
                )
        return value


class Account(ScenarioModel):
    """An account whose ids at a vendor are fixed."""

    name: Name
    ids: Ids = Field(default_factory=dict)


class Audience(ScenarioModel):
    """How many watch, and how often."""

    viewings: int = Field(
        0, ge=0, le=20_000_000, description="loads in the 13 weeks before the anchor"
    )
    viewers: int = Field(0, ge=0, le=10_000_000)
    named_percent: Percent = Field(5, description="viewers known by name and e-mail")
    weekdays: tuple[int, int, int, int, int, int, int] = Field(
        (100, 104, 106, 102, 92, 70, 66), description="traffic from Monday to Sunday"
    )

    @model_validator(mode="after")
    def _check_viewers(self) -> Self:
        if self.viewings and not self.viewers:
            raise ValueError("an audience with viewings needs viewers")
        return self


class Scenario(ScenarioModel):
    """A library, an audience and a rhythm."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,60}$")]
    description: str = ""
    audience: Audience = Audience.model_validate({})
    locales: tuple[Name, ...] = Field((), description="frozen locales of the people; none is all")
    pages: tuple[Page, ...] = ()
    projects: tuple[Project, ...] = ()
    viewers: tuple[ScenarioViewer, ...] = ()
    viewings: tuple[ScriptedViewing, ...] = ()
    accounts: tuple[Account, ...] = ()
    published_examples: bool = Field(
        False, description="each account begins with the vendors' published examples as stubs"
    )

    @property
    def media(self) -> tuple[Media, ...]:
        """All media, in the order that numbers them."""
        return tuple(media for project in self.projects for media in project.media)

    @model_validator(mode="after")
    def _check_consistency(self) -> Self:
        for where, reason in _consistency_errors(self):
            raise ScenarioError(reason, where)
        return self


YamlPath = tuple[int | str, ...]


class ScenarioError(ValueError):
    """A part that does not fit the others, and where in the file it stands."""

    def __init__(self, reason: str, path: YamlPath) -> None:
        super().__init__(reason)
        self.path = path


def _consistency_errors(scenario: Scenario) -> Iterator[tuple[YamlPath, str]]:
    library = [
        (("projects", index, "media", place), media)
        for index, project in enumerate(scenario.projects)
        for place, media in enumerate(project.media)
    ]
    titles = {media.title: media for _, media in library}
    videos = [title for title, media in titles.items() if media.kind == "video"]
    items = [
        ((*where, "items", place), item)
        for where, media in library
        for place, item in enumerate(media.items)
    ]
    yield from _duplicates(
        [((*where, "title"), media.title) for where, media in library],
        "two media have the same title",
    )
    yield from _unknown_references(items, videos, "a playlist item names no video")
    yield from _viewer_errors(scenario)
    yield from _viewing_errors(scenario, titles)
    yield from _duplicates(_fixed_ids(scenario, library), "two of a kind have the same id")
    if (scenario.audience.viewings or scenario.viewings) and not (scenario.pages and titles):
        yield ("audience",), "an audience needs pages and media"


def _viewer_errors(scenario: Scenario) -> Iterator[tuple[YamlPath, str]]:
    people = list(enumerate(scenario.viewers))
    yield from _unknown_references(
        [(("locales", index), locale) for index, locale in enumerate(scenario.locales)],
        available_locales(),
        "nobody is frozen for the locale",
    )
    yield from _duplicates(
        [(("viewers", index, "ref"), person.ref) for index, person in people],
        "two viewers have the same ref",
    )
    if people:
        cities = [place.city for place in reference.places()]
        devices = range(len(reference.devices()))
        yield from _unknown_references(
            [(("viewers", index, "city"), person.city) for index, person in people],
            cities,
            "there is no such city",
        )
        yield from _unknown_references(
            [(("viewers", index, "device"), person.device) for index, person in people],
            devices,
            "there is no such device",
        )


def _viewing_errors(scenario: Scenario, titles: dict[str, Media]) -> Iterator[tuple[YamlPath, str]]:
    refs = [person.ref for person in scenario.viewers]
    pages = [None, *(page.url for page in scenario.pages)]
    viewings = list(enumerate(scenario.viewings))
    yield from _unknown_references(
        [(("viewings", index, "media"), viewing.media) for index, viewing in viewings],
        titles,
        "a viewing names no media",
    )
    yield from _unknown_references(
        [(("viewings", index, "viewer"), viewing.viewer) for index, viewing in viewings],
        refs,
        "a viewing names no viewer",
    )
    yield from _unknown_references(
        [(("viewings", index, "page"), viewing.page) for index, viewing in viewings],
        pages,
        "a viewing names no page",
    )
    for index, viewing in viewings:
        seconds = -(-(titles[viewing.media].duration or 0) // 1000)
        if seconds and any(stretch[1] > seconds for stretch in viewing.played):
            yield (
                ("viewings", index, "played"),
                f"a viewing goes on after the end of its video, at {seconds} s",
            )


def _fixed_ids(
    scenario: Scenario, library: Sequence[tuple[YamlPath, Media]]
) -> list[tuple[YamlPath, object]]:
    """Where each fixed id stands, and what must be unique of it."""
    parts: list[
        tuple[YamlPath, str, Project | Media | ScenarioViewer | ScriptedViewing | Account]
    ] = [
        *(
            (("projects", index), "project", project)
            for index, project in enumerate(scenario.projects)
        ),
        *((where, media.kind, media) for where, media in library),
        *((("viewers", index), "viewer", person) for index, person in enumerate(scenario.viewers)),
        *(
            (("viewings", index), "viewing", viewing)
            for index, viewing in enumerate(scenario.viewings)
        ),
        *(
            (("accounts", index), "account", account)
            for index, account in enumerate(scenario.accounts)
        ),
    ]
    return [
        ((*where, "ids", vendor), f"{vendor} {kind} {alias}")
        for where, kind, part in parts
        for vendor, texts in part.ids.items()
        for alias in texts
    ]


def _duplicates(
    entries: Iterable[tuple[YamlPath, object]], message: str
) -> Iterator[tuple[YamlPath, str]]:
    seen: set[object] = set()
    for where, value in entries:
        if value in seen:
            yield where, f"{message}: {value!r}"
        seen.add(value)


def _unknown_references(
    entries: Iterable[tuple[YamlPath, object]], valid_values: Container[object], message: str
) -> Iterator[tuple[YamlPath, str]]:
    return (
        (where, f"{message}: {value!r}") for where, value in entries if value not in valid_values
    )


def parse(text: str, *, name: str) -> Scenario:
    """The scenario that a YAML text tells; raises Refusal with file, line and reason."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        document = yaml.load(text, Loader=loader)  # both loaders are the safe kind
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UserError(f"{name}:{line}: {error.problem}") from None
    except yaml.reader.ReaderError as error:
        # The C loader tells a position in bytes, the other one in characters; the character itself
        # they agree on.
        line = text[: text.find(chr(error.character))].count("\n") + 1
        raise UserError(f"{name}:{line}: {error.reason}") from None
    except ValueError as error:  # a date such as 2024-13-45, which YAML reads by itself
        raise UserError(f"{name}: {error}") from None
    try:
        return Scenario.model_validate(document)
    except ValidationError as error:
        raise UserError(_error_message(error, yaml.compose(text, Loader=loader), name)) from None


def _error_message(error: ValidationError, node: "yaml.Node | None", name: str) -> str:
    first = error.errors()[0]
    cause = first.get("ctx", {}).get("error")
    # "tuple[int, int]" is a step that pydantic takes through a union, not one of the file.
    path = (
        *(step for step in first["loc"] if "[" not in str(step)),
        *(cause.path if isinstance(cause, ScenarioError) else ()),
    )
    where = ".".join(map(str, path))
    reason = first["msg"].removeprefix("Value error, ")
    return f"{name}:{_line_at(node, path)}: {where + ': ' if where else ''}{reason}"


def _line_at(node: Any, path: tuple[int | str, ...]) -> int:  # Any: nodes of PyYAML are untyped
    """The line of the innermost node on the path that the file has."""
    line = node.start_mark.line + 1 if node is not None else 1
    for step in path:
        node = _child(node, step)
        if node is None:
            break
        line = node.start_mark.line + 1
    return line


def _child(node: Any, step: int | str) -> Any:
    if isinstance(step, int) and isinstance(node.value, list) and step < len(node.value):
        return node.value[step]
    if isinstance(node.value, list):
        return next(
            (
                value
                for key, value in (pair for pair in node.value if isinstance(pair, tuple))
                if key.value == step
            ),
            None,
        )
    return None
