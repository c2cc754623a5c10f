"""The table: figures, what they aim at, and whether they miss it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

COLUMNS = (
    "figure",
    "on",
    "unit",
    "min",
    "median",
    "p99",
    "max",
    "cpu",
    "n",
    "baseline",
    "ratio",
    "aim",
    "",
)
LEFT_ALIGNED = 3  # so many columns hold words


@dataclass(frozen=True)
class Aim:
    """What a figure (or its ratio to the baseline) should not exceed, or not fall below."""

    limit: float
    sign: str = "≤"
    of_ratio: bool = False

    def is_missed_by(self, value: float) -> bool:
        """Whether a value is on the wrong side."""
        return value > self.limit if self.sign == "≤" else value < self.limit

    def __str__(self) -> str:
        return f"{self.sign} {_number(self.limit)}{' ×' if self.of_ratio else ''}"


@dataclass(frozen=True)
class Figure:
    """What was measured: all its samples, in one unit, beside a baseline in the same unit.

    `cpu` is what our process computed for one of them, in that unit too: the figure to read when
    the machine is busy.
    """

    name: str
    dataset: str
    unit: str
    samples: Sequence[float]
    baseline: float | None = None
    aim: Aim | None = None
    statistic: Callable[[Sequence[float]], float] = median
    cpu: float | None = None

    @property
    def value(self) -> float:
        """The one number that stands for the samples:

        of requests the median, of starts the least.
        """
        return self.statistic(self.samples)

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline if self.baseline else None

    @property
    def is_missed(self) -> bool:
        """Whether it has an aim and misses it."""
        value = self.ratio if self.aim and self.aim.of_ratio else self.value
        return self.aim is not None and value is not None and self.aim.is_missed_by(value)

    def cells(self) -> tuple[str, ...]:
        """Its row."""
        many = len(self.samples) > 1
        spread = (
            [min(self.samples), median(self.samples), p99(self.samples), max(self.samples)]
            if many
            else [None, self.value, None, None]
        )
        measured = [_number(value) for value in spread]
        baseline_cells = (
            _number(self.baseline),
            f"{self.ratio:.2f}" if self.ratio is not None else "",
        )
        return (
            self.name,
            self.dataset,
            self.unit,
            *measured,
            _number(self.cpu),
            str(len(self.samples)),
            *baseline_cells,
            str(self.aim or ""),
            "MISSED" if self.is_missed else "",
        )


def p99(samples: Sequence[float]) -> float:
    """What one sample in a hundred exceeds; of few samples the greatest."""
    return quantiles(samples, n=100, method="inclusive")[98]


def table(figures: Iterable[Figure]) -> str:
    """Figures as aligned lines."""
    rows = [COLUMNS, *(figure.cells() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        cell.ljust(width) if column < LEFT_ALIGNED else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 1000 or value == int(value) else f"{value:.3g}"
