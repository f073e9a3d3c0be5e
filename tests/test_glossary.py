"""The glossary has every word of the model, in French and English."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest

from prai_match import model
from prai_match.model._actors import Audience, CollectivityKind
from prai_match.model._catalogue import Channel, PartnerKind, SessionForm

SOURCE = Path(__file__).parents[1] / "scripts" / "glossary.toml"
TERMS: list[dict[str, Any]] = [
    term for group in tomllib.loads(SOURCE.read_text("utf-8"))["group"] for term in group["term"]
]
KINDS = {
    "CollectivityKind": CollectivityKind,
    "PartnerKind": PartnerKind,
    "Audience": Audience,
    "SessionForm": SessionForm,
    "Channel": Channel,
}
DOMAIN = {
    "Collectivity", "Territory", "Buffet", "Workshop", "Theme", "Axis", "Module", "FollowUp", "Catalogue", "RelayPartner",
    "Scope", "Trainer", "Expertise", "Need", "Attendance", "HeldSession", "Blackout", "Election", "Pace", "Budget", "Policy", "Recommendation",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_is_told_and_no_other(kind: str) -> None:
    told = {code for term in TERMS if kind in term.get("of", "").split(", ") for code in term["code"]}
    values = set(get_args(KINDS[kind]))
    assert values <= told
    assert {code for code in told if code.islower()} == values


def test_the_kinds_are_those_of_the_model() -> None:
    assert {name for term in TERMS for name in term.get("of", "").split(", ") if name} == set(KINDS)


def test_the_words_of_the_domain_are_told() -> None:
    told = {code for term in TERMS for code in term["code"]}
    assert told >= DOMAIN
    assert {name for name in DOMAIN if hasattr(model, name)} == DOMAIN - {"Policy", "Recommendation"}


def test_every_term_is_told_in_both_languages() -> None:
    for term in TERMS:
        assert term.keys() - {"of"} == {"fr", "en", "code", "def_fr", "def_en"}
        assert term["def_fr"].endswith(".")
        assert term["def_en"].endswith(".")
    names = [(term["fr"], term.get("of")) for term in TERMS]
    assert len(names) == len(set(names))
