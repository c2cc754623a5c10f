"""The invented people and organisations of a locale:

made once by Faker, frozen in a file, read ever after.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from faker import Faker

PEOPLE_PER_LOCALE: Final = 200
ORGANISATIONS_PER_LOCALE: Final = 60
SEED: Final = 20240304

# Surnames and a word of the trade (Korean and Chinese surnames are few, so a given name takes their
# place or joins one), never Faker's own
# `company`: in several locales that provider returns the names of real firms.
ORGANISATION_PATTERNS: Final[dict[str, tuple[str, ...]]] = {
    "en_US": (
        "{one} {two} Broadband",
        "{one} & {two} Cable",
        "{one} {two} Fiber",
        "{one}, {two} & {three} LLC",
    ),
    "en_GB": (
        "{one} {two} Broadband",
        "{one} & {two} Telecom",
        "{one} {two} Networks",
        "{one} and {two} Ltd",
    ),
    "fr_FR": (
        "{one} {two} Télécom",
        "Fibre {one} {two}",
        "Réseaux {one} {two}",
        "{one} et {two} SARL",
    ),
    "de_DE": (
        "{one} {two} Netz",
        "Breitband {one} {two}",
        "{one} {two} Telekommunikation",
        "{one} & {two} GmbH",
    ),
    "es_ES": ("Fibra {one} {two}", "{one} {two} Redes", "Cable {one} {two}", "{one} y {two} S.L."),
    "it_IT": (
        "Fibra {one} {two}",
        "{one} {two} Reti",
        "{one} {two} Telecomunicazioni",
        "{one} e {two} s.r.l.",
    ),
    "pt_BR": (
        "Fibra {one} {two}",
        "{one} {two} Redes",
        "{one} {two} Telecomunicações",
        "{one} e {two} Ltda.",
    ),
    "nl_NL": (
        "Glasvezel {one} {two}",
        "{one} {two} Kabel",
        "Netwerk {one} {two}",
        "{one} en {two} B.V.",
    ),
    "pl_PL": (
        "Światłowód {one} {two}",
        "{one} {two} Sieci",
        "Kablówka {one} {two}",
        "{one} i {two} Sp. z o.o.",
    ),
    "sv_SE": (
        "{one} {two} Bredband",
        "{one} & {two} Fiber",
        "{one} {two} Nät",
        "{one} och {two} AB",
    ),
    "ja_JP": (
        "{one}{two}ケーブルネット",
        "{one}{two}光通信株式会社",
        "株式会社{one}{two}ネットワーク",
        "{one}{two}商事株式会社",
    ),
    "ko_KR": ("{first}케이블", "{first}광통신", "주식회사 {first}네트워크", "(주) {first}상사"),
    "zh_CN": (
        "{one}{first}宽带",
        "{one}{first}网络科技有限公司",
        "{one}{first}通信有限公司",
        "{one}{first}传媒有限公司",
    ),
    "en_IN": (
        "{one} {two} Broadband",
        "{one} & {two} Fibernet",
        "{one} {two} Cable Network",
        "{one} and {two} Pvt Ltd",
    ),
}
FAMILY_NAME_FIRST: Final = {
    "ja_JP": "{last} {first}",
    "ko_KR": "{last}{first}",
    "zh_CN": "{last}{first}",
}
LOCAL_PART_PATTERNS: Final = (
    "{first}.{last}",
    "{first}.{last}",
    "{last}.{first}",
    "{first}_{last}",
    "{initial}{last}",
    "{first}{digits}",
    "{initial}.{last}{digits}",
)
# What a reader of the locale writes otherwise than general transliteration does, which drops a
# German vowel's dots.
SPELLINGS: Final = {
    "de_DE": str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
}


class FakePerson(NamedTuple):
    """A full name in the script of its locale, and what stands before the @ of an e-mail
    address.
    """

    name: str
    local_part: str


class PeopleDocument(TypedDict):
    """The document a file under fixtures/people holds."""

    locale: str
    people: list[list[str]]
    organisations: list[str]


@dataclass(frozen=True, slots=True)
class LocalePeople:
    """Everybody a scenario may draw from in one locale, in the order of the file."""

    locale: str
    people: tuple[FakePerson, ...]
    organisations: tuple[str, ...]


class FakeName(NamedTuple):
    """A given and a family name, each as written and in Latin letters."""

    first: str
    last: str
    latin_first: str
    latin_last: str


def available_locales() -> tuple[str, ...]:
    """The locales a scenario may name, sorted."""
    return tuple(
        sorted(
            entry.name.removesuffix(".json")
            for entry in _folder().iterdir()
            if entry.name.endswith(".json")
        )
    )


def read(locale: str) -> LocalePeople:
    """The people of a frozen locale; FileNotFoundError for any other."""
    document: PeopleDocument = json.loads(
        (_folder() / f"{locale}.json").read_text(encoding="utf-8")
    )
    people = tuple(FakePerson(name, local_part) for name, local_part in document["people"])
    return LocalePeople(
        locale=document["locale"], people=people, organisations=tuple(document["organisations"])
    )


def make_people(locale: str, *, count: int, seed: int) -> PeopleDocument:
    """Invent `count` people (a few hundred:

    a locale's names are finite) and 60 organisations; one version of Faker always invents the same.
    """
    from faker import Faker

    faker = Faker(locale)
    # The locale is part of the seed: otherwise every file would draw the same patterns and digits
    # in the same order.
    faker.seed_instance(f"{locale} {seed}")
    names = _names(faker, locale)
    return PeopleDocument(
        locale=locale,
        people=_people(faker, names, locale=locale, count=count),
        organisations=_organisations(faker, names, locale=locale),
    )


def to_json(document: PeopleDocument) -> str:
    """The document as its file spells it:

    one person and one organisation a line, so that a change is readable.
    """
    people = ",\n".join(
        f"    {json.dumps(person, ensure_ascii=False)}" for person in document["people"]
    )
    organisations = ",\n".join(
        f"    {json.dumps(name, ensure_ascii=False)}" for name in document["organisations"]
    )
    return (
        f'{{\n  "locale": "{document["locale"]}",\n  "people": [\n{people}\n  ],\n  '
        f'"organisations": [\n{organisations}\n  ]\n}}\n'
    )


def main() -> None:
    """Write every locale's file anew: what `make people` does."""
    folder = Path(str(_folder()))
    for locale in ORGANISATION_PATTERNS:
        (folder / f"{locale}.json").write_text(
            to_json(make_people(locale, count=PEOPLE_PER_LOCALE, seed=SEED)),
            encoding="utf-8",
            newline="\n",
        )


def _folder() -> Traversable:
    return files("playhead") / "fixtures" / "people"


def _people(faker: Faker, names: Iterator[FakeName], *, locale: str, count: int) -> list[list[str]]:
    """People whose names and local parts are both distinct."""
    pattern = FAMILY_NAME_FIRST.get(locale, "{first} {last}")
    by_local_part: dict[str, str] = {}
    taken: set[str] = set()
    while len(by_local_part) < count:
        name = next(names)
        full_name = pattern.format(first=name.first, last=name.last)
        local_part = _local_part(faker, name)
        if full_name not in taken and local_part not in by_local_part:
            by_local_part[local_part] = full_name
            taken.add(full_name)
    return [[full_name, local_part] for local_part, full_name in by_local_part.items()]


def _organisations(faker: Faker, names: Iterator[FakeName], *, locale: str) -> list[str]:
    organisations: dict[str, None] = {}
    while len(organisations) < ORGANISATIONS_PER_LOCALE:
        first_name, second_name, third_name = islice(names, 3)
        if len({first_name.last, second_name.last, third_name.last}) == 3:
            pattern = faker.random_element(ORGANISATION_PATTERNS[locale])
            name = pattern.format(
                first=first_name.first,
                one=first_name.last,
                two=second_name.last,
                three=third_name.last,
            )
            # "van Dijk de Boer Kabel": a firm begins with a capital even where a surname does not.
            organisations[name[0].upper() + name[1:]] = None
    return list(organisations)


def _local_part(faker: Faker, name: FakeName) -> str:
    first = _letters(name.latin_first)
    last = _letters(name.latin_last)
    pattern = faker.random_element(LOCAL_PART_PATTERNS)
    return pattern.format(first=first, last=last, initial=first[0], digits=faker.random_int(2, 99))


def _letters(latin: str) -> str:
    return re.sub(r"[^a-z-]", "", latin.lower())


def _names(faker: Faker, locale: str) -> Iterator[FakeName]:
    """Endless names of either sex:

    given and family name agree where the language makes them (Polish).
    """
    draw = _japanese_name if locale == "ja_JP" else _name
    while True:
        name = draw(faker, locale=locale, sex=faker.random_element(("female", "male")))
        if _is_usable(name):
            yield name


def _is_usable(name: FakeName) -> bool:
    # Faker's German list holds registry leftovers: "auch Schlauchin", "Dussen van".
    return not name.last.startswith("auch ") and not name.last.split()[-1].islower()


def _name(faker: Faker, *, locale: str, sex: str) -> FakeName:
    from faker.decode import unidecode

    first = str(getattr(faker, f"first_name_{sex}")())
    last = str(getattr(faker, f"last_name_{sex}")())
    spelling = SPELLINGS.get(locale, {})
    return FakeName(
        first, last, unidecode(first.translate(spelling)), unidecode(last.translate(spelling))
    )


# - called as _name is
def _japanese_name(faker: Faker, *, locale: str, sex: str) -> FakeName:  # noqa: ARG001
    """Faker pairs each Japanese name with its reading.

    Transliteration would read the characters as Chinese.
    """
    first, _, latin_first = getattr(faker, f"first_name_{sex}_pair")()
    last, _, latin_last = faker.last_name_pair()
    return FakeName(first, last, latin_first, latin_last)


if __name__ == "__main__":
    main()
