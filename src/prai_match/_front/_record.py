"""The record of a recommendation: the answer, and the fingerprint of all its inputs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from pydantic import TypeAdapter, ValidationError

from prai_match import _later, _version
from prai_match.errors import PraiError
from prai_match.model import as_of, problem
from prai_match.text import LANGUAGES, Shown

if TYPE_CHECKING:
    from prai_match import explain, followups, recommend
else:
    explain, followups = map(_later.Later, (".explain", ".followups"))


@dataclass(frozen=True, slots=True)
class Answer(Shown):
    """What was recommended: the offer or, if there is none, the reason.

    Attributes:
        reason: Code of the reason if nothing can be offered, or None.
        kind: Kind of the session; this field and those below are None if there is no offer.
        session: Identifier of the session.
        axis: Identifier of the axis; None means the common core.
        host: Identifier of the territory where it is held.
        joins: Identifier of the booked session that it joins; None means a new session.
        partner: Identifier of the relay partner; None if unknown, for a session that is joined.
        trainer: Identifier of the trainer; None if unknown, for a session that is joined.
        score: Score from 0 to 100.
        cost: Cost in euros.
        day: First day on which it can be held; the day of the session that is joined.
        contributions: Points of each rule; their sum is the score.

    Example:
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend("2007-09-03")["200066231"]
        >>> answer = rec.record().answer
        >>> answer.session, answer.partner, answer.reason
        ('dematerialisation', 'adm09', None)
        >>> sum(answer.contributions.values()) == answer.score
        True
    """

    reason: str | None = None
    kind: str | None = None
    session: str | None = None
    axis: str | None = None
    host: str | None = None
    joins: str | None = None
    partner: str | None = None
    trainer: str | None = None
    score: float | None = None
    cost: Decimal | None = None
    day: dt.date | None = None
    contributions: dict[str, float] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, offer: recommend.Offer | None, reason: str | None, contributions: Mapping[str, float]) -> Answer:
        """Return the answer, without alternatives; ``contributions`` are those of the offer."""
        if offer is None:
            return cls(reason)
        names = ("kind", "session", "axis", "host", "joins", "partner", "trainer", "score", "cost", "day")
        facts: dict[str, Any] = {name: getattr(offer, name) for name in names}
        return cls(reason, **facts, contributions=dict(sorted(contributions.items())))


@dataclass(frozen=True, slots=True)
class Record(Shown):
    """One recommendation, to be kept as JSON and reproduced later (see `reproduce`).

    Attributes:
        territory: Identifier of the territory.
        name: Its name.
        on: The day.
        top: Number of sessions kept for each territory.
        answer: What was recommended.
        fingerprint: Fingerprint of its inputs.
        inputs: The inputs as JSON data, if they were kept (``rec.record(keep="inputs")``).
        schema: Version of the JSON.

    Example:
        >>> import json
        >>> from prai_match import Programme
        >>> recs = Programme.example().recommend("2007-09-03")
        >>> record = recs["200066231"].record()
        >>> record.answer.session
        'dematerialisation'
        >>> Record.from_json(json.loads(json.dumps(record.to_json()))) == record
        True
    """

    territory: str
    name: str
    on: dt.date
    top: int
    answer: Answer
    fingerprint: explain.Fingerprint
    inputs: dict[str, Any] | None = field(default=None, hash=False, repr=False)
    schema: Literal[2] = _version.JSON_SCHEMA

    def to_json(self) -> dict[str, Any]:
        """Return the record as data that JSON can hold (see ``docs/reference/schemas/record.json``)."""
        return dict(_adapter().dump_python(self, mode="json"))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Record:
        """Return the record from the data that `to_json` gave.

        Records of version 0.1 are read too. Their fingerprint also covered events after the day, so it can't be
        compared: only the versions, the day and ``top`` are kept of its parts.

        Raises:
            PraiError: The data aren't a record, or one of another version; the message says what is wrong.
        """
        try:
            # Always written: a record without it is of another version.
            return _adapter().validate_python({"schema": None, **_today(data)} if isinstance(data, Mapping) else data)
        except ValidationError as error:
            problems = [problem(details) for details in error.errors(include_url=False)]
            lines = {lang: "\n".join(f"  - {each.text(lang)}" for each in problems) for lang in LANGUAGES}
            raise PraiError.of("prai_match._front", "no_record", problems=lines) from None


def inputs_of(answers: recommend.Answers) -> dict[str, Any]:
    """Return the programme as of the day and, if they aren't the programme's own, the policy, graph and columns."""
    programme, policy, own = as_of(answers.programme, answers.on), answers.policy.data, answers.snapshot.own_columns
    return {
        "programme": programme.model_dump(mode="json"),
        # The default policy is kept too: another version may have another default.
        "policy": None if policy == programme.policy_rows else policy.model_dump(mode="json"),
        "follow_ups": None if answers.graph is None else followups.inputs_of(answers.graph),
        "extra": None if own is None else json.loads(own.write_json()),
    }


@cache
def _adapter() -> TypeAdapter[Record]:
    return TypeAdapter(Record)


def _today(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Convert a record of version 0.1, with the territory as host if it has none; return other data unchanged."""
    match data:
        case {"format": 1, "fingerprint": {"parts": {**parts}}, **rest} if "schema" not in rest:
            comparable = {name: value for name, value in parts.items() if name in {*explain.VERSIONS, "day", "top"}}
            data = {**rest, "fingerprint": {"parts": comparable}, "schema": _version.JSON_SCHEMA}
    match data:
        case {"territory": own, "answer": {"session": str(), **answer}} if "host" not in answer:
            return {**data, "answer": {**data["answer"], "host": own}}
    return data
