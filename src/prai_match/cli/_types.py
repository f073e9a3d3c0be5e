"""What options hold: each type says in the language of the command what it expects."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from prai_match.cli._output import STDOUT, words
from prai_match.errors import did_you_mean
from prai_match.io import FORMATS
from prai_match.text import current_language

if TYPE_CHECKING:
    from collections.abc import Sequence

_ISO: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_FRENCH: Final = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})", re.ASCII)


class _Type(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on
    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - as click calls it
        return self.name

    def refuse(self, key: str, value: object, *where: Any, **values: object) -> NoReturn:  # noqa: ANN401 - of click
        self.fail(words()["types"][key].format(value=value, **values), *where)


class Among(_Type):
    def __init__(self, values: Sequence[str]) -> None:
        self.name = "[" + "|".join(values) + "]"
        self._values = values

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401
        if value not in self._values:
            near = did_you_mean(value, self._values, current_language())
            self.refuse("among", value, param, ctx, known=", ".join(self._values), near=near)
        return str(value)


class DayType(_Type):
    """A day, as 2007-09-03 or 03/09/2007."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:  # noqa: ANN401
        match = _ISO.fullmatch(value) or _FRENCH.fullmatch(value)
        try:
            return dt.date(**{name: int(part) for name, part in (match.groupdict() if match else {}).items()})
        except (TypeError, ValueError):
            self.refuse("day", value, param, ctx)


class Count(_Type):
    """A whole number of at least 1."""

    name = "N"

    def __init__(self, digits: int = 6) -> None:
        self._digits = digits

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401
        if not re.fullmatch(rf"0*[1-9]\d{{0,{self._digits - 1}}}", str(value), re.ASCII):
            self.refuse("count", value, param, ctx)
        return int(value)


class Amount(_Type):
    """A number of at least 0, with a comma or a point."""

    def __init__(self, metavar: str) -> None:
        self.name = metavar

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401
        text = str(value).replace(",", ".")
        if not re.fullmatch(r"\d{1,12}(\.\d{1,2})?", text, re.ASCII):
            self.refuse("amount", value, param, ctx)
        return float(text)


class Out(_Type):
    """A file to write, whose suffix says the format; ``-`` is the standard output."""

    def __init__(self, formats: Sequence[str] = FORMATS) -> None:
        self.name = words()["metavars"]["file"]
        self._formats = formats

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:  # noqa: ANN401
        path = Path(value)
        suffix = path.suffix.lower().removeprefix(".")
        if path != STDOUT and suffix not in self._formats:
            formats = ", ".join(f".{name}" for name in self._formats)
            self.refuse(
                "suffix", value, param, ctx, known=formats, near=did_you_mean(suffix, self._formats, current_language())
            )
        return path
