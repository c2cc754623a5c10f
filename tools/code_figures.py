"""Figures of the code of a checkout, or of two side by side.

python -m tools.code_figures [OLD_ROOT] [NEW_ROOT]
"""

import argparse
import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from math import ceil
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tools.import_graph import import_figures

Function = ast.FunctionDef | ast.AsyncFunctionDef
FOLDERS = ("app/playhead", "tests")
COLUMNS = 100
MANY_LINES = 250
TOO_MANY_LINES = 400


class Source(NamedTuple):
    """A module as text and as syntax."""

    lines: list[str]
    tree: ast.Module

    @property
    def nodes(self) -> Iterator[ast.AST]:
        return ast.walk(self.tree)

    @property
    def code_lines(self) -> int:
        """Lines that are neither blank nor a comment alone; docstrings count."""
        stripped = [line.strip() for line in self.lines]
        return sum(bool(line) and not line.startswith("#") for line in stripped)


Sources = Sequence[Source]


def sources_of(folder: Path) -> list[Source]:
    """All Python files below a folder; links are not followed."""
    paths = sorted(path for path in folder.rglob("*.py") if not path.is_symlink())
    texts = [path.read_text() for path in paths]
    return [Source(text.splitlines(), ast.parse(text)) for text in texts]


def _count(sources: Sources, counted: Callable[[ast.AST], bool]) -> int:
    return sum(counted(node) for source in sources for node in source.nodes)


def _code_lines(sources: Sources) -> int:
    return sum(source.code_lines for source in sources)


def _nodes_a_line(sources: Sources) -> str:
    return f"{_count(sources, lambda _node: True) / max(1, _code_lines(sources)):.2f}"


def _in_thousand(counted: Callable[[ast.AST], bool]) -> Callable[[Sources], str]:
    return lambda sources: f"{1000 * _count(sources, counted) / max(1, _code_lines(sources)):.1f}"


def _is_tuple_assignment(node: ast.AST) -> bool:
    """`a, b = 1, 2`, and not a swap: there the values are the targets in another order."""
    if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple)):
        return False
    values = [ast.unparse(value) for value in node.value.elts]
    targets = [target for target in node.targets if isinstance(target, ast.Tuple)]
    texts = [[ast.unparse(element) for element in target.elts] for target in targets]
    return any(len(text) == len(values) and sorted(text) != sorted(values) for text in texts)


def _is_ternary(node: ast.AST) -> bool:
    return isinstance(node, ast.IfExp)


def _functions(sources: Sources) -> list[Function]:
    nodes = (node for source in sources for node in source.nodes)
    return [node for node in nodes if isinstance(node, Function)]


def _named_found(sources: Sources) -> str:
    """How many functions have a local variable `found`."""
    return str(sum("found" in _stored_names(function) for function in _functions(sources)))


def _stored_names(node: ast.AST) -> set[str]:
    """Names that a function assigns, loops over included, without those of functions in it."""
    names = set[str]()
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            names.add(child.id)
        elif not isinstance(child, Function):
            names |= _stored_names(child)
    return names


def _function_lines(sources: Sources) -> list[int]:
    """Lines of each function from `def` to its end, decorators left out."""
    functions = _functions(sources)
    return [(one.end_lineno or one.lineno) - one.lineno + 1 for one in functions]


def _file_lines(sources: Sources) -> list[int]:
    return [len(source.lines) for source in sources]


def _spread(sizes: Callable[[Sources], list[int]]) -> Callable[[Sources], str]:
    """Median, ninth decile and maximum."""

    def told(sources: Sources) -> str:
        ordered = sorted(sizes(sources)) or [0]
        ninth = ordered[ceil(0.9 * len(ordered)) - 1]
        return f"{median(ordered):g} / {ninth} / {ordered[-1]}"

    return told


def _longer(limit: int) -> Callable[[Sources], str]:
    return lambda sources: str(sum(lines > limit for lines in _file_lines(sources)))


def _private_share(sources: Sources) -> str:
    at_top = [node for source in sources for node in source.tree.body]
    names = [node.name for node in at_top if isinstance(node, Function)]
    private = sum(name.startswith("_") for name in names)
    return f"{100 * private / max(1, len(names)):.0f} % of {len(names)}"


def _longest_line(sources: Sources) -> str:
    return str(max((len(line) for source in sources for line in source.lines), default=0))


def _wide_lines(sources: Sources) -> str:
    return str(sum(len(line) > COLUMNS for source in sources for line in source.lines))


FIGURES: Sequence[tuple[str, Callable[[Sources], str]]] = (
    ("files", lambda sources: str(len(sources))),
    ("code lines", lambda sources: str(_code_lines(sources))),
    ("syntax nodes a code line", _nodes_a_line),
    ("tuple assignments in 1000 lines", _in_thousand(_is_tuple_assignment)),
    ("conditional expressions in 1000 lines", _in_thousand(_is_ternary)),
    ("functions with a local variable `found`", _named_found),
    ("function lines, median / p90 / max", _spread(_function_lines)),
    ("file lines, median / p90 / max", _spread(_file_lines)),
    (f"files over {MANY_LINES} lines", _longer(MANY_LINES)),
    (f"files over {TOO_MANY_LINES} lines", _longer(TOO_MANY_LINES)),
    ("private of module-level functions", _private_share),
    ("longest line, columns", _longest_line),
    (f"lines over {COLUMNS} columns", _wide_lines),
)


def figures_of(root: Path) -> dict[str, str]:
    """Every figure of a checkout, by what it counts."""
    figures: dict[str, str] = {}
    for folder in FOLDERS:
        sources = sources_of(root / folder)
        figures |= {f"{folder}: {name}": told(sources) for name, told in FIGURES}
    return figures | import_figures(root)


def table(roots: Sequence[Path]) -> str:
    """One line a figure, one column a checkout."""
    columns = [figures_of(root) for root in roots]
    names = list(dict.fromkeys(name for column in columns for name in column))
    rows = [["", *(str(root) for root in roots)]]
    rows += [[name, *(column.get(name, "-") for column in columns)] for name in names]
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def main() -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="code_figures", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    here = Path(__file__).parents[1]
    parser.add_argument("roots", type=Path, nargs="*", metavar="ROOT", default=[here])
    roots: list[Path] = parser.parse_args().roots
    missing = [root for root in roots if not (root / FOLDERS[0]).is_dir()]
    if missing:
        print(f"{missing[0]} has no {FOLDERS[0]}. Pass the root of a checkout.", file=sys.stderr)
        return 2
    print(table(roots))
    return 0


if __name__ == "__main__":
    sys.exit(main())
