"""Stubs as values: which requests a definition answers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

QueryPairs = Sequence[tuple[str, str]]


PLACEHOLDER_PATTERN = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class StubDefinition:
    """What is answered, and to what:

    in path and query a `{placeholder}` stands for any segment or value; `query` is what must be
    there.
    """

    vendor: str
    method: str
    path: str
    query: QueryPairs = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    def matches(
        self, vendor: str, method: str, path: str, query: QueryPairs, *, template: str = ""
    ) -> bool:
        """Whether a request is one that it answers.

        With the template of its route, a placeholder stands for none of the words that the route
        itself has.
        """
        if (vendor, method) != (self.vendor, self.method) or not _path_matches(
            self.path, path, template
        ):
            return False
        return all(
            any(name == given and _segment_matches(value, text) for given, text in query)
            for name, value in self.query
        )


def _path_matches(pattern: str, path: str, template: str) -> bool:
    wanted = pattern.split("/")
    given = path.split("/")
    words = template.split("/")
    if len(wanted) != len(given) or not all(
        _segment_matches(segment, text) for segment, text in zip(wanted, given, strict=True)
    ):
        return False
    # `plays` of /analytics/videos/plays is not the id of a video, for which
    # /analytics/videos/{videoId} stands.
    own = (
        [text == word for text, word in zip(given, words, strict=True)]
        if len(words) == len(given)
        else [False] * len(given)
    )
    return not any(
        PLACEHOLDER_PATTERN.fullmatch(segment) and fixed
        for segment, fixed in zip(wanted, own, strict=True)
    )


def _segment_matches(pattern: str, text: str) -> bool:
    return pattern == text or bool(text and PLACEHOLDER_PATTERN.fullmatch(pattern))
