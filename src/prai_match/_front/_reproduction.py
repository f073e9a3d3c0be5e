"""A recommendation computed again from its record, with its inputs and its answer compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match import _arguments as given, _later, _version
from prai_match._front._programme import Programme
from prai_match._front._record import Answer, Record
from prai_match.errors import PraiError
from prai_match.model import Lang
from prai_match.text import Readable, Shown, counted, current_language, day, euros, messages, number, plain, price

if TYPE_CHECKING:
    from prai_match import explain, followups, policy as rules, recommend
else:
    explain, followups, rules = map(_later.Later, (".explain", ".followups", ".policy"))


@dataclass(frozen=True, slots=True)
class Reproduction(Shown, Readable):
    """A record, and the same recommendation computed now.

    Attributes:
        record: The record.
        now: The record of what is computed now; None if the programme no longer has the territory.
        changed: Names of the inputs that differ (keys of ``record.fingerprint.parts``).
        versions: Versions that differ: what they were and are.

    Example:
        >>> from prai_match import Programme, reproduce
        >>> prog = Programme.example()
        >>> record = prog.recommend("2007-09-03")["200066231"].record()
        >>> again = reproduce(record, prog)
        >>> again.same_inputs, again.same_answer, again.differences
        (True, True, {})
    """

    record: Record
    now: Record | None
    changed: tuple[str, ...]
    versions: dict[str, tuple[str, str]]

    @property
    def same_inputs(self) -> bool:
        """Whether all inputs are the same; versions aren't counted among them."""
        return not self.changed

    @property
    def same_answer(self) -> bool:
        """Whether the answer is identical, contributions included."""
        return self.now is not None and self.now.answer == self.record.answer

    @property
    def differences(self) -> dict[str, tuple[Any, Any]]:
        """Fields of the answer that differ, with the values then and now; contributions as ``contributions.rule``."""
        then, now = self.record.answer, self.now.answer if self.now else Answer()
        pairs = {f.name: (getattr(then, f.name), getattr(now, f.name)) for f in fields(Answer)}
        was, is_ = pairs.pop("contributions")
        rules = {f"contributions.{rule}": (was.get(rule), is_.get(rule)) for rule in sorted({*was, *is_})}
        return {name: pair for name, pair in {**pairs, **rules}.items() if pair[0] != pair[1]}

    def text(self, lang: Lang | None = None) -> str:
        """Say in a few lines what is the same and what isn't; `differences` gives the points of each rule."""
        parts = parts_of(self, current_language(lang))
        return "\n".join(part if isinstance(part, str) else "\n".join(f"  - {item}" for item in part) for part in parts)

    def to_json(self) -> dict[str, Any]:
        """Return both records and their differences, as data that JSON can hold.

        The format is in ``docs/reference/schemas/reproduction.json``.
        """
        return {
            "schema": _version.JSON_SCHEMA,
            "record": self.record.to_json(),
            "now": self.now.to_json() if self.now else None,
            "same_inputs": self.same_inputs,
            "same_answer": self.same_answer,
            "changed": list(self.changed),
            "versions": {name: list(pair) for name, pair in self.versions.items()},
        }


