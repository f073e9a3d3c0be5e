"""What is wrong with a plan, and what would serve a demand, in sentences."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from prai_match.plan._conditions import CONDITIONS
from prai_match.policy import Column, fill
from prai_match.text import day, euros, messages, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import polars as pl

    from prai_match.model import Lang, ProgrammeData
    from prai_match.plan._conditions import Unit

_UNITS: dict[str, Unit] = {condition.label: condition.unit for condition in CONDITIONS}
_NUMBERS: dict[str, int] = {"people": 0, "sessions": 0, "km": 1}


def names(programme: ProgrammeData, lang: Lang) -> dict[str, str]:
    """Return the names of sessions, territories, relays and trainers, by identifier, on one line each."""
    found = {partner.id: partner.name for partner in programme.partners}
    found |= {trainer.id: f"{trainer.organisation} ({trainer.role})" for trainer in programme.trainers}
    found |= {territory.id: territory.name for territory in programme.territories}
    found |= {session.id: session.name.get(lang) for session in programme.catalogue.sessions}
    return {code: plain(name) for code, name in found.items()}


def broken(faults: pl.DataFrame, sessions: pl.DataFrame, programme: ProgrammeData, lang: Lang) -> list[str]:
    """Return the sentence of each violation.

    Args:
        faults: As `prai_match.plan._conditions.violations` returns them.
        sessions: The sessions of the plan.
        programme: The programme, for names.
        lang: The language.
    """
    known = names(programme, lang)
    held = {row["id"]: row for row in sessions.iter_rows(named=True)}
    said = _words(lang)
    return [_sentence(row, held, known, said, lang) for row in faults.iter_rows(named=True)]


def serves(label: str, each: int, lang: Lang) -> str:
    """Say what would serve a demand that a condition blocks; ``each`` is the most sessions of a territory."""
    return _words(lang)[label]["serves"].replace("{wanted}", str(each))


def asks(label: str, lang: Lang) -> str:
    """Say what a condition asks."""
    return _words(lang)[label]["asks"]


def _sentence(
    row: Mapping[str, Any],
    held: Mapping[str, Mapping[str, Any]],
    known: Mapping[str, str],
    said: Mapping[str, Mapping[str, str]],
    lang: Lang,
) -> str:
    where = ", ".join(_places(row, held, known, lang)) or messages("prai_match.plan", "plan", lang)["whole"]
    found = row["found"] or ""
    shown = known.get(found, found)
    text = said[row["label"]]["broken"].replace("{where}", "\N{NULL}")
    filled = _filled(text, shown, row["wanted"] or "", _UNITS[row["label"]], lang)
    return filled.replace("\N{NULL}", where)


def _places(
    row: Mapping[str, Any], held: Mapping[str, Mapping[str, Any]], known: Mapping[str, str], lang: Lang
) -> Iterable[str]:
    """Name the session with its host and day, the territory, the trainer and the relay of a violation."""
    if (session := held.get(row["session"])) is not None:
        date = "" if session["date"] is None else f", {day(session['date'], lang)}"
        host = known.get(session["host"], plain(session["host"] or "-"))
        yield f"{known.get(session['session'], plain(session['session'] or '-'))} ({host}{date})"
    elif row["session"] is not None:
        yield plain(row["session"])
    for name in ("territory", "trainer", "partner"):
        if row[name] is not None:
            yield known.get(row[name], plain(row[name]))


def _filled(sentence: str, found: str, wanted: str, unit: Unit, lang: Lang) -> str:
    """Put the values in a sentence, written as their unit asks."""
    values = {"found": _value(found, unit, lang), "wanted": _value(wanted, unit, lang)}
    columns = {
        name: Column(name, "number" if unit in _NUMBERS else "text", "session", frozenset(), "", "", decimals=decimals)
        for name in values
        if (decimals := _NUMBERS.get(unit, 0)) is not None
    }
    return fill(sentence, values, columns, lang)


def _value(text: str, unit: Unit, lang: Lang) -> object:
    match unit:
        case "people" | "sessions" | "km":
            return float(text) if text else 0.0
        case "euros":
            return euros(Decimal(text), lang) if text else ""
        case "day" if text:
            days = [day(dt.date.fromisoformat(part), lang) for part in text.split("/")]
            return " – ".join(days)
        case _:
            return plain(text)


def _words(lang: Lang) -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = messages("prai_match.plan", "conditions", lang)
    return words
