"""Attributes: the engine's columns are those of the second reading, and what no rule reads changes no answer."""

import datetime as dt
from typing import get_args

import pytest
from hypothesis import assume, given

from prai_match import Policy, Programme
from prai_match.model import AttributeType, Bearer
from prai_match.policy import Stage
from prai_match.testing import (
    SMALL,
    Candidate,
    Oracle,
    attributes,
    days,
    programmes,
)
from thorough import examples

VALUES = {
    "boolean": "{0}",
    "integer": "{0} / 40.0",
    "decimal": "{0} / 40.0",
    "text": "{0} = 'oui'",
    "date": "{0} / 900.0",
}
STAGES: dict[Bearer, tuple[Stage, ...]] = {
    "territories": ("session", "place"),
    "collectivities": ("session", "place"),
    "sessions": ("session", "partner", "trainer"),
    "partners": ("partner",),
    "trainers": ("trainer",),
}


def reading_rules(programme: Programme) -> Policy:
    """A policy that reads each attribute at each stage that can, and requires what booleans say of each actor."""
    policy = programme.policy
    for attribute in programme.attributes:
        for stage in STAGES[attribute.of]:
            value = VALUES[attribute.type].format(attribute.name)
            if STAGES[attribute.of][1:] == ("place",):  # what is known of a territory alone tells no offers apart
                told = "form = 'workshop'" if stage == "session" else "own_place"
                value = f"CASE WHEN {told} THEN {value} END"
            policy = policy.prefer(value, id=f"own_{attribute.name}_{stage}", weight=9, stage=stage, unknown=0.25)
        if attribute.type == "boolean":
            stage = STAGES[attribute.of][-1]
            policy = policy.require(attribute.name, id=f"is_{attribute.name}", stage=stage, unknown="accept")
    return policy


def test_attributes_are_drawn_of_all_that_has_any_and_of_each_type() -> None:
    assert {*STAGES} == {*get_args(Bearer)}
    assert {*VALUES} == {*get_args(AttributeType)}


@examples(40)
@given(programmes(case="busy", sizes=SMALL, attributes=attributes()), days())
def test_the_engine_offers_what_the_oracle_finds_best(drawn: Programme, on: dt.date) -> None:
    policy = reading_rules(drawn)
    oracle = Oracle(drawn, on, policy=policy)
    for rec in drawn.recommend(on=on, policy=policy):
        wanted = next(iter(oracle.ranking(rec.territory)), None)
        assert (wanted and wanted.candidate) == (rec.next and Candidate.of(rec.territory, rec.next))
        assert wanted is None or rec.next is None or wanted.score == pytest.approx(rec.next.score)
        if rec.reason is None:
            form = oracle.sessions[rec.session or ""].form
            assert {*rec.why().contributions} == {rule.id for rule in policy.preferences if rule.kind in {None, form}}


@examples(25)
@given(programmes(case="busy", sizes=SMALL, attributes=attributes()), days())
def test_an_attribute_that_no_rule_reads_changes_no_answer(drawn: Programme, on: dt.date) -> None:
    assume(drawn.attributes)
    without = Programme.model_validate({**_plain(drawn), "attributes": ()})
    ranking = drawn.recommend(on=on).ranking()
    assert ranking.equals(without.recommend(on=on).ranking())


def _plain(programme: Programme) -> dict[str, object]:
    fields = {name: getattr(programme, name) for name in type(programme).model_fields}
    catalogue = programme.catalogue
    sessions = {
        name: tuple(row.model_copy(update={"attributes": {}}) for row in getattr(catalogue, name))
        for name in ("buffets", "workshops")
    }
    for name in ("collectivities", "territories", "partners", "trainers"):
        fields[name] = tuple(row.model_copy(update={"attributes": {}}) for row in fields[name])
    return {**fields, "catalogue": catalogue.model_copy(update=sessions)}
