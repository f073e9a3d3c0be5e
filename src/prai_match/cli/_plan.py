"""``prai-match plan``: the dated sessions of a period, to a workbook, CSV or a calendar."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from prai_match.cli._commands import Command
from prai_match.cli._output import STDOUT, show, tell, tell_files, words
from prai_match.cli._programme import load, path_argument, path_option, policy_option, reading_options, warn
from prai_match.cli._types import Among, Amount, DayType, Out
from prai_match.policy import Policy
from prai_match.text import number

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from prai_match.model import Lang
    from prai_match.plan import Plan


def command(lang: Lang) -> Command:
    texts = words(lang)["plan"]
    return Command(
        "plan",
        lang=lang,
        params=[
            path_argument("folder", lang),
            click.Option(["--start"], type=DayType(lang), required=True, help=texts["start"]),
            click.Option(["--end"], type=DayType(lang), required=True, help=texts["end"]),
            click.Option(["--out"], type=Out(lang, ("xlsx", "csv", "ics")), required=True, help=texts["out"]),
            click.Option(["--budget"], type=Amount(lang, "EUROS"), help=texts["budget"]),
            click.Option(["--on"], type=DayType(lang), help=texts["on"]),
            policy_option(lang),
            click.Option(["--school-holidays"], type=Among(("A", "B", "C"), lang), help=texts["school_holidays"]),
            click.Option(["--time-limit"], type=Amount(lang, "S"), default=60, help=texts["time_limit"]),
            path_option("--previous", "file", texts["previous"], lang),
            *reading_options(lang),
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
    **settings: Any,  # noqa: ANN401 - as they are called by `Programme.plan`
) -> int:
    texts = words(lang)["plan"]
    if end < start:
        raise click.UsageError(texts["backwards"])
    if previous is not None and out.suffix.lower() != ".ics":
        raise click.UsageError(texts["no_calendar"])
    before = None if previous is None else previous.read_bytes()
    rules = Policy.load(policy) if policy else None
    programme, loading = load(folder, lang)
    plan = programme.plan(start, end, policy=rules, **settings)
    if out == STDOUT:
        show(plan.text(lang))
    else:
        tell_files(plan.save(out, lang, previous=before), lang)
        tell("\n".join(plan.summary(lang)[1:]))
    if plan.status == "at_once":
        tell(texts["search"])
    _tell_demands(plan, lang)
    return warn(loading, folder, lang)


def _tell_demands(plan: Plan, lang: Lang) -> None:
    counts = plan.unserved(lang).group_by("sentence").len("count").sort("count", "sentence", descending=[True, False])
    if counts.height:
        lines = (f"  {number(count, 0, lang):>5}  {sentence}" for sentence, count in counts.iter_rows())
        tell("\n".join([words(lang)["plan"]["unserved"], *lines]))
