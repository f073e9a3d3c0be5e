"""The situation of a candidate, and the parts of every move: its columns, its sentence, its changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prai_match._words import catalogue, filled
from prai_match.explain import _changes, _why_not
from prai_match.explain._what_it_takes._material import Material
from prai_match.explain._what_it_takes._result import Move, MoveKind
from prai_match.explain._what_it_takes._standing import Standing
from prai_match.model import Lang, Territory
from prai_match.text import both

Values = dict[str, Any]  # by name; a text in both languages is by language
FEW = 2
NEED = frozenset({"need_score", "need_served", "need_age_days", "needs", "leads_to_need", "people", "declined"}) | {
    "interested",
    "trainer_people",
}
CONFIRM = frozenset({"need_to_confirm", "attended_before"})
ATTEND = frozenset(
    {"follows", "follow_probability", "next_probability", "days_since_source", "sessions_attended", "people"}
) | {"declined", "elected_and_technician", "interested", "trainer_people"}
RELAY = frozenset({"partner_covers", "partner_carries", "partner_room"})
TRAINER = frozenset({"trainer_knows_session", "trainer_knows_axis", "distance_km", "reach_km", "cost"}) | {
    "trainer_wait_days",
    "trainer_load",
}
WAIT = frozenset({"open_days", "open_days_left", "days_since_source", "trainer_wait_days"})
RENEWED = NEED | CONFIRM | frozenset({"attended", "leads_to_new"})  # what has to be asked again from the next council
HOST = RELAY | frozenset({"people"})


def reads(finding: _why_not.Finding) -> frozenset[str]:
    """Return the columns by which a condition can be settled."""
    if finding.rule == _why_not.CANDIDATE:
        return {"session": frozenset[str](), "partner": RELAY, "trainer": TRAINER}[finding.stage]
    return frozenset(finding.found)


def made(  # noqa: PLR0913, PLR0917 - what a move has
    kind: MoveKind, columns: frozenset[str], values: Values, changes: Values, slot: str = "", key: str = ""
) -> Move:
    """Return a move; its slot and sentence are those of its kind unless others are given."""
    return Move(kind, slot or kind, columns, _changes.Changes.of(**changes), said(key or kind, values))


def said(key: str, values: Values) -> dict[Lang, str]:
    return {**filled(catalogue("prai_match.explain", "needed")["moves"][key], values)}


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """The situation of a candidate, the relay and trainer asked about, and the kinds of moves that are left out."""

    material: Material
    territory: Territory
    standing: Standing
    request: Mapping[str, str | None]
    never: frozenset[str]

    @property
    def columns(self) -> set[str]:
        """The columns by which refuted conditions can be settled, or the score raised."""
        columns = {name for each in self.standing.refuting for name in reads(each)}
        if self.standing.beaten:
            columns |= NEED | ATTEND
        if any(each.rule == _why_not.AROUND for each in self.standing.refuting):
            columns |= TRAINER
        return columns

    def common(self, session: str) -> Values:
        """Return the values that sentences need about a session."""
        axis = self.standing.axis if session == self.standing.session else None
        names = {each.id: each.name for each in self.material.sessions[session].axes}
        chosen = "" if axis is None else said("axis", {"axis": both(names[axis].get)})
        return {"session": self.material.names(session), "axis": chosen, "departement": self.territory.departement}
