"""Typer as our help needs it: an argument is shown by its metavar, without a Python type."""

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand


class HelpCommand(TyperCommand):
    """Command whose help shows `NAME`, where typer itself shows `NAME <str>`."""

    def format_options(self, ctx: Any, formatter: Any) -> None:  # Any: typer's own click
        for parameter in self.params:
            if isinstance(parameter, TyperArgument):
                vars(parameter)["display_type_rich"] = _without_type
        super().format_options(ctx, formatter)


def _without_type(*_context: object, **_named: object) -> None:
    return None


class Commands(typer.Typer):
    """Typer application whose commands are `HelpCommand`s."""

    def command(  # type: ignore[override] # every option is passed on
        self, name: str | None = None, **options: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # Any: as typer has it
        return super().command(name, **{"cls": HelpCommand, **options})
