"""The frozen fixtures a world is drawn from: people, places and devices."""

import csv
import os
import re
import subprocess
import sys
from collections import Counter
from importlib.resources import files

import pytest

from playhead.world.generator import people

Row = dict[str, str]
Table = list[Row]

LOCALES = (
    "de_DE",
    "en_GB",
    "en_IN",
    "en_US",
    "es_ES",
    "fr_FR",
    "it_IT",
    "ja_JP",
    "ko_KR",
    "nl_NL",
    "pl_PL",
    "pt_BR",
    "sv_SE",
    "zh_CN",
)
PLACE_COLUMNS = (
    "number,city,country,country_name,continent,subdivision,subdivision_name,"
    "latitude,longitude,utc_offset_minutes,language,locale,weight"
)
DEVICE_COLUMNS = (
    "number,type,vendor,model,os,os_version,browser,browser_version,user_agent,screen,weight"
)
TYPES = {"desktop", "mobile", "tablet", "tv", "console"}
SYSTEMS = {
    "windows",
    "macos",
    "ios",
    "ipados",
    "android",
    "linux",
    "chromeos",
    "tizen",
    "webos",
    "playstation",
}
BROWSERS = {
    "chrome",
    "chrome_mobile",
    "chrome_ios",
    "firefox",
    "firefox_mobile",
    "safari",
    "safari_mobile",
    "edge",
    "opera",
    "samsung_internet",
    "tv_browser",
}
FREEZE_PROGRAM = (
    "import sys; from playhead.world.generator import people; "
    "sys.stdout.buffer.write(people.to_json(people.make_people('ja_JP', count=40, "
    "seed=7)).encode())"
)


def rows(name: str) -> Table:
    lines = (files("playhead") / "fixtures" / name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(lines, strict=True))


PLACES = rows("places.csv")
DEVICES = rows("devices.csv")


def test_a_scenario_may_name_fourteen_locales() -> None:
    assert people.available_locales() == LOCALES


def test_a_locale_that_is_not_frozen_is_no_locale() -> None:
    with pytest.raises(FileNotFoundError):
        people.read("tlh_QO")


@pytest.mark.parametrize("locale", LOCALES)
def test_a_frozen_locale_holds_200_people_and_60_organisations(locale: str) -> None:
    frozen = people.read(locale)
    assert (
        frozen.locale,
        len(frozen.people),
        len(set(frozen.organisations)),
        len(frozen.organisations),
    ) == (locale, 200, 60, 60)


@pytest.mark.parametrize("locale", LOCALES)
def test_no_two_people_of_a_locale_share_a_name_or_an_address(locale: str) -> None:
    frozen = people.read(locale)
    assert (
        len({person.name for person in frozen.people})
        == len({person.local_part for person in frozen.people})
        == 200
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_a_local_part_needs_no_quoting(locale: str) -> None:
    pattern = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
    assert [
        person.local_part
        for person in people.read(locale).people
        if not pattern.fullmatch(person.local_part)
    ] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_name_is_trimmed_and_printable(locale: str) -> None:
    frozen = people.read(locale)
    names = [person.name for person in frozen.people] + list(frozen.organisations)
    assert [
        name for name in names if name != " ".join(name.split()) or not name.isprintable()
    ] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_file_is_spelt_as_freezing_spells_it(locale: str) -> None:
    frozen = people.read(locale)
    document = people.PeopleDocument(
        locale=locale,
        people=[list(person) for person in frozen.people],
        organisations=list(frozen.organisations),
    )
    assert (
        files("playhead") / "fixtures" / "people" / f"{locale}.json"
    ).read_bytes() == people.to_json(document).encode()


def test_freezing_again_gives_equal_bytes_in_any_process() -> None:
    once, again = (freeze_in_process(hash_seed) for hash_seed in ("1", "2"))
    assert once == again != b""


def test_another_seed_invents_other_people() -> None:
    assert (
        people.make_people("fr_FR", count=5, seed=1)["people"]
        != people.make_people("fr_FR", count=5, seed=2)["people"]
    )


def test_reading_people_does_not_load_faker() -> None:
    program = (
        "import sys; from playhead.world.generator import people; people.read('fr_FR'); "
        "sys.exit('faker' in sys.modules)"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", program], env=environment("0"), check=False
        ).returncode
        == 0
    )


@pytest.mark.parametrize(
    ("table", "columns"),
    [(PLACES, PLACE_COLUMNS), (DEVICES, DEVICE_COLUMNS)],
    ids=["places", "devices"],
)
def test_a_table_has_its_columns_and_counts_its_rows(table: Table, columns: str) -> None:
    assert ",".join(table[0]) == columns
    assert [row["number"] for row in table] == [str(number) for number in range(len(table))]


