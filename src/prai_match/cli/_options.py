"""What commands take: options, each type of which says in the language what it expects, and a programme's folder."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NoReturn, cast

import click

from prai_match._front import Programme
from prai_match.cli._output import STDOUT, ExitCode, one_line, tell, words
from prai_match.errors import InterruptedSaveWarning, RejectedRowsWarning, UnknownFactsWarning, did_you_mean
from prai_match.io import FORMATS, MOST_MEMORY, LoadReport, interrupted
from prai_match.text import counted, current_language

_ISO: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_FRENCH: Final = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})", re.ASCII)


class _Type(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on
    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - as click calls it
        return self.name

    def refuse(self, key: str, value: object, *where: Any, **values: object) -> NoReturn:  # noqa: ANN401 - of click
        self.fail(words()["types"][key].format(value=value, **values), *where)


class Among(_Type):
    def __init__(self, values: Sequence[str]) -> None:
        self.name, self._values = "[" + "|".join(values) + "]", values

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401
        if value not in self._values:
            near = did_you_mean(value, self._values, current_language())
            self.refuse("among", value, param, ctx, known=", ".join(self._values), near=near)
        return str(value)


class DayType(_Type):
    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:  # noqa: ANN401
        match = _ISO.fullmatch(value) or _FRENCH.fullmatch(value)
        try:
            return dt.date(**{name: int(part) for name, part in (match.groupdict() if match else {}).items()})
        except (TypeError, ValueError):
            self.refuse("day", value, param, ctx)


class Count(_Type):
    name = "N"

    def __init__(self, digits: int = 6) -> None:
        self._digits = digits

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401
        if not re.fullmatch(rf"0*[1-9]\d{{0,{self._digits - 1}}}", str(value), re.ASCII):
            self.refuse("count", value, param, ctx)
        return int(value)


class Amount(_Type):
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
        self.name, self._formats = words()["metavars"]["file"], formats

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:  # noqa: ANN401
        if (path := Path(value)) != STDOUT and (suffix := path.suffix.lower().removeprefix(".")) not in self._formats:
            known, near = ", .".join(self._formats), did_you_mean(suffix, self._formats, current_language())
            self.refuse("suffix", value, param, ctx, known=f".{known}", near=near)
        return path


_SETTINGS: Final = "prai_match.reading"


def path_argument(name: str) -> click.Argument:
    return click.Argument([name], metavar=words()["metavars"][name], type=click.Path(path_type=Path))


def path_option(name: str, kind: str, text: str) -> click.Option:
    return click.Option([name], metavar=words()["metavars"][kind], type=click.Path(path_type=Path), help=text)


def policy_option() -> click.Option:
    return path_option("--policy", "file", words()["options"]["policy"])


def memory_option() -> click.Option:
    return click.Option(
        ["--max-memory"],
        metavar=words()["metavars"]["bytes"],
        type=Count(digits=15),
        default=MOST_MEMORY,
        help=words()["options"]["max_memory"],
        expose_value=False,
        callback=_keep,
    )


def reading_options() -> tuple[click.Option, click.Option]:
    text = words()["options"]["follow_links"]
    links = click.Option(["--follow-links"], is_flag=True, help=text, expose_value=False, callback=_keep)
    return links, memory_option()


def _keep(ctx: click.Context, param: click.Parameter, value: int) -> int:
    ctx.meta.setdefault(_SETTINGS, {})[param.name] = value
    return value


def _setting(name: str, default: int) -> int:
    return cast("int", click.get_current_context().meta.get(_SETTINGS, {}).get(name, default))


def memory() -> int:
    return _setting("max_memory", MOST_MEMORY)


def load(folder: Path, *, strict: bool = False) -> tuple[Programme, LoadReport]:
    """Read a programme, with the report of its rows; tell of a save that had been interrupted."""
    with warnings.catch_warnings():
        for category in (RejectedRowsWarning, InterruptedSaveWarning, UnknownFactsWarning):
            warnings.simplefilter("ignore", category)  # told in the language, and by each command in its own words
        links = bool(_setting("follow_links", default=False))
        programme = Programme.load(folder, strict=strict, follow_links=links, max_memory=memory())
    report = cast("LoadReport", programme.load_report)
    if sentence := interrupted(report.save, current_language()):
        tell(sentence)
    return programme, report


def warn(loading: LoadReport, folder: Path) -> int:
    """Tell what isn't known and how many rows were rejected; return the exit code."""
    texts = words()["told"]
    for consequence in loading.consequences():
        tell(texts["unknown"].format(consequence=one_line(consequence)))
    if not loading.rejected:
        return ExitCode.DONE
    tell(texts["rejected"].format(rows=counted(loading.rejected, texts["rows"], current_language()), folder=folder))
    return ExitCode.SOME_LEFT
