"""The single list of conditions of a plan: used to build its model, to check it and to explain what isn't served.

Each has a label, a function that finds violations, rows of the model, and sentences in ``data/conditions.toml``.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, Literal, NamedTuple

import polars as pl

from prai_match.model import Lang, ProgrammeData
from prai_match.packing import Tables
from prai_match.plan import _crowds, _faults, _model
from prai_match.plan._model import Add, UndatedModel
from prai_match.plan._schedule import Numbers
from prai_match.policy import Column, fill
from prai_match.recommend import names_of
from prai_match.text import day, euros, messages, plain

# The kind of the values found and wanted, which decides how they are written.
Unit = Literal["people", "sessions", "km", "euros", "day", "text", "rule"]


class PlanCondition(NamedTuple):
    """A condition that every plan keeps."""

    label: str
    unit: Unit
    find: Callable[[Numbers], pl.DataFrame]  # the violations of a plan
    # What enforces it in the model; ``possible``: violations have no column; ``dated``: the assignment of days does.
    rows: Callable[[UndatedModel, Add], None] | Literal["possible", "dated"]
    reads: tuple[str, ...] = ()  # columns of the rules that require it


_KNOWN = ("trainer_knows_session", "trainer_knows_axis")
CONDITIONS: tuple[PlanCondition, ...] = (
    PlanCondition("known", "text", _faults.codes, "possible"),
    PlanCondition("booked", "text", _faults.bookings, "possible"),
    *(
        PlanCondition(label, "day", partial(_faults.closure, label), "dated")
        for label in ("day", "notice", "blackout", "weekend", "holiday", "school_holiday")
    ),
    PlanCondition("offered", "text", _faults.policy, "possible"),
    PlanCondition("place", "text", _faults.place, "possible"),
    PlanCondition("people", "people", _faults.people, "possible"),
    PlanCondition("seats_min", "people", _faults.seats_min, _model.seats_min, ("people", "trainer_people")),
    PlanCondition("seats_max", "people", _faults.seats_max, _model.seats_max),
    PlanCondition("host", "text", _faults.host, _model.host),
    PlanCondition("travel", "km", _faults.travel, "possible"),
    PlanCondition("pair", "text", _faults.pair, "possible"),
    PlanCondition("once", "sessions", _faults.once, _model.once),
    PlanCondition("each", "sessions", _faults.each, _model.each),
    PlanCondition("territory_day", "sessions", _faults.territory_day, "dated"),
    PlanCondition("lag", "day", _faults.lag, _model.lag),
    PlanCondition("trainer_expertise", "text", _faults.trainer_expertise, _model.trainer_expertise, _KNOWN),
    PlanCondition("trainer_reach", "km", _faults.trainer_reach, partial(_model.one, "leads"), ("reach_km",)),
    PlanCondition("trainer_rules", "rule", partial(_faults.rules, "trainer"), "possible"),
    PlanCondition("trainer_free", "day", _faults.trainer_free, "dated", ("trainer_wait_days",)),
    PlanCondition("trainer_day", "sessions", _crowds.trainer_day, "dated"),
    PlanCondition("trainer_month", "sessions", _crowds.trainer_month, _model.trainer_month),
    PlanCondition("trainer_load", "sessions", _crowds.trainer_load, "dated", ("trainer_load",)),
    PlanCondition(
        "relay_covers", "text", partial(_faults.relay, "covers"), partial(_model.one, "relays"), ("partner_covers",)
    ),
    PlanCondition("relay_carries", "text", partial(_faults.relay, "carries"), "possible", ("partner_carries",)),
    PlanCondition("relay_rules", "rule", partial(_faults.rules, "partner"), "possible"),
    PlanCondition("relay_room", "sessions", _crowds.relay_room, _model.relay_room, ("partner_room",)),
    PlanCondition("pace_team", "sessions", partial(_crowds.pace, "team"), partial(_model.pace, "team")),
    PlanCondition("pace_relay", "sessions", partial(_crowds.pace, "relay"), partial(_model.pace, "relay")),
    PlanCondition("cost", "euros", _faults.cost, "possible"),
    PlanCondition("priced", "text", _faults.price, "possible"),
    PlanCondition("budget", "euros", _faults.budget, _model.budget, ("budget_left",)),
)
BEHIND: dict[str, str] = {column: condition.label for condition in CONDITIONS for column in condition.reads}


def model_of(tables: Tables) -> UndatedModel:
    """Build the model, with the rows of all conditions."""
    model = _model.without_conditions(tables)
    for condition in CONDITIONS:
        if callable(condition.rows):
            condition.rows(model, partial(model.matrix.add_rows, condition.label))
    return model


def violations(plan: Numbers) -> pl.DataFrame:
    """Return the violations of a plan: ``label`` and the columns of `FAULTS`; no row if the plan is valid."""
    return pl.concat(one.find(plan).select(pl.lit(one.label).alias("label"), *_faults.FAULTS) for one in CONDITIONS)


_UNITS: dict[str, Unit] = {condition.label: condition.unit for condition in CONDITIONS}
_DECIMALS: dict[str, int] = {"people": 0, "sessions": 0, "km": 1}


def names(programme: ProgrammeData, lang: Lang) -> dict[str, str]:
    """Return the names of sessions, territories, relays and trainers, by identifier, on one line each."""
    texts = names_of(programme, lang) | {territory.id: territory.name for territory in programme.territories}
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
    """Say what would serve a demand that a condition blocks; ``each`` is the maximum of sessions per territory."""
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
