"""What users name of vendors when they plan something: a vendor, an operation, a path."""

from collections.abc import Sequence
from difflib import get_close_matches
from urllib.parse import unquote

from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path

from playhead.domain.errors import UserError
from playhead.gateway.vendor import Vendor


def find_vendor(name: str, vendors: Sequence[Vendor]) -> Vendor:
    """The vendor of that name; raises Refusal."""
    found = next((vendor for vendor in vendors if vendor.name == name), None)
    if found is None:
        raise UserError(
            f"there is no vendor {name!r}, only {', '.join(vendor.name for vendor in vendors)}"
        )
    return found


def check_operation(name: str | None, vendors: Sequence[Vendor]) -> None:
    """Raise Refusal for the name of an operation that none of these vendors has."""
    known = list(
        dict.fromkeys(
            route.name for vendor in vendors for route in iter_route_contexts(vendor.routes.routes)
        )
    )
    if name is not None and name not in known:
        near = get_close_matches(name, [str(one) for one in known], n=1, cutoff=0.0)
        raise UserError(
            f"there is no operation {name!r} of {', '.join(vendor.name for vendor in vendors)}"
            f": did you mean {near[0]}?"
        )


def normalize_path_pattern(text: str, vendors: Sequence[Vendor]) -> str:
    """A path or pattern as it is compared with requests:

    without prefix, decoded, and as the vendor whose path it is spells it; raises Refusal.
    """
    if "?" in text or "#" in text:
        raise UserError(
            f"path={text!r}: a path ends before `?`; what a query must hold is said in `query`"
        )
    if not text.startswith(("/", "*")):
        raise UserError(f"path={text!r}: a path begins with /")
    for vendor in vendors:
        path = text.removeprefix(f"/{vendor.name}") if text.startswith(f"/{vendor.name}/") else text
        if (
            path.startswith(tuple(f"{root}/" for root in vendor.path_prefixes))
            or path in vendor.path_prefixes
        ):
            return vendor.normalize_path(
                "/".join(unquote(segment).replace("/", "%2F") for segment in path.split("/"))
            )
    if "*" in text:
        return text
    raise UserError(
        f"path={text!r}: a path of {' or '.join(vendor.name for vendor in vendors)} "
        f"begins with {', '.join(_path_prefixes(vendors))}"
    )


def check_route(vendor: Vendor, method: str, path: str) -> None:
    """Raise Refusal for a method and path that no operation of the vendor takes:

    nothing of theirs reaches a stub.
    """
    for route in iter_route_contexts(vendor.routes.routes):
        if method in (route.methods or ()) and compile_path(str(route.path))[0].match(path):
            return
    raise UserError(
        f"no operation of {vendor.name} answers {method} {path}, so a stub of it would "
        "never be asked"
    )


def _path_prefixes(vendors: Sequence[Vendor]) -> list[str]:
    return [root for vendor in vendors for root in vendor.path_prefixes]
