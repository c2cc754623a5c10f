"""What the vendor itself published of an operation: a request, and the answer to it."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from playhead.gateway.vendor import Vendor
from playhead.stubs.documented_examples import Example, examples
from playhead.stubs.matching import StubDefinition

Json = Any  # Any: what JSON is
Document = dict[str, Any]  # Any: a JSON document
ABSENT = object()  # where nothing is published: null is something


class DocumentedParameters(NamedTuple):
    """Values of parameters, by place and name:

    those of the operation's own published request, and of any other's.
    """

    own: Mapping[tuple[str, str], str]
    others: Mapping[tuple[str, str], str]

    def values(self, place: str, name: str) -> list[str]:
        """The published values of a parameter that must be given:

        its own request's first, then others' in that place, then in any.
        """
        same_place = [
            known[place, name] for known in (self.own, self.others) if (place, name) in known
        ]
        return same_place + [value for (_, called), value in self.others.items() if called == name]

    def own_values(self, place: str, name: str) -> list[str]:
        """The value with which the operation itself was published:

        those of others need not go together.
        """
        return [self.own[place, name]] if (place, name) in self.own else []


class DocumentedExamples:
    """The published successes of one vendor."""

    def __init__(self, vendor: Vendor) -> None:
        self.vendor = vendor
        self.examples = [
            example
            for example in examples()
            if example.vendor == vendor.name and example.stub and example.status < 400
        ]

    def body(self, method: str, path: str) -> Json:
        """The published answer of an operation; ABSENT where there is none."""
        found = self._for_route(method, path)
        return json.loads(found[0].stub.body) if found and found[0].stub else ABSENT

    def parameters(self, method: str, path: str) -> DocumentedParameters:
        """The values with which an operation was asked where it was published, and others of the
        same names.
        """
        own: dict[tuple[str, str], str] = {}
        others: dict[tuple[str, str], str] = {}
        for example in self._for_route(method, path):
            own = {**self._values(example, path), **own}
        for example in self.examples:
            if example.stub:
                others = {**self._values(example, example.stub.path), **others}
        return DocumentedParameters(own, others)

    def _for_route(self, method: str, path: str) -> list[Example]:
        route = StubDefinition(self.vendor.name, method.upper(), path)
        return [
            found
            for found in self.examples
            if found.stub
            and route.matches(self.vendor.name, found.stub.method, found.stub.path, ())
        ]

    def _values(self, example: Example, template: str) -> dict[tuple[str, str], str]:
        segments = zip(
            template.split("/"), self.vendor.normalize_path(example.path).split("/"), strict=False
        )
        places = {
            ("path", wanted.strip("{}")): given
            for wanted, given in segments
            if wanted.startswith("{")
        }
        return places | {("query", name): value for name, value in example.query}
