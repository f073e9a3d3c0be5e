"""docs/reference/openapi.json is valid OpenAPI, is whole, and describes requests as the library takes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

import described
from prai_match import ProgrammeError
from prai_match.explain import Changes

if TYPE_CHECKING:
    from collections.abc import Iterator

NEED = {"collectivity": "09001", "date": "2007-09-01", "text": "un site Internet", "people": 4}


def test_it_is_openapi() -> None:
    assert described.OPENAPI["openapi"] == "3.1.0"
    assert [error.message for error in OpenAPIV31SpecValidator(described.OPENAPI).iter_errors()] == []


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(value)


def test_what_is_named_is_there_and_what_is_there_is_named() -> None:
    named = {node["$ref"] for node in nodes(described.OPENAPI) if "$ref" in node}
    components = described.OPENAPI["components"]
    assert named == {f"#/components/{kind}/{name}" for kind, each in components.items() for name in each}


def test_it_is_described_in_both_languages() -> None:
    operations = [operation for path in described.OPENAPI["paths"].values() for operation in path.values()]
    for operation in operations:
        assert operation["summary"] != operation["x-summary-fr"]
    for node in nodes({**described.OPENAPI, "components": {}}):
        assert "description" not in node or node.get("x-description-fr") or node.get("description_fr")
    assert not re.search(r">>>|``", str(described.OPENAPI))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"with_needs": [NEED], "without_needs": [{"collectivity": "09001"}]},
        {"weights": {"equity": 20}, "on": "2007-10-01", "travel_km": 80.5, "notice_days": 10},
        {"with_budget": {"total": "300000.50"}},
        {"without_trainers": ["web"], "with_attendances": [{"collectivity": "09001", "session": "b", "date": "2007-01-02"}]},
        {"with_partners": [{"id": "cg31", "name": "Conseil général", "kind": "conseil_general", "departements": ["31"]}]},
    ],
)  # fmt: skip
def test_changes_that_it_allows_are_taken(changes: dict[str, Any]) -> None:
    assert described.wrong("Changes", changes) == []
    assert Changes.of(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        [],
        {"weigths": {}},
        {"with_needs": [{**NEED, "date": "soon"}]},
        {"with_needs": [{**NEED, "people": 0}]},
        {"with_needs": [{**NEED, "collectivity": "<b>"}]},
        {"with_needs": {}},
        {"with_policy": {}},
        {"travel_km": []},
        {"without_trainers": [""]},
        {"weights": {"equity": "much"}},
    ],
)
def test_changes_that_it_does_not_allow_are_refused(changes: Any) -> None:
    assert described.wrong("Changes", changes)
    if isinstance(changes, dict):
        with pytest.raises(ProgrammeError):
            Changes.of(**changes)
