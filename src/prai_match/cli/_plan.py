"""``prai-match plan``: the dated sessions of a period, to a workbook, CSV or a calendar."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prai_match.cli._commands import Command
from prai_match.cli._output import STDOUT, show, tell
from prai_match.cli._programme import loaded, the_reading
from prai_match.cli._recommendation_options import the_folder, the_policy, warned
from prai_match.cli._types import Among, Day, Out, _Type
from prai_match.cli._words import words
from prai_match.policy import Policy
from prai_match.text import number

if TYPE_CHECKING:
    import datetime as dt

    from prai_match.model import Lang
    from prai_match.plan import Plan


class Amount(_Type):
    """A number of at least 0, with a comma or a point."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401
        """Return the number."""
        text = str(value).replace(",", ".")
        if not re.fullmatch(r"\d{1,12}(\.\d{1,2})?", text, re.ASCII):
            self.fail(words(self.lang)["types"]["amount"].format(value=value), param, ctx)
        return float(text)


def command(lang: Lang) -> Command:
    """Return the command."""
    said, file = words(lang)["plan"], words(lang)["metavars"]["file"]
    return Command(
        "plan",
        lang=lang,
        params=[
            the_folder(lang),
            click.Option(["--start"], type=Day(lang), required=True, help=said["start"]),
            click.Option(["--end"], type=Day(lang), required=True, help=said["end"]),
            click.Option(["--out"], type=Out(lang, ("xlsx", "csv", "ics")), required=True, help=said["out"]),
            click.Option(["--budget"], type=Amount(lang, "EUROS"), help=said["budget"]),
            click.Option(["--on"], type=Day(lang), help=said["on"]),
            the_policy(lang),
            click.Option(["--school-holidays"], type=Among(("A", "B", "C"), lang), help=said["school_holidays"]),
            click.Option(["--time-limit"], type=Amount(lang, "S"), default=60, help=said["time_limit"]),
            click.Option(["--previous"], metavar=file, type=click.Path(path_type=Path), help=said["previous"]),
            *the_reading(lang),
        ],
        callback=partial(_run, lang),
    )


def _run(  # noqa: PLR0913 - the options of the command
    lang: Lang,
    folder: Path,
    *,
    start: dt.date,
    end: dt.date,
    out: Path,
    policy: Path | None,
    previous: Path | None,
    **asked: Any,  # noqa: ANN401 - as they are called by `Programme.plan`
) -> int:
    said = words(lang)["plan"]
    if end < start:
        raise click.UsageError(said["backwards"])
    if previous is not None and out.suffix.lower() != ".ics":
        raise click.UsageError(said["no_calendar"])
    before = None if previous is None else previous.read_bytes()
    used = Policy.load(policy) if policy else None
    programme, loading = loaded(folder, lang)
    plan = programme.plan(start, end, policy=used, **asked)
    if out == STDOUT:
        show(plan.text(lang))
    else:
        for path in plan.save(out, lang, previous=before):
            tell(words(lang)["told"]["written"].format(path=path))
        tell("\n".join(plan.summary(lang)[1:]))
    if plan.status == "at_once":
        tell(said["search"])
    _unserved(plan, lang)
    return warned(loading, folder, lang)


def _unserved(plan: Plan, lang: Lang) -> None:
    """Tell what would serve the demands that aren't, the most frequent first."""
    counts = plan.unserved(lang).group_by("sentence").len("count").sort("count", "sentence", descending=[True, False])
    if counts.height:
        lines = (f"  {number(count, 0, lang):>5}  {sentence}" for sentence, count in counts.iter_rows())
        tell("\n".join([words(lang)["plan"]["unserved"], *lines]))
