"""What is wrong with a programme is said in French too."""

from __future__ import annotations

from typing import Any

import pytest

from made import small
from prai_match import Programme, ProgrammeError
from prai_match.errors import Problem

CODE = "un code : lettres sans accent, chiffres, _ . et - (un département : 09, 2A, 971)"


def said(data: dict[str, Any]) -> list[str]:
    with pytest.raises(ProgrammeError) as caught:
        Programme.model_validate(data)
    return [problem.text("fr") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("field", "change", "expected"),
    [
        ("needs", {"collectivity": None}, "collectivity : aucune valeur ; il faut un texte"),
        ("needs", {"collectivity": "é"}, f"collectivity : « é » ne convient pas ; il faut {CODE}"),
        ("needs", {"collectivity": "x" * 65}, "collectivity : « " + "x" * 65 + " » ne convient pas ; il faut un texte de 64 caractères au plus"),
        ("needs", {"collectivity": "9001"}, "collectivity : « 9001 » n’est pas une collectivité connue d’un territoire ; vouliez-vous dire 09001, 09002, 09003 ?"),
        ("needs", {"workshop": "sigg"}, "workshop : « sigg » n’est pas un atelier connu ; vouliez-vous dire sig ?"),
        ("needs", {"axis": "refont"}, "axis : « refont » n’est pas un axe connu de site_internet ; vouliez-vous dire refonte ?"),
        ("needs", {"workshop": None}, "axis : « refonte » ne convient pas ; il faut un atelier indiqué avec l’axe"),
        ("needs", {"workshop": None, "axis": None}, "text : ni texte ni atelier ; il faut un texte ou un atelier"),
        ("needs", {"date": "03/09/2007"}, "date : « 03/09/2007 » n’est pas une date valide (par exemple 2007-03-31)"),
        ("needs", {"date": "2007-03-01T10:00"}, "date : « 2007-03-01T10:00 » ne convient pas ; il faut une date sans heure"),
        ("needs", {"people": 0}, "people : 0 ne convient pas ; il faut une valeur supérieure ou égale à 1"),
        ("needs", {"people": "deux"}, "people : « deux » n’est pas un nombre entier"),
        ("needs", {"people": 1.5}, "people : 1.5 ne convient pas ; il faut un nombre entier, sans décimales"),
        ("needs", {"people": "1" * 5000}, "people : « " + "1" * 79 + "… » ne convient pas ; il faut un nombre entier moins grand"),
        ("needs", {"channel": "pigeon"}, "channel : « pigeon » n’est pas un canal connu : buffet, mail, other, phone, survey, visit, web, workshop"),
        ("needs", {"canal": "web"}, "canal : « web » ne convient pas ; il faut un autre nom : ce champ n’existe pas"),
        ("attendances", {"rating": 4.5}, "rating : 4.5 ne convient pas ; il faut une valeur inférieure ou égale à 4"),
        ("attendances", {"rating": float("nan")}, "rating : nan ne convient pas ; il faut un nombre fini"),
        ("attendances", {"held": "h2"}, "held : « h2 » n’est pas une session tenue ou programmée connue"),
        ("attendances", {"date": "2007-03-02"}, "held : « b_web » le 02/03/2007 ; il faut « b_web » le 01/03/2007, comme l’indique la session « h1 »"),
        ("attendances", {"elected": 0, "technicians": 0}, "elected : aucune personne ; il faut au moins un élu ou un technicien"),
        ("sessions", {"cost": "1.234"}, "cost : « 1.234 » ne convient pas ; il faut un nombre de 2 décimales au plus"),
        ("sessions", {"cost": "1e11"}, "cost : « 1e11 » ne convient pas ; il faut un nombre de 10 chiffres au plus avant la virgule"),
        ("sessions", {"cost": "1e13"}, "cost : « 1e13 » ne convient pas ; il faut un nombre de 12 chiffres au plus"),
        ("trainers", {"reach_km": "loin"}, "reach_km : « loin » n’est pas un nombre"),
        ("partners", {"sessions_a_year": []}, "sessions_a_year : [] n’est pas un nombre entier"),
        ("sessions", {"cost": "cher"}, "cost : « cher » n’est pas un nombre"),
        ("sessions", {"host": "T9"}, "host : « T9 » n’est pas un territoire connu"),
        ("territories", {"members": []}, "members : [] ne convient pas ; il faut une liste qui ne soit pas vide"),
        ("territories", {"members": 3}, "members : 3 n’est pas une liste"),
        ("territories", {"name": " "}, "name : «   » ne convient pas ; il faut un texte qui ne soit pas vide"),
        ("trainers", {"free": [{"start": "2007-02-01", "end": "2007-01-01"}]}, "free[1].end : 2007-01-01 ne convient pas ; il faut une date à partir du 01/02/2007"),
        ("trainers", {"id": "geo"}, "une valeur employée une seule fois (elle l’est déjà dans trainers[1])"),
    ],
)  # fmt: skip
def test_each_fault_is_said_in_french(field: str, change: dict[str, Any], expected: str) -> None:
    data = small()
    data[field][0].update(change)
    assert any(expected in sentence for sentence in said(data)), said(data)


def test_what_is_missing_is_said_in_french() -> None:
    assert "name : aucune valeur ; il faut une valeur : le champ est obligatoire" in said({})
    data = small()
    data["name"] = "PRAI"
    assert said(data) == ["name : « PRAI » n’est pas un ensemble de champs (Text)"]


def test_seats_out_of_order_are_said_in_french() -> None:
    data = small()
    data["catalogue"]["workshops"][0]["max_seats"] = 9
    (sentence,) = said(data)
    assert sentence.endswith("il faut un effectif minimal qui ne dépasse pas l’effectif maximal")


def test_a_problem_without_french_is_said_in_english() -> None:
    problem = Problem("extra", "nothing", "a frame")
    assert problem.text("fr") == "extra : nothing ; il faut a frame"
    assert problem.text() == str(problem) == "extra: found nothing, expected a frame"


def test_an_error_lists_its_problems_in_both_languages() -> None:
    error = ProgrammeError("dossier", [Problem("a", "1", "2", "deux", "un"), Problem("b", "1", "2")])
    assert error.text("fr") == "dossier : 2 problèmes\n  - a : un ; il faut deux\n  - b : 1 ; il faut 2"
    assert error.text() == str(error) == "dossier: 2 problems\n  - a: found 1, expected 2\n  - b: found 1, expected 2"
