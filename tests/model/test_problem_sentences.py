"""What is wrong with a programme is said in French too."""

from __future__ import annotations

from typing import Any

import pytest

from made import small
from prai_match import Programme, ProgrammeError
from prai_match.errors import Problem

CODE = "un code : lettres sans accent, chiffres, '_', '.' et '-' (un département : 09, 2A, 971)"


def said(data: dict[str, Any]) -> list[str]:
    with pytest.raises(ProgrammeError) as caught:
        Programme.model_validate(data)
    return [problem.text("fr") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("field", "change", "expected"),
    [
        ("needs", {"collectivity": None}, "collectivity : trouvé rien, attendu un texte valide"),
        ("needs", {"collectivity": "é"}, f"collectivity : trouvé 'é', attendu {CODE}"),
        ("needs", {"collectivity": "x" * 65}, "collectivity : trouvé '" + "x" * 65 + "', attendu un texte de 64 caractères au plus"),
        ("needs", {"collectivity": "9001"}, "collectivity : trouvé '9001', attendu une collectivité connue d’un territoire ; vouliez-vous dire 09001, 09002, 09003 ?"),
        ("needs", {"workshop": "sigg"}, "workshop : trouvé 'sigg', attendu un atelier connu ; vouliez-vous dire sig ?"),
        ("needs", {"axis": "refont"}, "axis : trouvé 'refont', attendu un axe connu de site_internet ; vouliez-vous dire refonte ?"),
        ("needs", {"workshop": None}, "axis : trouvé 'refonte', attendu un atelier indiqué à côté de l’axe"),
        ("needs", {"workshop": None, "axis": None}, "text : trouvé rien, attendu un texte ou un atelier"),
        ("needs", {"date": "03/09/2007"}, "date : trouvé '03/09/2007', attendu une date valide, par exemple 2007-03-31"),
        ("needs", {"date": "2007-03-01T10:00"}, "date : trouvé '2007-03-01T10:00', attendu une date sans heure"),
        ("needs", {"people": 0}, "people : trouvé 0, attendu une valeur supérieure ou égale à 1"),
        ("needs", {"people": "deux"}, "people : trouvé 'deux', attendu un nombre entier valide"),
        ("needs", {"people": 1.5}, "people : trouvé 1.5, attendu un nombre entier, sans décimales"),
        ("needs", {"people": "1" * 5000}, "people : trouvé '" + "1" * 79 + "…, attendu un nombre entier moins grand"),
        ("needs", {"channel": "pigeon"}, "channel : trouvé 'pigeon', attendu un canal connu : buffet, mail, other, phone, survey, visit, web, workshop"),
        ("needs", {"canal": "web"}, "canal : trouvé 'web', attendu aucun champ de ce nom"),
        ("attendances", {"rating": 4.5}, "rating : trouvé 4.5, attendu une valeur inférieure ou égale à 4"),
        ("attendances", {"rating": float("nan")}, "rating : trouvé nan, attendu un nombre fini"),
        ("attendances", {"held": "h2"}, "held : trouvé 'h2', attendu une session tenue connue"),
        ("attendances", {"date": "2007-03-02"}, "held : trouvé 'b_web' le 02/03/2007, attendu 'b_web' le 01/03/2007, comme la session 'h1'"),
        ("attendances", {"elected": 0, "technicians": 0}, "elected : trouvé personne, attendu au moins un élu ou un technicien"),
        ("sessions", {"cost": "1.234"}, "cost : trouvé '1.234', attendu un nombre de 2 décimales au plus"),
        ("sessions", {"cost": "1e11"}, "cost : trouvé '1e11', attendu un nombre de 10 chiffres au plus avant la virgule"),
        ("sessions", {"cost": "1e13"}, "cost : trouvé '1e13', attendu un nombre de 12 chiffres au plus"),
        ("trainers", {"reach_km": "loin"}, "reach_km : trouvé 'loin', attendu un nombre valide"),
        ("partners", {"sessions_a_year": []}, "sessions_a_year : trouvé [], attendu un nombre entier valide"),
        ("sessions", {"cost": "cher"}, "cost : trouvé 'cher', attendu un nombre valide"),
        ("sessions", {"host": "T9"}, "host : trouvé 'T9', attendu un territoire connu"),
        ("territories", {"members": []}, "members : trouvé [], attendu une liste qui ne soit pas vide"),
        ("territories", {"members": 3}, "members : trouvé 3, attendu une liste valide"),
        ("territories", {"name": " "}, "name : trouvé ' ', attendu un texte qui ne soit pas vide"),
        ("trainers", {"free": [{"start": "2007-02-01", "end": "2007-01-01"}]}, "free[1].end : trouvé 2007-01-01, attendu un jour à partir du 01/02/2007"),
        ("trainers", {"id": "geo"}, "une valeur employée une seule fois (déjà dans trainers[1])"),
    ],
)  # fmt: skip
def test_each_fault_is_said_in_french(field: str, change: dict[str, Any], expected: str) -> None:
    data = small()
    data[field][0].update(change)
    assert any(expected in sentence for sentence in said(data)), said(data)


def test_what_is_missing_is_said_in_french() -> None:
    assert "name : trouvé rien, attendu une valeur : le champ est obligatoire" in said({})
    data = small()
    data["name"] = "PRAI"
    assert said(data) == ["name : trouvé 'PRAI', attendu un ensemble de champs valide (Text)"]


def test_seats_out_of_order_are_said_in_french() -> None:
    data = small()
    data["catalogue"]["workshops"][0]["max_seats"] = 9
    (sentence,) = said(data)
    assert sentence.endswith("attendu un effectif minimal qui ne dépasse pas l’effectif maximal")


def test_a_problem_without_french_is_said_in_english() -> None:
    problem = Problem("extra", "nothing", "a frame")
    assert problem.text("fr") == "extra : trouvé nothing, attendu a frame"
    assert problem.text() == str(problem) == "extra: found nothing, expected a frame"


def test_an_error_lists_its_problems_in_both_languages() -> None:
    error = ProgrammeError("dossier", [Problem("a", "1", "2", "deux", "un"), Problem("b", "1", "2")])
    assert error.text("fr") == "dossier : 2 problèmes\n  - a : trouvé un, attendu deux\n  - b : trouvé 1, attendu 2"
    assert error.text() == str(error) == "dossier: 2 problems\n  - a: found 1, expected 2\n  - b: found 1, expected 2"