@pytest.mark.parametrize("table", [PLACES, DEVICES], ids=["places", "devices"])
def test_every_cell_says_something(table: Table) -> None:
    assert [
        row for row in table if not all(value and value == value.strip() for value in row.values())
    ] == []


@pytest.mark.parametrize("table", [PLACES, DEVICES], ids=["places", "devices"])
def test_weights_are_positive_integers(table: Table) -> None:
    assert min(int(row["weight"]) for row in table) > 0


def test_places_span_the_world() -> None:
    assert len(PLACES) >= 40
    assert len({place["country"] for place in PLACES}) >= 25
    assert {place["continent"] for place in PLACES} == {"AF", "AS", "EU", "NA", "SA", "OC"}


def test_a_city_appears_once() -> None:
    assert len(
        {(place["country"], place["subdivision"], place["city"]) for place in PLACES}
    ) == len(PLACES)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place["city"])
def test_a_place_is_written_as_the_standards_write_it(place: Row) -> None:
    assert re.fullmatch(r"[A-Z]{2}", place["country"])
    assert re.fullmatch(r"[A-Z0-9]{1,3}", place["subdivision"])
    assert re.fullmatch(r"-?\d{1,2}\.\d{4}", place["latitude"])
    assert re.fullmatch(r"-?\d{1,3}\.\d{4}", place["longitude"])
    assert abs(float(place["latitude"])) <= 90
    assert abs(float(place["longitude"])) <= 180


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place["city"])
def test_a_place_keeps_the_time_of_its_longitude(place: Row) -> None:
    offset = int(place["utc_offset_minutes"])
    assert offset % 15 == 0
    assert -720 <= offset <= 840
    # The sun moves a degree in four minutes; no civil time in the table strays two hours from it.
    assert abs(offset - 4 * float(place["longitude"])) < 120


def test_a_country_has_one_name_and_one_continent() -> None:
    assert len(
        {(place["country"], place["country_name"], place["continent"]) for place in PLACES}
    ) == len({place["country"] for place in PLACES})


def test_a_place_speaks_a_frozen_locale() -> None:
    assert {place["locale"] for place in PLACES} <= set(people.available_locales())


@pytest.mark.parametrize(
    ("city", "country", "subdivision", "offset"),
    [
        ("Seattle", "US", "WA", -480),
        ("Paris", "FR", "IDF", 60),
        ("Canberra", "AU", "ACT", 600),
        ("Adelaide", "AU", "SA", 570),
        ("Buenos Aires", "AR", "C", -180),
        ("Mumbai", "IN", "MH", 330),
    ],
)
def test_a_place_that_scenarios_count_on_is_there(
    city: str, country: str, subdivision: str, offset: int
) -> None:
    assert (city, country, subdivision, str(offset)) in {
        (row["city"], row["country"], row["subdivision"], row["utc_offset_minutes"])
        for row in PLACES
    }


def test_devices_speak_the_neutral_vocabulary() -> None:
    assert {device["type"] for device in DEVICES} == TYPES
    assert {device["os"] for device in DEVICES} == SYSTEMS
    assert {device["browser"] for device in DEVICES} == BROWSERS


def test_no_two_devices_send_the_same_user_agent() -> None:
    assert [
        agent
        for agent, count in Counter(device["user_agent"] for device in DEVICES).items()
        if count > 1
    ] == []


@pytest.mark.parametrize(
    "device", DEVICES, ids=lambda device: f"{device['number']}-{device['os']}-{device['browser']}"
)
def test_a_user_agent_names_the_browser_version(device: Row) -> None:
    assert re.fullmatch(r"Mozilla/5\.0 \([^()]+\) [ -~]+", device["user_agent"])
    assert re.search(rf"[/ ]{re.escape(device['browser_version'])}\b", device["user_agent"])


def test_the_documented_device_is_there() -> None:
    device = {
        "type": "desktop",
        "vendor": "Dell",
        "os": "windows",
        "os_version": "10",
        "browser": "firefox",
        "browser_version": "67.0",
    }
    assert [row["model"] for row in DEVICES if device.items() <= row.items()] == ["unknown"]


def freeze_in_process(hash_seed: str) -> bytes:
    return subprocess.run(
        [sys.executable, "-c", FREEZE_PROGRAM],
        env=environment(hash_seed),
        check=True,
        capture_output=True,
    ).stdout


def environment(hash_seed: str) -> dict[str, str]:
    return os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
