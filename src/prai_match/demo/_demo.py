"""The table of recommendations and its summary as a terminal shows them, and the program that prints them."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import sys
import textwrap
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prai_match import io, register
from prai_match._front import Programme
from prai_match.errors import PraiError
from prai_match.explain import reason_sentence
from prai_match.text import messages, number, price

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prai_match._front import Recommendation, Recommendations
    from prai_match.model import Lang

ON = dt.date(2007, 9, 3)
"""The day of the demonstration: the autumn of the first bundled region's strong year."""
_DAYS = {"midi_pyrenees": ON, "occitanie_2026": dt.date(2026, 11, 16)}
"""The day by bundled region; of the second, the first autumn of the new councils."""

_WIDTHS = (26, 27, 27, 28, 11, 8, 5)
_RIGHT = {5, 6}
_REASON_WIDTH = 40


def language() -> Lang:
    """Return the language of the terminal: French where LANG says so, else English.

    Example:
        >>> language() in ("fr", "en")
        True
    """
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "fr" if named.lower().startswith("fr") else "en"


def table(recs: Recommendations, lang: Lang, width: int) -> str:
    """Return the recommendations as a text in columns, by département and name, ``width`` characters wide or more.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3), territories="200066231")
        >>> table(recs, "en", 80).splitlines()[0].split()[:3]
        ['Territory', 'Session', 'Relay']
    """
    widths = (*_WIDTHS, max(_REASON_WIDTH, width - sum(_WIDTHS) - 2 * len(_WIDTHS)))
    departements = dict(recs.to_polars(lang).select("territory", "departement").iter_rows())
    ordered = sorted(recs, key=lambda rec: (departements[rec.territory], rec.name))
    rule = "  ".join("─" * width for width in widths)
    rows = [(f"{rec.name} ({departements[rec.territory]})", *_cells(recs, rec, lang)) for rec in ordered]
    return "\n".join([_row(tuple(_said(lang)["columns"].values()), widths), rule, *(_row(row, widths) for row in rows)])


def _cells(recs: Recommendations, rec: Recommendation, lang: Lang) -> tuple[str, ...]:
    why = rec.why(lang)
    day = "" if rec.earliest is None else f"{rec.earliest:%d/%m/%Y}" if lang == "fr" else rec.earliest.isoformat()
    if rec.offer is None:
        return ("—", "", "", day, "", "", reason_sentence(rec.reason or "", recs.policy, lang))
    names = recs.names(lang)
    cost = rec.offer.cost
    euros = "" if cost is None else number(float(cost), 0, lang)
    money = price(None, lang) if cost is None else f"{euros} €" if lang == "fr" else f"€{euros}"
    return (
        _said(lang)["kinds"][rec.offer.kind] + names[rec.offer.session],
        names[rec.offer.partner],
        names[rec.offer.trainer],
        day,
        money,
        number(rec.offer.score, 1, lang),
        why.main,
    )


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Lay cells side by side, each wrapped in its width."""
    wrapped = [textwrap.wrap(cell, width) for cell, width in zip(cells, widths, strict=True)]
    lines = zip_longest(*wrapped, fillvalue="")
    return "\n".join(
        "  ".join(
            part.rjust(width) if place in _RIGHT else part.ljust(width)
            for place, (part, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def summary(recs: Recommendations, lang: Lang) -> str:
    """Return how many territories have a recommendation, and why the others have none.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> print(summary(Programme.example().recommend(on=dt.date(2007, 9, 3)), "en").splitlines()[0])
        94 territories of 101 have a recommendation; 7 have none:
    """
    reasons = recs.without()
    none, said = sum(reasons.values()), _said(lang)["running"]
    if not none:
        return str(said["every"]).format(all=len(recs))
    first = said["without"].format(some=len(recs) - none, all=len(recs), none=none)
    rest = (f"  {count:>4}  {reason_sentence(reason, recs.policy, lang)}" for reason, count in reasons.items())
    return "\n".join([first, *rest])


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the demonstration; returns the exit status: 0, or 2 where the programme can't be read.

    Example:
        >>> run(["--lang", "en", "--folder", "no_such_folder"])
        2
    """
    parser = argparse.ArgumentParser(prog="python -m prai_match.demo", description=__doc__)
    parser.add_argument("--folder", type=Path, help="a programme's folder; none: a bundled region")
    parser.add_argument("--example", choices=_DAYS, default="midi_pyrenees", help="the bundled region")
    parser.add_argument("--on", type=dt.date.fromisoformat, help=f"the day, as {ON}; none: one of the bundled region")
    parser.add_argument("--lang", choices=("fr", "en"), help="none: that of the terminal (LANG)")
    parser.add_argument("--out", type=Path, help="the CSV to write; none: in the current folder")
    options = parser.parse_args(arguments)
    lang: Lang = options.lang or language()
    on = options.on or _DAYS[options.example]
    said, width = _said(lang)["running"], shutil.get_terminal_size().columns
    try:
        _say(said["loading"], sys.stderr)
        programme = Programme.example(options.example) if options.folder is None else Programme.load(options.folder)
        _say(said["computing"].format(on=f"{on:%d/%m/%Y}" if lang == "fr" else on), sys.stderr)
        recs = programme.recommend(on=on)
        _say(f"\n{programme.name.get(lang)}\n")
        _say(table(recs, lang, width))
        _say(f"\n{summary(recs, lang)}")
        best = max((rec for rec in recs if rec.next), key=_score, default=None)
        if best is not None:
            _say("\n" + said["example"].format(name=best.name) + "\n" + str(best.why(lang)))
        if options.folder is None:
            made = "made" if options.example == "midi_pyrenees" else "made_whole"
            _say("\n" + textwrap.fill(said[made], width))
            _say(register.about().text(lang))
        path = options.out or Path(said["file"].format(on=on))
        io.write_csv(recs.spreadsheet(lang), path)
        _say("\n" + said["written"].format(path=path.resolve()))
    except (PraiError, OSError) as error:
        _say(error.text(lang) if isinstance(error, PraiError) else str(error), sys.stderr)
        return 2
    return 0


def _said(lang: Lang) -> dict[str, Any]:
    return messages("prai_match.demo", "demo", lang)


def _score(rec: Recommendation) -> tuple[float, str]:
    return (rec.next.score if rec.next else 0.0, rec.territory)


def _say(text: str, stream: object = None) -> None:
    print(text, file=stream, flush=True)  # type: ignore[call-overload]
