"""THE list of conditions that a plan keeps: each with its label, what finds where it is broken, and its sentences.

The labels name the rows of the solver's model, the violations of a plan and the reasons why a demand isn't served; the
sentences are in ``data/conditions.toml``.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, Literal, NamedTuple

import polars as pl

from prai_match.model import Lang, ProgrammeData
from prai_match.plan import _crowds, _faults
from prai_match.plan._schedule import Numbers
from prai_match.policy import Column, fill
from prai_match.text import day, euros, messages, plain

# What the values found and wanted are: how they are written.
Unit = Literal["people", "sessions", "km", "euros", "day", "text", "rule"]


class PlanCondition(NamedTuple):
    """A condition that every plan keeps, and what finds where one breaks it."""

    label: str
    unit: Unit
    find: Callable[[Numbers], pl.DataFrame]


CONDITIONS: tuple[PlanCondition, ...] = (
    PlanCondition("known", "text", _faults.codes),
    PlanCondition("booked", "text", _faults.bookings),
    *(
        PlanCondition(label, "day", partial(_faults.closure, label))
        for label in ("day", "notice", "blackout", "weekend", "holiday", "school_holiday")
    ),
    PlanCondition("offered", "text", _faults.policy),
    PlanCondition("place", "text", _faults.place),
    PlanCondition("people", "people", _faults.people),
    PlanCondition("seats_min", "people", _faults.seats_min),
    PlanCondition("seats_max", "people", _faults.seats_max),
    PlanCondition("host", "text", _faults.host),
    PlanCondition("travel", "km", _faults.travel),
    PlanCondition("pair", "text", _faults.pair),
    PlanCondition("once", "sessions", _faults.once),
    PlanCondition("each", "sessions", _faults.each),
    PlanCondition("territory_day", "sessions", _faults.territory_day),
    PlanCondition("lag", "day", _faults.lag),
    PlanCondition("trainer_expertise", "text", _faults.trainer_expertise),
    PlanCondition("trainer_reach", "km", _faults.trainer_reach),
    PlanCondition("trainer_rules", "rule", partial(_faults.rules, "trainer")),
    PlanCondition("trainer_free", "day", _faults.trainer_free),
    PlanCondition("trainer_day", "sessions", _crowds.trainer_day),
    PlanCondition("trainer_month", "sessions", _crowds.trainer_month),
    PlanCondition("trainer_load", "sessions", _crowds.trainer_load),
    PlanCondition("relay_covers", "text", partial(_faults.relay, "covers")),
    PlanCondition("relay_carries", "text", partial(_faults.relay, "carries")),
    PlanCondition("relay_rules", "rule", partial(_faults.rules, "partner")),
    PlanCondition("relay_room", "sessions", _crowds.relay_room),
    PlanCondition("pace_team", "sessions", partial(_crowds.pace, "team")),
    PlanCondition("pace_relay", "sessions", partial(_crowds.pace, "relay")),
    PlanCondition("cost", "euros", _faults.cost),
    PlanCondition("priced", "text", _faults.price),
    PlanCondition("budget", "euros", _faults.budget),
)


def violations(plan: Numbers) -> pl.DataFrame:
    """Return where a plan breaks a condition: ``label`` and the columns of `FAULTS`; no row where it is valid."""
    return pl.concat(one.find(plan).select(pl.lit(one.label).alias("label"), *_faults.FAULTS) for one in CONDITIONS)


_UNITS: dict[str, Unit] = {condition.label: condition.unit for condition in CONDITIONS}
_DECIMALS: dict[str, int] = {"people": 0, "sessions": 0, "km": 1}


def names(programme: ProgrammeData, lang: Lang) -> dict[str, str]:
    """Return the names of sessions, territories, relays and trainers, by identifier, on one line each."""
    texts = {partner.id: partner.name for partner in programme.partners}
    texts |= {trainer.id: f"{trainer.organisation} ({trainer.role})" for trainer in programme.trainers}
    texts |= {territory.id: territory.name for territory in programme.territories}
    texts |= {session.id: session.name.get(lang) for session in programme.catalogue.sessions}
    return {code: plain(name) for code, name in texts.items()}


def sentences(faults: pl.DataFrame, sessions: pl.DataFrame, programme: ProgrammeData, lang: Lang) -> list[str]:
    texts, words = names(programme, lang), messages("prai_match.plan", "conditions", lang)
    rows = {row["id"]: row for row in sessions.iter_rows(named=True)}
    whole = messages("prai_match.plan", "plan", lang)["whole"]

    def sentence(fault: Mapping[str, Any]) -> str:
        label, found, wanted = fault["label"], fault["found"] or "", fault["wanted"] or ""
        unit = _UNITS[label]
        values = {"found": _value(texts.get(found, found), unit, lang), "wanted": _value(wanted, unit, lang)}
        sort: Literal["number", "text"] = "number" if unit in _DECIMALS else "text"
        decimals = _DECIMALS.get(unit, 0)
        columns = {name: Column(name, sort, "session", frozenset(), "", "", decimals=decimals) for name in values}
        text = fill(words[label]["broken"].replace("{where}", "\N{NULL}"), values, columns, lang)
        return text.replace("\N{NULL}", ", ".join(_where(fault, rows.get(fault["session"]), texts, lang)) or whole)

    return [sentence(row) for row in faults.iter_rows(named=True)]


def remedy(label: str, each: int, lang: Lang) -> str:
    """Say what would serve a demand that a condition blocks; ``each`` is the most sessions of a territory."""
    return str(messages("prai_match.plan", "conditions", lang)[label]["serves"]).replace("{wanted}", str(each))


def _where(
    fault: Mapping[str, Any], session: Mapping[str, Any] | None, texts: Mapping[str, str], lang: Lang
) -> Iterable[str]:
    if session is not None:
        date = "" if session["date"] is None else f", {day(session['date'], lang)}"
        name, host = (texts.get(session[code], plain(session[code] or "-")) for code in ("session", "host"))
        yield f"{name} ({host}{date})"
    elif fault["session"] is not None:
        yield plain(fault["session"])
    for name in ("territory", "trainer", "partner"):
        if fault[name] is not None:
            yield texts.get(fault[name], plain(fault[name]))


def _value(text: str, unit: Unit, lang: Lang) -> object:
    match unit:
        case "people" | "sessions" | "km":
            return float(text) if text else 0.0
        case "euros":
            return euros(Decimal(text), lang) if text else ""
        case "day" if text:
            return " – ".join(day(dt.date.fromisoformat(part), lang) for part in text.split("/"))
        case _:
            return plain(text)
