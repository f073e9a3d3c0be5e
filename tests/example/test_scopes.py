"""Both bundled regions say what a need for each workshop asks for, and where what only sounds like it belongs."""

from __future__ import annotations

import re

import pytest

from prai_match import Programme, model
from prai_match.errors import Lang

REGIONS = ("midi_pyrenees", "occitanie_2026")
QUOTED = {"fr": r"l’atelier « (.+?) »", "en": r'the workshop "(.+?)"'}
NONE = {"fr": "aucun atelier", "en": "no workshop"}


def workshops(region: str) -> tuple[model.Workshop, ...]:
    return Programme.example(region).catalogue.workshops


@pytest.mark.parametrize("region", REGIONS)
def test_every_workshop_has_a_scope_in_whole_sentences(region: str) -> None:
    for workshop in workshops(region):
        assert len(workshop.scope.covers) >= 3, workshop.id
        sentences = (*workshop.scope.covers, *workshop.scope.excludes)
        assert len({*sentences}) == len(sentences)
        for sentence in sentences:
            assert re.fullmatch(r"[A-ZÉÀ].+\.", sentence.fr), sentence.fr
            assert re.fullmatch(r"[A-Z].+\.", sentence.en), sentence.en
            assert "'" not in sentence.fr


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("region", REGIONS)
def test_an_exclusion_names_another_workshop_or_none(region: str, lang: Lang) -> None:
    names = {workshop.id: workshop.name.get(lang) for workshop in workshops(region)}
    for workshop in workshops(region):
        assert workshop.scope.excludes
        for sentence in workshop.scope.excludes:
            named = re.findall(QUOTED[lang], sentence.get(lang))
            assert {*named} <= {*names.values()} - {names[workshop.id]}, sentence
            assert named or NONE[lang] in sentence.get(lang), sentence
