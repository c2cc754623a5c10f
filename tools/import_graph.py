"""Imports between the modules of the package: layers and cycles."""

import ast
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

PACKAGE = "playhead"
NAMES_SHOWN = 6

Graph = Mapping[str, set[str]]


class Imports(NamedTuple):
    """Graphs of what modules import as they are loaded, and inside functions."""

    loading: dict[str, set[str]]
    inside_functions: dict[str, set[str]]


def import_figures(root: Path) -> dict[str, str]:
    """Figures of the imports of a checkout, by what they count."""
    imports = imports_of(root / "app" / PACKAGE)
    all_imports = _united(imports)
    units = _of_units(imports.loading)
    inside = sum(map(len, imports.inside_functions.values()))
    return {
        "imports: layers (longest chain of units)": str(_longest_chain(units)),
        "imports: layers of the contract": _contract_layers(root),
        "imports: cycles of modules": _told(_cycles(imports.loading)),
        "imports: cycles of modules, functions too": _told(_cycles(all_imports)),
        "imports: cycles of units": _told(_cycles(units)),
        "imports: inside functions": str(inside),
    }


def imports_of(folder: Path) -> Imports:
    """What the modules below a package folder import of each other."""
    paths = {_module(folder, path): path for path in folder.rglob("*.py")}
    imports = Imports({name: set() for name in paths}, {name: set() for name in paths})
    for name, path in paths.items():
        parent = name if path.name == "__init__.py" else name.rpartition(".")[0]
        for node, in_function in _import_nodes(ast.parse(path.read_text()), False):
            graph = imports.inside_functions if in_function else imports.loading
            graph[name] |= {*_imported(node, parent, paths)} - {name}
    return imports


def _module(folder: Path, path: Path) -> str:
    parts = path.relative_to(folder.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _import_nodes(node: ast.AST, inside: bool) -> Iterator[tuple[ast.stmt, bool]]:
    """Import statements, and whether each is inside a function; not those for type checkers."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, inside
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for branch in child.orelse:
                yield from _import_nodes(branch, inside)
        else:
            is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _import_nodes(child, inside or is_function)


def _imported(node: ast.stmt, parent: str, modules: Mapping[str, Path]) -> Iterator[str]:
    """The package's modules that a statement names: of `from a import b` b where it is one."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in modules)
    if not isinstance(node, ast.ImportFrom):
        return
    base = node.module or ""
    if node.level:
        steps = parent.split(".")
        base = ".".join([*steps[: len(steps) - node.level + 1], *([base] if base else [])])
    for alias in node.names:
        inner = f"{base}.{alias.name}"
        yield from (name for name in [inner if inner in modules else base] if name in modules)


def _united(imports: Imports) -> dict[str, set[str]]:
    return {
        name: imports.loading[name] | imports.inside_functions[name] for name in imports.loading
    }


def _of_units(graph: Graph) -> dict[str, set[str]]:
    """The graph of the package's direct children; the package itself is left out."""
    units: dict[str, set[str]] = {_unit(name): set() for name in graph if name != PACKAGE}
    for name, imported in graph.items():
        if name != PACKAGE:
            unit = _unit(name)
            units[unit] |= {_unit(other) for other in imported if other != PACKAGE} - {unit}
    return units


def _unit(name: str) -> str:
    return name.split(".")[1]


def _components(graph: Graph) -> list[set[str]]:
    """Strongly connected components, each behind those that it imports (Tarjan)."""
    reached: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_names: list[str] = []
    components: list[set[str]] = []

    def visit(name: str) -> None:
        reached[name] = lowest[name] = len(reached)
        open_names.append(name)
        for other in sorted(graph[name]):
            if other not in reached:
                visit(other)
            if other in open_names:
                lowest[name] = min(lowest[name], lowest[other])
        if lowest[name] == reached[name]:
            start = open_names.index(name)
            components.append({*open_names[start:]})
            del open_names[start:]

    for name in sorted(graph):
        if name not in reached:
            visit(name)
    return components


def _cycles(graph: Graph) -> list[set[str]]:
    return [component for component in _components(graph) if len(component) > 1]


def _longest_chain(graph: Graph) -> int:
    """How many units the longest chain of imports passes; a cycle counts as one."""
    depth: dict[str, int] = {}
    for component in _components(graph):
        below = {other for name in component for other in graph[name]} - component
        height = 1 + max((depth[other] for other in below), default=0)
        depth |= dict.fromkeys(component, height)
    return max(depth.values(), default=0)


def _told(cycles: Sequence[set[str]]) -> str:
    """The number of cycles, and the beginning of their modules."""
    names = sorted(name for cycle in cycles for name in cycle)
    dots = ", …" if len(names) > NAMES_SHOWN else ""
    listed = f" ({', '.join(names[:NAMES_SHOWN])}{dots})" if names else ""
    return f"{len(cycles)}{listed}"


def _contract_layers(root: Path) -> str:
    """Lengths of the layers contracts in pyproject.toml."""
    settings = tomllib.loads((root / "pyproject.toml").read_text())
    contracts = settings.get("tool", {}).get("importlinter", {}).get("contracts", [])
    layers = [str(len(one["layers"])) for one in contracts if one.get("type") == "layers"]
    return ", ".join(layers) or "-"
