"""The tables of a store. Times are whole seconds relative to an anchor; ids pack world and number."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, SmallInteger, Table
from sqlalchemy import Text as AnyText

SCHEMA_VERSION = 4

# An id is (world << NUMBER_BITS) | number. The number is what vendors encode; its highest bit says that the
# row was recorded into an account's overlay, so that a number alone tells in which of two worlds to look.
NUMBER_BITS = 34
NUMBER_MASK = (1 << NUMBER_BITS) - 1
OVERLAY_BIT = 1 << (NUMBER_BITS - 1)
# The number of a generated viewing or broadcast packs its day (from FIRST_DAY) and its index within the day.
DAY_BITS = 24

Text = AnyText(collation="C").with_variant(AnyText(), "sqlite")  # ordered by bytes on both
Big = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()

facts = Table(
    "store_facts",
    metadata,
    Column("schema_version", Integer, primary_key=True, autoincrement=False),
    Column("world_version", Integer, nullable=False),
    Column("anchor", Big, nullable=False),
    Column("last_account", Big, nullable=False),  # so that the id of an account is never another's later
    Column("swept_at", Big, nullable=False),  # when idle accounts were last looked for, by the machine's clock
)
worlds = Table(
    "worlds",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("scenario", Text, nullable=False),
    Column("document", Text, nullable=False),  # the scenario as JSON: what growth generates from
    Column("fingerprint", Text, nullable=False),  # digest of the document
    Column("seed", Big, nullable=False),
    Column("size", Big, nullable=False),  # viewings in the 13 weeks before the anchor that it was scaled to; of an overlay: that were ever recorded
    Column("version", Integer, nullable=False),
    Column("longest", Big, nullable=False),  # no stretch is longer
    Column("linger", Big, nullable=False),  # no stretch starts later after its load
    Column("overlay", SmallInteger, nullable=False),
    Column("library_digest", Text, nullable=False),  # of projects, media, pages, viewers and aliases; empty until they are there
    Column("stubbed", SmallInteger, nullable=False),  # 1 when its accounts begin with the published examples as stubs
    Column("wanted_at", Big),  # when an account was last put into it or left it, by the machine's clock; null: kept without accounts
)
days = Table(
    "days",
    metadata,
    Column("world", Integer, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("viewings", Big, nullable=False),
    Column("settled_at", Big, nullable=False),  # when the last of its viewings has ended
    Column("digest", Text, nullable=False),
    sqlite_with_rowid=False,
)
leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("expires_at", Big, nullable=False),
)
accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("number", Big, nullable=False, unique=True),  # derived from the name; what vendors encode
    Column("world", Integer, nullable=False),
    Column("overlay", Integer),
    Column("anchor", Big, nullable=False),
    Column("clock", Text, nullable=False),  # real, frozen or offset
    Column("clock_seconds", Big, nullable=False),  # the instant at which it is frozen, or how far it is ahead
    Column("options", Text, nullable=False),  # JSON: what a user set otherwise than the defaults
    Column("origin", Text, nullable=False),  # JSON: as it was created, for `reset`; empty when a key just opened it
    Column("touched", SmallInteger, nullable=False),  # 1 once anything was set or recorded in it
    Column("faults", Integer, nullable=False),  # how many are planned: most accounts have none, and none costs nothing
    Column("stubs", Integer, nullable=False),
    Column("journal_from", Big, nullable=False),  # milliseconds by the machine's clock; what was asked before is forgotten
    Column("seen_at", Big, nullable=False),  # about when it was last asked, by the machine's clock
)
credentials = Table(
    "credentials",
    metadata,
    Column("vendor", Text, primary_key=True),  # empty: at every vendor
    Column("key", Text, primary_key=True),
    Column("account", Integer, nullable=False, index=True),
    sqlite_with_rowid=False,
)
faults = Table(
    "faults",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("account", Integer, nullable=False, index=True),
    Column("plan", Text, nullable=False),  # JSON: what it matches and what it does
    Column("met", Big, nullable=False),  # requests that it matched
    Column("done", Big, nullable=False),  # requests that it was done to
    Column("planned_at", Big, nullable=False),  # by the machine's clock
    Column("planned_now", Big, nullable=False),  # by the account's
)
stubs = Table(
    "stubs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("account", Integer, nullable=False, index=True),
    Column("vendor", Text, nullable=False),
    Column("answer", Text, nullable=False),  # JSON: what it matches and what it answers
    Column("done", Big, nullable=False),  # requests that it answered
)
limits = Table(
    "limits",
    metadata,
    Column("account", Integer, primary_key=True, autoincrement=False),
    Column("vendor", Text, primary_key=True),
    Column("name", Text, primary_key=True),  # of the sort of requests that are counted together
    Column("began_at", Big, nullable=False),  # of the window, in milliseconds by the machine's clock
    Column("began_now", Big, nullable=False),  # by the account's
    Column("requests", Big, nullable=False),
    sqlite_with_rowid=False,
)
journal = Table(
    "journal",
    metadata,
    Column("id", Integer().with_variant(BigInteger(), "postgresql"), primary_key=True, autoincrement=True),
    Column("account", Integer, nullable=False),  # 0: it named none
    Column("at_ms", Big, nullable=False),  # by the machine's clock
    Column("vendor", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("microseconds", Big, nullable=False),
    Column("applied", Text, nullable=False),  # the fault, stub, limit or preference that answered
    Column("retry", Integer, nullable=False),  # the client's own count of attempts before this one
    Column("why", Text, nullable=False),
    Column("size", Integer, nullable=False),  # of its texts, for bounding the whole
    Index("ix_journal_account", "account", "id", "size"),
    sqlite_autoincrement=True,  # an id that was forgotten is never given again: readers go on behind the last they saw
)
aliases = Table(
    "aliases",
    metadata,
    Column("world", Integer, primary_key=True, autoincrement=False),
    Column("vendor", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("number", Big, nullable=False),
    Index("ix_aliases_number", "world", "vendor", "kind", "number"),
)
projects = Table(
    "projects",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=False),
    Column("world", Integer, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("created_at", Big, nullable=False),
)
media = Table(
    "media",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=False),
    Column("world", Integer, nullable=False, index=True),
    Column("project", Big, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("duration_ms", Big, nullable=False),  # 0 for a live stream
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("released_at", Big, nullable=False),
    Column("client_user_id", Big),
    Column("tags", Text, nullable=False),  # JSON list of strings
    Column("labels", Text, nullable=False),  # JSON list of [name, value]
    Column("items", Text, nullable=False),  # JSON list of media numbers, for a playlist
    Column("processed_at", Big, nullable=False),  # when a video was transcoded; of anything else when it appeared
    Column("source_bytes", Big, nullable=False),  # of the uploaded file; 0 of what is no video
    Column("prompts", Text, nullable=False),  # JSON list of [kind, second, text, url]: what is shown over it
)
broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=False),
    Column("world", Integer, nullable=False),
    Column("media", Big, nullable=False),
    Column("started_at", Big, nullable=False),
    Column("ended_at", Big, nullable=False),
    Column("bitrate", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("fps", Integer, nullable=False),
    Index("ix_broadcasts_media", "world", "media", "started_at"),
)
places = Table(
    "places",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("city", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("country_name", Text, nullable=False),
    Column("continent", Text, nullable=False),
    Column("subdivision", Text, nullable=False),
    Column("subdivision_name", Text, nullable=False),
    Column("latitude", Text, nullable=False),  # four decimals, kept as text so that no driver rounds it
    Column("longitude", Text, nullable=False),
    Column("utc_offset_minutes", Integer, nullable=False),
    Column("language", Text, nullable=False),  # that its people speak: ISO 639-1
)
devices = Table(
    "devices",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("type", Text, nullable=False),
    Column("vendor", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("os", Text, nullable=False),
    Column("os_version", Text, nullable=False),
    Column("browser", Text, nullable=False),
    Column("browser_version", Text, nullable=False),
    Column("user_agent", Text, nullable=False),
    Column("screen", Text, nullable=False),  # width and height in pixels: 1920x1080
)
pages = Table(
    "pages",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=False),
    Column("world", Integer, nullable=False, index=True),
    Column("url", Text),  # null: an application without a page
    Column("medium", Text),  # how the viewer came to the page, from where, searching for what
    Column("source", Text),
    Column("term", Text),
    Column("campaign", Text),  # that sends its visitors
    Column("title", Text),
)
viewers = Table(
    "viewers",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=False),
    Column("world", Integer, nullable=False),
    Column("name", Text),
    Column("email", Text),
    Column("folded", Text),  # casefolded name and e-mail, for searching; null for the unnamed
    Column("ip", Big, nullable=False),  # an IPv4 address as a number
    Column("organisation", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("device", Integer, nullable=False),
)
viewings = Table(
    "viewings",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=False),
    Column("world", Integer, nullable=False),
    Column("media", Big, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("viewer", Big, nullable=False),
    Column("place", Integer, nullable=False),
    Column("device", Integer, nullable=False),
    Column("page", Big, nullable=False),
    Column("ip", Big, nullable=False),
    Column("loaded_at", Big, nullable=False),
    Column("played_at", Big),
    Column("viewed_3_at", Big),  # when three seconds had been watched, and so on
    Column("viewed_5_at", Big),
    Column("viewed_10_at", Big),
    Column("viewed_30_at", Big),
    Column("finished_at", Big),  # when it first came to the end of its video
    Column("ended_at", Big, nullable=False),
    Column("watched_seconds", Big, nullable=False),
    Column("distinct_seconds", Big, nullable=False),
    Column("impression_ms", Integer, nullable=False),
)
stretches = Table(
    "stretches",
    metadata,
    Column("viewing", Big, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("world", Integer, nullable=False),
    Column("media", Big, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("viewer", Big, nullable=False),
    Column("started_at", Big, nullable=False),
    Column("stopped_at", Big, nullable=False),
    Column("start_position", Big, nullable=False),
    Column("stop_position", Big, nullable=False),
    Column("again", SmallInteger, nullable=False),  # 1 when its viewing had all of it before
    Column("loaded_at", Big, nullable=False),
    Column("ended_at", Big, nullable=False),
    sqlite_with_rowid=False,
)
viewing_labels = Table(
    "viewing_labels",
    metadata,
    Column("viewing", Big, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("world", Integer, nullable=False),
    Column("value", Text, nullable=False),
    Index("ix_viewing_labels_pair", "world", "name", "value", "viewing"),
    sqlite_with_rowid=False,
)

conversions = Table(
    "conversions",
    metadata,
    Column("viewing", Big, primary_key=True, autoincrement=False),
    Column("prompt", Integer, primary_key=True, autoincrement=False),  # its place among those of the media
    Column("world", Integer, nullable=False),
    Column("media", Big, nullable=False),
    Column("kind", SmallInteger, nullable=False),  # of the prompt
    Column("viewer", Big, nullable=False),
    Column("shown_at", Big, nullable=False),
    Column("converted_at", Big),  # null: it was shown in vain
    Column("loaded_at", Big, nullable=False),
    Column("ended_at", Big, nullable=False),
    sqlite_with_rowid=False,
)

# Sums of the base's days, written by growth beside the facts: used for days whose viewings have all ended.
tallies = Table(
    "tallies",
    metadata,
    Column("world", Integer, primary_key=True, autoincrement=False),
    Column("split", SmallInteger, primary_key=True, autoincrement=False),  # by media, place, device, page or hour
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("kind", SmallInteger, primary_key=True, autoincrement=False),
    Column("key", Big, primary_key=True, autoincrement=False),
    Column("loads", Big, nullable=False),
    Column("plays", Big, nullable=False),
    Column("views_3", Big, nullable=False),  # of three seconds and more, and so on
    Column("views", Big, nullable=False),
    Column("views_10", Big, nullable=False),
    Column("views_30", Big, nullable=False),
    Column("ends", Big, nullable=False),
    Column("watched_seconds", Big, nullable=False),
    Column("distinct_seconds", Big, nullable=False),
    Column("impression_ms", Big, nullable=False),
    sqlite_with_rowid=False,
)
curves = Table(
    "curves",
    metadata,
    Column("world", Integer, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("kind", SmallInteger, primary_key=True, autoincrement=False),
    Column("measure", SmallInteger, primary_key=True, autoincrement=False),
    Column("intervals", LargeBinary, nullable=False),  # from the day's start, as many as it takes; 32 bits each, compressed
    sqlite_with_rowid=False,
)

# What is counted of viewings and of conversions, so that their indexes cover it.
LOADED = (
    "world", "loaded_at", "kind", "media", "place", "played_at", "page", "viewed_3_at", "viewed_5_at", "viewed_10_at", "viewed_30_at", "finished_at",
    "ended_at", "watched_seconds", "distinct_seconds", "impression_ms", "viewer",
)  # fmt: skip
ACTED = ("kind", "prompt", "shown_at", "converted_at", "ended_at")
# Built after a bulk load. Each covers the questions of one module of `stats`.
FACT_INDEXES = (
    Index("ix_viewers_folded", viewers.c.world, viewers.c.folded),
    Index("ix_viewers_pair", viewers.c.world, viewers.c.ip, viewers.c.device),
    Index("ix_viewings_loaded", *(viewings.c[name] for name in LOADED)),
    Index("ix_viewings_media", viewings.c.world, viewings.c.media, viewings.c.loaded_at, viewings.c.played_at, viewings.c.ended_at),
    Index("ix_viewings_audience", viewings.c.world, viewings.c.media, viewings.c.viewer, viewings.c.played_at, viewings.c.loaded_at, viewings.c.ended_at),
    Index("ix_viewings_viewer", viewings.c.world, viewings.c.viewer, viewings.c.loaded_at, viewings.c.played_at, viewings.c.kind, viewings.c.ended_at),
    Index("ix_conversions_media", *(conversions.c[name] for name in ("world", "media", "loaded_at", *ACTED))),
    Index("ix_conversions_loaded", *(conversions.c[name] for name in ("world", "loaded_at", "media", *ACTED))),
    Index("ix_conversions_viewer", conversions.c.world, conversions.c.viewer, conversions.c.converted_at),
    Index(
        "ix_stretches_start", stretches.c.world, stretches.c.media, stretches.c.again, stretches.c.start_position, stretches.c.loaded_at, stretches.c.ended_at
    ),
    Index("ix_stretches_stop", stretches.c.world, stretches.c.media, stretches.c.again, stretches.c.stop_position, stretches.c.loaded_at, stretches.c.ended_at),
    Index(
        "ix_stretches_wall",
        stretches.c.world,
        stretches.c.media,
        stretches.c.started_at,
        stretches.c.stopped_at,
        stretches.c.loaded_at,
        stretches.c.again,
        stretches.c.start_position,
        stretches.c.stop_position,
        stretches.c.ended_at,
    ),
)
FACTS = (viewings, stretches, viewing_labels, broadcasts, conversions)

for _index in FACT_INDEXES:
    # Not made with their tables: many times quicker to build once than to keep through a bulk load.
    if _index.table is not None:
        _index.table.indexes.discard(_index)
