"""What became of first-choice offers in a plan: which are kept or replaced, and which territories had precedence."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args

import polars as pl

from prai_match.model import Lang
from prai_match.packing import wishes
from prai_match.plan._conditions import names
from prai_match.plan._schedule import Schedule
from prai_match.plan._unserved_demands import Blocks
from prai_match.recommend import Answers
from prai_match.text import counted, day, messages, number

Outcome = Literal["first", "elsewhere", "other", "none"]
COMPARISON: dict[str, Any] = {
    **dict.fromkeys(("territory", "session", "axis", "host"), pl.String),
    "priority": pl.Float64,
    **dict.fromkeys(("outcome", "id", "at"), pl.String),
    "date": pl.Date,
    "km": pl.Float64,
    "label": pl.String,
    "before": pl.List(pl.String),
    "sentence": pl.String,
}
_MOST = 3  # number of sessions named in a sentence
_Seat = dict[str, Any]


def comparison(plan: Schedule, answers: Answers, lang: Lang) -> pl.DataFrame:
    """Return one row per territory with an offer, in the order of priority."""
    sessions = plan.sessions.select("session", "host", "date", id="id")
    rows = plan.seats.rename({"session": "id"}).join(sessions, on="id").sort("date", "id", nulls_last=True)
    seats, texts, blocks = rows.rows_by_key("territory", named=True), _Sentences(plan, lang), _Before(plan, answers)
    table = [_row(first, seats.get(first["territory"], []), blocks, texts) for first in blocks.first_offers]
    return pl.DataFrame(table, schema=COMPARISON)


def marks(lang: Lang) -> dict[str, str]:
    """Return short texts on what became of a first-choice offer, by outcome; ``more`` is for an additional seat."""
    return dict(messages("prai_match.plan", "comparison", lang)["mark"])


def outcomes(compared: pl.DataFrame, lang: Lang) -> str:
    """Return how many territories keep their first-choice offer, attend it elsewhere, get another one, or none."""
    words = messages("prai_match.plan", "comparison", lang)["outcomes"]
    if compared.is_empty():
        return str(words["nobody"])
    counts = {name: compared.filter(outcome=name).height for name in get_args(Outcome)}
    parts = words["between"].join(counted(count, words[name], lang) for name, count in counts.items() if count)
    return str(words["all"].format(territories=counted(compared.height, words["territories"], lang), parts=parts))


def _row(first: Mapping[str, Any], seats: list[_Seat], blocks: "_Before", texts: "_Sentences") -> dict[str, Any]:
    same = [seat for seat in seats if all(seat[name] == first[name] for name in ("session", "axis"))]
    kept = [seat for seat in same if seat["host"] == first["host"]]
    outcome: Outcome = "first" if kept else "elsewhere" if same else "other" if seats else "none"
    seat = next(iter(kept or same or seats), None)
    label, before, facts = ("", (), {}) if same else blocks.cause(first)
    return {
        **{name: first[name] for name in ("territory", "session", "axis", "host", "priority")},
        "outcome": outcome,
        **({} if seat is None else {"at": seat["host"], **{name: seat[name] for name in ("id", "date", "km")}}),
        "label": label or None,
        "before": [*before],
        "sentence": texts.sentence(outcome, first, seat, texts.cause(label, before, facts)),
    }


class _Before:
    """The conditions that block first-choice offers in a plan."""

    def __init__(self, plan: Schedule, answers: Answers) -> None:
        self._plan, self._blocks, inputs = plan, Blocks(plan), plan.inputs
        self._chosen = {*inputs.snapshot.replacements["t"]}
        self._wishes = {inputs.demands["t"][each[0].n]: each[0] for each in wishes(inputs, answers.territories)}
        totals = pl.DataFrame({"t": answers.territories["t"], "priority": answers.priorities.totals})
        first = answers.first.join(totals, on="t").sort("priority", "t", descending=[True, False])
        self.first_offers = first.select("t", "territory", "session", "axis", "host", "priority").rows(named=True)
        held = plan.numbers.sessions.drop_nulls("date").join(totals, on="t", how="left")
        came = plan.numbers.seats.join(totals, on="t").group_by(id="session").agg(lowest=pl.col("priority").min())
        held = held.join(came, on="id", how="left").sort("priority", "id", descending=[True, False], nulls_last=True)
        self._held = held.rows(named=True)

    def cause(self, first: Mapping[str, Any]) -> tuple[str, tuple[str, ...], Mapping[str, int]]:
        """Return the label of what blocks a territory's first-choice offer, and the sessions that had precedence.

        The third value holds ``filled``, whether these sessions also seat territories of lower priority, or, for a
        session that can't reach its minimum, the people it would bring together (``found``) and its minimum
        (``least``).
        """
        if first["t"] in self._chosen:
            return "chosen", (), {}
        wish, sessions = self._wishes.get(first["t"]), self._plan.inputs.snapshot.frames.sessions["session"]
        if wish is None or sessions[self._blocks.tables.places[wish.g].s] != first["session"]:
            return "priced" if wish else "day", (), {}  # no other offers are left out of the inputs
        label, tables = self._blocks.at(wish.n, [wish.g]), self._blocks.tables
        if label == "trainer_free":
            before = [row for row in self._held if row["r"] in tables.leads.get(wish.g, ())]
        elif label == "relay_room":
            before = [row for row in self._held if row["p"] in tables.relays.get(wish.g, ())]
        elif label in {"seats_min", "better"}:
            at, around = self._blocks.draft.at, tables.seats.get(wish.g, ())
            near = {(tables.places[at[n]].t, tables.places[at[n]].s) for n in around if n in at}
            before = [row for row in self._held if (row["t"], row["s"]) in near]
        else:
            before = [row for row in self._held if label in {"budget", "pace_team"} and not row["booked"]]
        if self._plan.status == "by_priority":  # a territory only gets what higher priorities leave
            before = [row for row in before if row["booked"] or (row["priority"] or 0) > first["priority"]]
        least, found = tables.places[wish.g].least, sum(tables.demands[n].sure for n in tables.seats.get(wish.g, ()))
        if label == "seats_min" and found < least:
            return label, (), {"found": found, "least": least}
        filled = label == "pace_team" and any(row["lowest"] < first["priority"] for row in before)
        return label, tuple(row["id"] for row in before), {"filled": filled}


class _Sentences:
    def __init__(self, plan: Schedule, lang: Lang) -> None:
        self._lang, self._words = lang, messages("prai_match.plan", "comparison", lang)
        self._names, team = names(plan.inputs.programme, lang), plan.inputs.programme.pace.team
        most = [words.format(getattr(team, name)) for name, words in self._words["most"].items() if getattr(team, name)]
        self._pace = self._words["pace"].format(", ".join(most)) if most else ""
        self._sessions = {row["id"]: row for row in plan.sessions.iter_rows(named=True)}

    def sentence(self, outcome: Outcome, first: Mapping[str, Any], seat: _Seat | None, cause: str) -> str:
        name, own = self._names, first["territory"]
        wanted, values = self._at(own, first["host"]), {"session": name[first["session"]], "cause": cause}
        if seat is not None:
            values |= {"where": self._at(own, seat["host"], seat["km"]), "date": day(seat["date"], self._lang)}
            values |= {"other": name[seat["session"]]}
        return str(self._words["outcome"][outcome].format(**values, wanted=wanted))

    def _at(self, territory: str, host: str, km: float | None = None) -> str:
        key = "own" if host == territory else "host" if km is None else "away"
        away = "" if km is None else number(km, 0, self._lang)
        return str(self._words["at"][key].format(name=self._names[host], km=away))

    def cause(self, label: str, before: tuple[str, ...], facts: Mapping[str, int]) -> str:
        causes, words = self._words["cause"], self._words["before"]
        if "found" in facts:
            return str(causes["too_few"].format(**facts))
        said = str(causes.get(label, causes["other"]).format(pace=self._pace))
        if listed := ", ".join(self._listed(before)):
            said += words.get(label, words["all"]).format(count=number(len(before), 0, self._lang), sessions=listed)
        return said + (words["filled"] if facts.get("filled") else "")

    def _listed(self, before: tuple[str, ...]) -> Iterator[str]:
        for row in (self._sessions[id_] for id_ in before[:_MOST]):
            names = {"session": self._names[row["session"]], "host": self._names[row["host"]]}
            yield self._words["held"].format(**names, date=day(row["date"], self._lang))
        if (more := len(before) - _MOST) > 0:
            yield self._words["more"].format(count=number(more, 0, self._lang))