@given.takes(record=given.a(Record))
def reproduce(  # noqa: PLR0913 - all but what the record doesn't hold by keyword
    record: Record,
    programme: Programme | None = None,
    policy: rules.Policy | None = None,
    *,
    on: dt.date | None = None,
    follow_ups: followups.FollowUps | None = None,
    extra: Any = None,  # noqa: ANN401 - whatever speaks Arrow
) -> Reproduction:
    """Compute a recommendation again, and compare its inputs and its answer with those of the record.

    Args:
        record: The record (`Recommendation.record`, `Record.from_json`).
        programme: The programme as it is known now; by default, that of the record with its policy, graph and columns,
            if the record keeps its inputs (``rec.record(keep="inputs")``).
        policy: The policy; that of the programme by default.
        on: The day; that of the record by default.
        follow_ups: The follow-up graph, if it wasn't the one learned from the history.
        extra: The columns that the policy declares, as for `Programme.recommend`.

    Raises:
        PraiError: No programme is given, and the record doesn't keep its inputs.
        PolicyError: The policy names a session that isn't in the catalogue.
        ProgrammeError: The extra columns don't fit.

    Example:
        >>> from prai_match import Policy, Programme, Record
        >>> programme = Programme.example()
        >>> record = programme.recommend("2007-09-03")["200066231"].record(keep="inputs")
        >>> reproduce(record, programme, Policy.default().with_weights(equity=20)).changed
        ('weights',)
        >>> reproduce(Record.from_json(record.to_json())).same_answer
        True
    """
    if programme is None:
        if record.inputs is None:
            raise PraiError.of("prai_match._front", "no_inputs")
        kept = _asked(record.inputs)
        programme, policy = kept["programme"], policy or kept["policy"]
        follow_ups, extra = follow_ups or kept["follow_ups"], kept["extra"] if extra is None else extra
    # Asks for all territories, since asking for an unknown one fails: the fingerprint is needed in any case.
    recs = programme.recommend(on or record.on, top=record.top, policy=policy, follow_ups=follow_ups, extra=extra)
    now = recs[record.territory].record() if record.territory in recs else None
    fingerprint = recs.fingerprint
    then, today = record.fingerprint.parts, fingerprint.parts
    differ = [name for name in record.fingerprint.changed(fingerprint) if name in then]
    return Reproduction(
        record,
        now,
        tuple(name for name in differ if name not in explain.VERSIONS),
        {name: (then.get(name, ""), today.get(name, "")) for name in differ if name in explain.VERSIONS},
    )


def _asked(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the kept programme, and the policy, graph and columns to call it with."""
    programme = Programme.model_validate(inputs["programme"])
    policy, edges, extra = (inputs[name] for name in ("policy", "follow_ups", "extra"))
    return {
        "programme": programme,
        "policy": None if policy is None else rules.Policy.of(policy, programme),
        "follow_ups": None if edges is None else followups.graph_of(programme.catalogue, edges),
        "extra": None if extra is None else pl.DataFrame(extra, infer_schema_length=None),
    }


def parts_of(result: Reproduction, lang: Lang) -> list[str | tuple[str, ...]]:
    """Return the parts of the text: lines, and lists of items."""
    texts, record = messages("prai_match.explain", "reproduction", lang), result.record
    names = {"name": plain(record.name), "territory": plain(record.territory), "day": day(record.on, lang)}
    parts: list[str | tuple[str, ...]] = [texts["title"].format_map(names)]
    if result.changed:
        inputs = tuple(texts["parts"][name] for name in result.changed)
        parts += [counted(len(inputs), texts["inputs"], lang), inputs]
    if result.versions:
        pairs = tuple(_then_now(texts, texts["parts"][name], *pair) for name, pair in result.versions.items())
        parts += [counted(len(pairs), texts["versions"], lang), pairs]
    parts.append(texts[_verdict(result)])
    if result.now and (differ := [name for name in result.differences if name in texts["answer"]]):
        sides, words = (record.answer, result.now.answer), {None: texts["nothing"]}
        says = ((name, *(field_text(side, name, 2, words, lang) for side in sides)) for name in differ)
        parts.append(tuple(_then_now(texts, texts["answer"][name], *pair) for name, *pair in says))
    return parts


def _verdict(result: Reproduction) -> str:
    if result.now is None:
        return "gone"
    if result.same_answer:
        return "same_anyway" if result.changed or result.versions else "reproduced"
    return "different" if result.changed else "by_version" if result.versions else "altered"


def _then_now(texts: dict[str, Any], what: str, then: str, now: str) -> str:
    return str(texts["then_now"].format(what=what, then=then, now=now))


def field_text(answer: Answer | recommend.Offer, name: str, decimals: int, words: Mapping[Any, str], lang: Lang) -> str:
    """Write a field of an answer, in ``words`` if they have its value; the cost of an offer may be unknown."""
    match getattr(answer, name, None):
        case None if name == "cost" and answer.session is not None:
            return price(None, lang)
        case dt.date() as date:
            return day(date, lang)
        case Decimal() as amount:
            return euros(amount, lang)
        case float() as value:
            return number(value, decimals, lang)
        case value:
            return words[value] if value in words else plain(str(value))
