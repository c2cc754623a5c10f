"""What the journal's routes take and give: filters, pages, requests."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from playhead.control.schemas.accounts import RequestModel
from playhead.domain.clock import utc_datetime
from playhead.journal.entry import ANONYMOUS, JournalFilter, StoredEntry

MAX_PAGE_SIZE = 1000
MAX_WAIT_SECONDS = 300
MAX_ID = 2**63 - 1
# No database takes a NUL, and no entry holds one.
Text = Annotated[str, Field(pattern=r"^[^\x00]*$", max_length=4000)]


class Filters(RequestModel):
    """Which requests are asked for; what is left out does not matter."""

    vendor: Text | None = Field(
        None, description="The vendor's name; `playhead` for a path that is no vendor's."
    )
    operation: Text | None = Field(None, description="The operation, as `/operations` names it.")
    method: Text | None = Field(None, description="The method, in capitals.")
    path: Text | None = Field(
        None,
        description="The path as it was sent, without prefix and query; `*` stands for anything.",
        examples=["/v1/stats/medias/*"],
    )
    status: str | None = Field(
        None,
        description="A status, or a class of them; 0 when the connection was cut.",
        pattern=r"^(0|[1-5]([0-9][0-9]|xx))$",
    )
    interventions: Text | None = Field(
        None,
        min_length=1,
        description=(
            "What was applied, or its first words: `fault`, `fault 3`, `stub`, `limit`, `code=429`."
        ),
    )

    def to_filter(self, account: int = ANONYMOUS) -> JournalFilter:
        """The question that is asked of an account's journal."""
        given = self.model_dump(include={"vendor", "operation", "method", "path", "interventions"})
        return JournalFilter(
            account, **given, status=_status_range(self.status), after=getattr(self, "after", 0)
        )


def _status_range(status: str | None) -> tuple[int, int] | None:
    if status is None:
        return None
    return int(status.replace("xx", "00")), int(status.replace("xx", "99"))


class FilteredPage(Filters):
    """Which requests, from where on, and how many."""

    after: int = Field(
        0, ge=0, le=MAX_ID, description="Only what came behind the request of this id."
    )
    limit: int = Field(100, ge=1, le=MAX_PAGE_SIZE, description="At most so many.")


class FilteredWait(Filters):
    """Which requests to wait for, how many, and how long."""

    after: int = Field(
        0, ge=0, le=MAX_ID, description="Only what came behind the request of this id."
    )
    count: int = Field(1, ge=1, le=MAX_PAGE_SIZE, description="So many must be there.")
    timeout: float = Field(
        10, ge=0, le=MAX_WAIT_SECONDS, description="Seconds after which the answer is a problem."
    )


class FilteredStream(Filters):
    """Which requests to follow, from where on."""

    after: int = Field(
        0,
        ge=0,
        le=MAX_ID,
        description=(
            "Only what came behind the request of this id; a `Last-Event-ID` goes before it."
        ),
    )


class Request(BaseModel):
    """A request that a vendor answered."""

    id: int = Field(description="Greater than those of all requests that were answered before.")
    at: str = Field(
        description="When it came, by the machine's clock.",
        json_schema_extra={"format": "date-time"},
    )
    vendor: str = Field(description="Whose it was; `playhead` for a path that is no vendor's.")
    operation: str = Field(
        description="As `/operations` names it; empty where no operation matched."
    )
    method: str
    path: str = Field(description="As it was sent, without the vendor's prefix.")
    query: str = Field(description="As it was sent, its secrets masked.")
    status: int = Field(description="0 when the connection was cut before there was one.")
    milliseconds: float
    interventions: str = Field(
        description=(
            "The faults, stub, limit or preferences that made the answer other than the "
            "world's, separated by commas."
        )
    )
    retry: int = Field(description="How many times the client tried before, by its own count.")
    reason: str = Field(description="For a refusal the rule in plain words.")

    @classmethod
    def of(cls, stored_entry: StoredEntry) -> "Request":
        entry, fields = stored_entry.entry, stored_entry.entry._asdict()
        seconds, thousandths = divmod(entry.at_ms, 1000)
        shown: dict[str, Any] = {
            name: fields[name] for name in cls.model_fields if name in fields
        }  # Any: of the fields' types
        at = f"{utc_datetime(seconds):%Y-%m-%dT%H:%M:%S}.{thousandths:03}Z"
        return cls.model_construct(
            id=stored_entry.id, at=at, milliseconds=entry.microseconds / 1000, **shown
        )


class Requests(BaseModel):
    """Requests in the order in which they were answered."""

    requests: list[Request]


class RequestsPage(Requests):
    """A page of requests."""

    next: int | None = Field(
        description="What to give as `after` for more; null when these are the last."
    )


class Count(BaseModel):
    """How many there are."""

    count: int
