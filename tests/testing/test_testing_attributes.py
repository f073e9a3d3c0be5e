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
    Reading,
    attributes,
    best,
    days,
    offered,
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
    "territories": ("session", "partner", "trainer"),
    "collectivities": ("session", "partner", "trainer"),
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
def test_the_engine_offers_what_the_second_reading_finds_best(drawn: Programme, on: dt.date) -> None:
    reading, policy = Reading(drawn, on), reading_rules(drawn)
    for rec in drawn.recommend(on=on, policy=policy):
        wanted = best(reading, policy, rec.territory)
        assert (wanted and wanted.candidate) == (rec.next and offered(rec.territory, rec.next))
        assert wanted is None or rec.next is None or wanted.score == pytest.approx(rec.next.score)
        if rec.reason is None:
            assert {*rec.why().contributions} == {rule.id for rule in policy.preferences}


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
