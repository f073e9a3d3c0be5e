"""The program of the demonstration, with the table of independent answers and its summary for a terminal."""

import argparse
import datetime as dt
import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from prai_match import io, register
from prai_match._front import Programme, Recommendation, Recommendations
from prai_match.demo._season import columns, pistes, season, wrapped
from prai_match.errors import PraiError
from prai_match.explain import place, reason_sentence
from prai_match.model import Lang, session_names
from prai_match.text import LANGUAGES, asked_language, messages, number, price, short_day

ON = dt.date(2007, 9, 3)  # the day of the demonstration: the autumn of the first bundled region's strong year
_DAYS = {"midi_pyrenees": ON, "occitanie_2026": dt.date(2026, 11, 16)}  # of the second, the new councils' first autumn

_words = partial(messages, "prai_match.demo", "demo")
_say = partial(print, flush=True)
_WIDTHS = (26, 27, 27, 28, 11, 8, 5, 13)
_RIGHT = {5, 6}
_REASON_WIDTH = 40


def table(recs: Recommendations, lang: Lang, width: int, *, public: bool = False) -> str:
    """Return the recommendations as a text in columns, by département and name, ``width`` characters wide or more.

    With ``public``, the words of needs aren't quoted.

    Example:
        >>> from prai_match import Programme
        >>> recs = Programme.example().recommend(on="2007-09-03", territories="200066231")
        >>> table(recs, "en", 80).splitlines()[0].split()[:3]
        ['Territory', 'Session', 'Relay']
    """
    widths = (*_WIDTHS, max(_REASON_WIDTH, width - sum(_WIDTHS) - 2 * len(_WIDTHS)))
    departements = dict(recs.to_polars(lang).select("territory", "departement").iter_rows())
    wanted = dict(competes_for(recs, lang).iter_rows())
    rows = (
        (
            f"{rec.name} ({departements[rec.territory]})",
            *_cells(recs, rec, ", ".join(wanted.get(rec.territory, ())), lang, public=public),
        )
        for rec in sorted(recs, key=lambda rec: (departements[rec.territory], rec.name))
    )
    lines = (line for row in rows for line in wrapped(row, widths))
    return columns(tuple(_words(lang)["columns"].values()), lines, widths, _RIGHT)


def competes_for(recs: Recommendations, lang: Lang | None) -> pl.DataFrame:
    """Return what the first-choice offer of each ``territory`` competes for; as codes if ``lang`` is None."""
    texts = {} if lang is None else _words(lang)["resources"]
    each = recs.contention().select("territory", competes_for=pl.col("resource").replace(texts))
    return each.group_by("territory").agg("competes_for")


def _cells(recs: Recommendations, rec: Recommendation, wanted: str, lang: Lang, *, public: bool) -> tuple[str, ...]:
    day = "" if rec.day is None else short_day(rec.day, lang)
    if rec.offer is None:
        return ("—", "", "", day, "", "", "", reason_sentence(rec.reason or "", recs.policy, lang))
    answers, cost = recs.answers, rec.offer.cost
    euros = "" if cost is None else number(float(cost), 0, lang)
    money = price(None, lang) if cost is None else f"{euros} €" if lang == "fr" else f"€{euros}"
    session = session_names(recs.programme.catalogue, lang)[rec.offer.session, None]
    if at := place(recs.answers, rec.territory, rec.offer.host, lang, rec.offer.joins):
        session = _words(lang)["running"]["elsewhere"].format(session=session, place=at)
    score = number(rec.offer.score, 1, lang)
    partner, trainer = (answers.actor(code, lang) for code in (rec.offer.partner, rec.offer.trainer))
    return (session, partner, trainer, day, money, score, wanted, rec.why(lang, public=public).main)


def summary(recs: Recommendations, lang: Lang) -> str:
    """Return how many territories have a recommendation, and why the others have none.

    Example:
        >>> from prai_match import Programme
        >>> print(summary(Programme.example().recommend(on="2007-09-03"), "en").splitlines()[0])
        Territories with a recommendation: 100 of 101. Without a recommendation (1):
    """
    reasons = recs.without()
    none, words = sum(reasons.values()), _words(lang)["running"]
    if not none:
        return str(words["every"]).format(all=len(recs))
    first = words["without"].format(some=len(recs) - none, all=len(recs), none=none)
    rest = (f"  {count:>4}  {reason_sentence(reason, recs.policy, lang)}" for reason, count in reasons.items())
    return "\n".join([first, *rest])


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the demonstration; return the exit status: 0, or 2 if the programme can't be read.

    Example:
        >>> run(["--lang", "en", "--folder", "no_such_folder"])
        2
    """
    first = argparse.ArgumentParser(add_help=False)  # the complete parser reports invalid arguments
    first.add_argument("--lang", nargs="?")
    lang = asked_language(["--lang", first.parse_known_args(arguments)[0].lang or ""], os.environ, "en")
    options = _parser(lang).parse_args(arguments)
    on = options.on or _DAYS[options.example]
    words, width = _words(lang)["running"], shutil.get_terminal_size().columns
    try:
        _say(words["loading"], file=sys.stderr)
        programme = Programme.example(options.example) if options.folder is None else Programme.load(options.folder)
        _say(words["computing"].format(on=short_day(on, lang)), file=sys.stderr)
        recs = programme.recommend(on=on)
        together = recs.together()
        parts = [programme.name.get(lang), season(recs, together, lang, width)]
        parts.append(f"{summary(recs, lang)}\n{pistes(recs, lang, width)}")
        if offers := {(rec.next.score, rec.territory): rec for rec in recs if rec.next}:
            best = offers[max(offers)]
            parts.append(f"{words['example'].format(name=best.name)}\n{best.why(lang)}")
        if options.folder is None:
            made = textwrap.fill(words["made" if options.example == "midi_pyrenees" else "made_whole"], width)
            parts.append(f"{made}\n{register.about().text(lang)}")
        _say("\n" + "\n\n".join(parts))
        path = options.out or Path(words["file"].format(on=on))
        io.write_csv(recs.spreadsheet(lang), path)
        sessions = path.with_name(words["season_file"].format(name=path.stem))
        for file in (path, *together.save(sessions, lang)):
            _say("\n" + words["written"].format(path=file.resolve()))
    except (PraiError, OSError) as error:
        _say(error.text(lang) if isinstance(error, PraiError) else str(error), file=sys.stderr)
        return 2
    return 0


def _parser(lang: Lang) -> argparse.ArgumentParser:
    words = _words(lang)["help"]

    class Help(argparse.HelpFormatter):
        def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: Any = None) -> None:  # noqa: ANN401
            super().add_usage(usage, actions, groups, prefix or words["usage"])

    parser = argparse.ArgumentParser(
        prog="python -m prai_match.demo", description=words["description"], add_help=False, formatter_class=Help
    )
    options = parser.add_argument_group(words["options"])
    options.add_argument("-h", "--help", action="help", help=words["help"])
    options.add_argument("--folder", type=Path, help=words["folder"])
    options.add_argument("--example", choices=_DAYS, default="midi_pyrenees", help=words["example"])
    options.add_argument("--on", type=dt.date.fromisoformat, help=words["on"].format(on=ON))
    options.add_argument("--lang", choices=LANGUAGES, help=words["lang"])
    options.add_argument("--out", type=Path, help=words["out"])
    return parser
