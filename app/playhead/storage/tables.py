"""The tables of a store.

Times are whole seconds relative to an anchor; ids pack world and number.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
)
from sqlalchemy import Text as AnyText

SCHEMA_VERSION = 5

# An id is (world << NUMBER_BITS) | number. The number is what vendors encode; its highest bit says
# that the
# row was recorded into an account's overlay, so that a number alone tells in which of two worlds to
# look.
NUMBER_BITS = 34
NUMBER_MASK = (1 << NUMBER_BITS) - 1
OVERLAY_BIT = 1 << (NUMBER_BITS - 1)
# The number of a generated viewing or broadcast packs its day (from FIRST_DAY) and its index within
# the day.
DAY_BITS = 24

Text = AnyText(collation="C").with_variant(AnyText(), "sqlite")  # ordered by bytes on both
BigInt = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()

store_metadata = Table(
    "store_metadata",
    metadata,
    Column("schema_version", Integer, primary_key=True, autoincrement=False),
    Column("world_version", Integer, nullable=False),
    Column("anchor", BigInt, nullable=False),
    Column(
        "last_account", BigInt, nullable=False
    ),  # so that the id of an account is never another's later
    Column(
        "last_evicted_at", BigInt, nullable=False
    ),  # when idle accounts were last looked for, by the machine's clock
    # Of faults and stubs, so that the id of a deleted one is never another's later.
    Column("last_rule", BigInt, nullable=False),
)
worlds = Table(
    "worlds",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("scenario", Text, nullable=False),
    Column("document", Text, nullable=False),  # the scenario as JSON: what growth generates from
    Column("fingerprint", Text, nullable=False),  # digest of the document
    Column("seed", BigInt, nullable=False),
    # Viewings of 13 weeks that the world was scaled to; of an overlay: ever recorded.
    Column("size", BigInt, nullable=False),
    Column("version", Integer, nullable=False),
    Column("max_range_seconds", BigInt, nullable=False),  # no stretch is longer
    Column("max_start_delay", BigInt, nullable=False),  # no stretch starts later after its load
    Column("overlay", SmallInteger, nullable=False),
    Column(
        "library_digest", Text, nullable=False
    ),  # of projects, media, pages, viewers and aliases; empty until they are there
    Column(
        "stubbed", SmallInteger, nullable=False
    ),  # 1 when its accounts begin with the published examples as stubs
    # When an account was last put into it or left it; null: kept without accounts.
    Column("last_used_at", BigInt),
)
days = Table(
    "days",
    metadata,
    Column("world", Integer, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("viewings", BigInt, nullable=False),
    Column("closed_at", BigInt, nullable=False),  # when the last of its viewings has ended
    Column("digest", Text, nullable=False),
    sqlite_with_rowid=False,
)
leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("expires_at", BigInt, nullable=False),
)
accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column(
        "number", BigInt, nullable=False, unique=True
    ),  # derived from the name; what vendors encode
    Column("world", Integer, nullable=False),
    Column("overlay", Integer),
    Column("anchor", BigInt, nullable=False),
    Column("clock", Text, nullable=False),  # real, frozen or offset
    Column(
        "clock_seconds", BigInt, nullable=False
    ),  # the instant at which it is frozen, or how far it is ahead
    Column("options", Text, nullable=False),  # JSON: what a user set otherwise than the defaults
    Column(
        "origin", Text, nullable=False
    ),  # JSON: as it was created, for `reset`; empty when a key just opened it
    Column("modified", SmallInteger, nullable=False),  # 1 once anything was set or recorded in it
    Column(
        "faults", Integer, nullable=False
    ),  # how many are planned: most accounts have none, and none costs nothing
    Column("stubs", Integer, nullable=False),
    Column(
        "journal_from", BigInt, nullable=False
    ),  # milliseconds by the machine's clock; what was asked before is forgotten
    Column(
        "last_used_at", BigInt, nullable=False
    ),  # about when it was last asked, by the machine's clock
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
    Column("rule", Text, nullable=False),  # JSON: what it matches and what it does
    Column("matched", BigInt, nullable=False),  # requests that it matched
    Column("applied", BigInt, nullable=False),  # requests that it was done to
    Column("planned_at", BigInt, nullable=False),  # by the machine's clock
    Column("planned_now", BigInt, nullable=False),  # by the account's
)
stubs = Table(
    "stubs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("account", Integer, nullable=False, index=True),
    Column("vendor", Text, nullable=False),
    Column("definition", Text, nullable=False),  # JSON: what it matches and what it answers
    Column("served", BigInt, nullable=False),  # requests that it answered
)
rate_limits = Table(
    "rate_limits",
    metadata,
    Column("account", Integer, primary_key=True, autoincrement=False),
    Column("vendor", Text, primary_key=True),
    Column("name", Text, primary_key=True),  # of the sort of requests that are counted together
    Column(
        "began_at", BigInt, nullable=False
    ),  # of the window, in milliseconds by the machine's clock
    Column("began_now", BigInt, nullable=False),  # by the account's
    Column("requests", BigInt, nullable=False),
    sqlite_with_rowid=False,
)
journal = Table(
    "journal",
    metadata,
    Column(
        "id",
        Integer().with_variant(BigInteger(), "postgresql"),
        primary_key=True,
        autoincrement=True,
    ),
    Column("account", Integer, nullable=False),  # 0: it named none
    Column("at_ms", BigInt, nullable=False),  # by the machine's clock
    Column("vendor", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("microseconds", BigInt, nullable=False),
    Column(
        "interventions", Text, nullable=False
    ),  # the fault, stub, limit or preference that answered
    Column("retry", Integer, nullable=False),  # the client's own count of attempts before this one
    Column("reason", Text, nullable=False),
    Column("size", Integer, nullable=False),  # of its texts, for bounding the whole
    Index("ix_journal_account", "account", "id", "size"),
    # an id that was forgotten is never given again: readers go on behind the last they saw
    sqlite_autoincrement=True,
)
aliases = Table(
    "aliases",
    metadata,
    Column("world", Integer, primary_key=True, autoincrement=False),
    Column("vendor", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("number", BigInt, nullable=False),
    Index("ix_aliases_number", "world", "vendor", "kind", "number"),
)
projects = Table(
    "projects",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("world", Integer, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("created_at", BigInt, nullable=False),
)
media = Table(
    "media",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("world", Integer, nullable=False, index=True),
    Column("project", BigInt, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("duration_ms", BigInt, nullable=False),  # 0 for a live stream
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("released_at", BigInt, nullable=False),
    Column("client_user_id", BigInt),
    Column("tags", Text, nullable=False),  # JSON list of strings
    Column("labels", Text, nullable=False),  # JSON list of [name, value]
    Column("items", Text, nullable=False),  # JSON list of media numbers, for a playlist
    Column(
        "processed_at", BigInt, nullable=False
    ),  # when a video was transcoded; of anything else when it appeared
    Column("source_bytes", BigInt, nullable=False),  # of the uploaded file; 0 of what is no video
    Column(
        "prompts", Text, nullable=False
    ),  # JSON list of [kind, second, text, url]: what is shown over it
)
broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("world", Integer, nullable=False),
    Column("media", BigInt, nullable=False),
    Column("started_at", BigInt, nullable=False),
    Column("ended_at", BigInt, nullable=False),
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
    Column(
        "latitude", Text, nullable=False
    ),  # four decimals, kept as text so that no driver rounds it
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
    Column("id", BigInt, primary_key=True, autoincrement=False),
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
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("world", Integer, nullable=False),
    Column("name", Text),
    Column("email", Text),
    Column("search_text", Text),  # casefolded name and e-mail, for searching; null for the unnamed
    Column("ip", BigInt, nullable=False),  # an IPv4 address as a number
    Column("organisation", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("device", Integer, nullable=False),
)
viewings = Table(
    "viewings",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("world", Integer, nullable=False),
    Column("media", BigInt, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("viewer", BigInt, nullable=False),
    Column("place", Integer, nullable=False),
    Column("device", Integer, nullable=False),
    Column("page", BigInt, nullable=False),
    Column("ip", BigInt, nullable=False),
    Column("loaded_at", BigInt, nullable=False),
    Column("played_at", BigInt),
    Column("viewed_3_at", BigInt),  # when three seconds had been watched, and so on
    Column("viewed_5_at", BigInt),
    Column("viewed_10_at", BigInt),
    Column("viewed_30_at", BigInt),
    Column("finished_at", BigInt),  # when it first came to the end of its video
    Column("ended_at", BigInt, nullable=False),
    Column("watched_seconds", BigInt, nullable=False),
    Column("distinct_seconds", BigInt, nullable=False),
    Column("impression_ms", Integer, nullable=False),
)
played_ranges = Table(
    "played_ranges",
    metadata,
    Column("viewing", BigInt, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("world", Integer, nullable=False),
    Column("media", BigInt, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("viewer", BigInt, nullable=False),
    Column("started_at", BigInt, nullable=False),
    Column("stopped_at", BigInt, nullable=False),
    Column("start_position", BigInt, nullable=False),
    Column("stop_position", BigInt, nullable=False),
    Column("is_repeat", SmallInteger, nullable=False),  # 1 when its viewing had all of it before
    Column("loaded_at", BigInt, nullable=False),
    Column("ended_at", BigInt, nullable=False),
    sqlite_with_rowid=False,
)
viewing_labels = Table(
    "viewing_labels",
    metadata,
    Column("viewing", BigInt, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("world", Integer, nullable=False),
    Column("value", Text, nullable=False),
    Index("ix_viewing_labels_pair", "world", "name", "value", "viewing"),
    sqlite_with_rowid=False,
)

conversions = Table(
    "conversions",
    metadata,
    Column("viewing", BigInt, primary_key=True, autoincrement=False),
    Column(
        "prompt", Integer, primary_key=True, autoincrement=False
    ),  # its place among those of the media
    Column("world", Integer, nullable=False),
    Column("media", BigInt, nullable=False),
    Column("kind", SmallInteger, nullable=False),  # of the prompt
    Column("viewer", BigInt, nullable=False),
    Column("shown_at", BigInt, nullable=False),
    Column("converted_at", BigInt),  # null: it was shown in vain
    Column("loaded_at", BigInt, nullable=False),
    Column("ended_at", BigInt, nullable=False),
    sqlite_with_rowid=False,
)

# Sums of the base's days, written by growth beside the facts: used for days whose viewings have all
# ended.
daily_rollups = Table(
    "daily_rollups",
    metadata,
    Column("world", Integer, primary_key=True, autoincrement=False),
    Column(
        "dimension", SmallInteger, primary_key=True, autoincrement=False
    ),  # by media, place, device, page or hour
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("kind", SmallInteger, primary_key=True, autoincrement=False),
    Column("key", BigInt, primary_key=True, autoincrement=False),
    Column("loads", BigInt, nullable=False),
    Column("plays", BigInt, nullable=False),
    Column("views_3", BigInt, nullable=False),  # of three seconds and more, and so on
    Column("views", BigInt, nullable=False),
    Column("views_10", BigInt, nullable=False),
    Column("views_30", BigInt, nullable=False),
    Column("ends", BigInt, nullable=False),
    Column("watched_seconds", BigInt, nullable=False),
    Column("distinct_seconds", BigInt, nullable=False),
    Column("impression_ms", BigInt, nullable=False),
    sqlite_with_rowid=False,
)
interval_rollups = Table(
    "interval_rollups",
    metadata,
    Column("world", Integer, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("kind", SmallInteger, primary_key=True, autoincrement=False),
    Column("measure", SmallInteger, primary_key=True, autoincrement=False),
    Column(
        "intervals", LargeBinary, nullable=False
    ),  # from the day's start, as many as it takes; 32 bits each, compressed
    sqlite_with_rowid=False,
)

# What is counted of viewings and of conversions, so that their indexes cover it.
VIEWING_INDEX_COLUMNS = (
    "world",
    "loaded_at",
    "kind",
    "media",
    "place",
    "played_at",
    "page",
    "viewed_3_at",
    "viewed_5_at",
    "viewed_10_at",
    "viewed_30_at",
    "finished_at",
    "ended_at",
    "watched_seconds",
    "distinct_seconds",
    "impression_ms",
    "viewer",
)
CONVERSION_INDEX_COLUMNS = ("kind", "prompt", "shown_at", "converted_at", "ended_at")
# Built after a bulk load. Each covers the questions of one module of `stats`.
FACT_INDEXES = (
    Index("ix_viewers_search_text", viewers.c.world, viewers.c.search_text),
    Index("ix_viewers_pair", viewers.c.world, viewers.c.ip, viewers.c.device),
    Index("ix_viewings_loaded", *(viewings.c[name] for name in VIEWING_INDEX_COLUMNS)),
    Index(
        "ix_viewings_media",
        viewings.c.world,
        viewings.c.media,
        viewings.c.loaded_at,
        viewings.c.played_at,
        viewings.c.ended_at,
    ),
    Index(
        "ix_viewings_audience",
        viewings.c.world,
        viewings.c.media,
        viewings.c.viewer,
        viewings.c.played_at,
        viewings.c.loaded_at,
        viewings.c.ended_at,
    ),
    Index(
        "ix_viewings_viewer",
        viewings.c.world,
        viewings.c.viewer,
        viewings.c.loaded_at,
        viewings.c.played_at,
        viewings.c.kind,
        viewings.c.ended_at,
    ),
    Index(
        "ix_conversions_media",
        *(
            conversions.c[name]
            for name in ("world", "media", "loaded_at", *CONVERSION_INDEX_COLUMNS)
        ),
    ),
    Index(
        "ix_conversions_loaded",
        *(
            conversions.c[name]
            for name in ("world", "loaded_at", "media", *CONVERSION_INDEX_COLUMNS)
        ),
    ),
    Index(
        "ix_conversions_viewer",
        conversions.c.world,
        conversions.c.viewer,
        conversions.c.converted_at,
    ),
    Index(
        "ix_played_ranges_start",
        played_ranges.c.world,
        played_ranges.c.media,
        played_ranges.c.is_repeat,
        played_ranges.c.start_position,
        played_ranges.c.loaded_at,
        played_ranges.c.ended_at,
    ),
    Index(
        "ix_played_ranges_stop",
        played_ranges.c.world,
        played_ranges.c.media,
        played_ranges.c.is_repeat,
        played_ranges.c.stop_position,
        played_ranges.c.loaded_at,
        played_ranges.c.ended_at,
    ),
    Index(
        "ix_played_ranges_wall",
        played_ranges.c.world,
        played_ranges.c.media,
        played_ranges.c.started_at,
        played_ranges.c.stopped_at,
        played_ranges.c.loaded_at,
        played_ranges.c.is_repeat,
        played_ranges.c.start_position,
        played_ranges.c.stop_position,
        played_ranges.c.ended_at,
    ),
)
FACT_TABLES = (viewings, played_ranges, viewing_labels, broadcasts, conversions)

for _index in FACT_INDEXES:
    # Not made with their tables: many times quicker to build once than to keep through a bulk load.
    if _index.table is not None:
        _index.table.indexes.discard(_index)
