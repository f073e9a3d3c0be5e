"""What notebooks show of a programme: its period, how much there is of everything, and each département."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match import register
from prai_match._front._programme import Programme
from prai_match.text import Facts, Frame, counted, day, display, euros, messages, number, shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from prai_match.io import LoadReport
    from prai_match.model import Lang, Period

_BY_DEPARTEMENT = ("departement", "territories", "population", "partners", "sessions", "needs")
_COUNT = pl.Int64()


@shown.register(Programme)
def programme(prog: Programme, lang: Lang) -> str:
    """Show a programme."""
    texts = messages("prai_match", "display", lang)
    words, report = texts["programme"], prog.load_report

    def count(what: object) -> str:
        return number(len(what), 0, lang)  # type: ignore[arg-type]

    kinds = {"buffets": prog.catalogue.buffets, "workshops": prog.catalogue.workshops}
    facts = {
        "period": _period(prog.period, words, lang),
        "territories": words["of"].format(
            territories=count(prog.territories), collectivities=count(prog.collectivities)
        ),
        "catalogue": ", ".join(counted(len(sessions), words[kind], lang) for kind, sessions in kinds.items()),
        **{name: count(getattr(prog, name)) for name in ("partners", "trainers", "sessions", "attendances", "needs")},
        "budget": euros(prog.budget.total, lang) if prog.budget else "",
        "blackouts": ", ".join(_period(blackout, words, lang) for blackout in prog.calendar.blackouts),
        "read": "" if report is None else _read(report, words, lang),
    }
    frame = by_departement(prog)
    labels = {name: texts["departements"][name] for name in _BY_DEPARTEMENT}
    return display(
        prog.name.get(lang),
        Facts(tuple((words[name], text) for name, text in facts.items())),
        Frame(texts["departements"]["caption"], frame, labels, frame.height),
        lang=lang,
    )


def _period(period: Period, words: Mapping[str, Any], lang: Lang) -> str:
    return str(words["from_to"].format(start=day(period.start, lang), end=day(period.end, lang)))


def _read(report: LoadReport, words: Mapping[str, Any], lang: Lang) -> str:
    rest = counted(report.rejected, words["rejected"], lang) if report.rejected else words["accepted"]
    return "; ".join([f"{counted(report.read, words['rows'], lang)}, {rest}", *report.consequences(lang)])


def by_departement(prog: Programme) -> pl.DataFrame:
    """Return one row a département: its name and code, and how much there is of what in it.

    Columns: ``departement``, ``territories``, ``population``, ``partners``, ``sessions`` and ``needs``.
    """
    territories = pl.DataFrame(
        [(one.id, one.departement, one.population) for one in prog.territories],
        schema={"host": pl.String, "code": pl.String, "population": _COUNT},
        orient="row",
    )
    collectivities = pl.DataFrame(
        [(one.code, one.departement) for one in prog.collectivities],
        schema={"collectivity": pl.String, "code": pl.String},
        orient="row",
    )
    partners = pl.Series("code", [code for one in prog.partners for code in one.departements], pl.String).to_frame()
    counts = {
        "partners": partners,
        "sessions": prog.sessions.to_polars().join(territories, on="host"),
        "needs": prog.needs.to_polars().join(collectivities, on="collectivity"),
    }
    departements = register.frame().filter(kind="departement").select("code", "name")
    frame = territories.group_by("code").agg(territories=pl.len().cast(_COUNT), population=pl.col("population").sum())
    for name, rows in counts.items():
        frame = frame.join(rows.group_by("code").agg(pl.len().cast(_COUNT).alias(name)), on="code", how="left")
    departement = pl.format("{} ({})", "name", "code")
    return (
        frame.join(departements, on="code", how="left")
        .sort("code")
        .select(pl.coalesce(departement, "code").alias("departement"), *_BY_DEPARTEMENT[1:])
        .with_columns(pl.col(*counts).fill_null(0))
    )
