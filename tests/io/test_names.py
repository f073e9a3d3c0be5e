"""Names and labels in place of codes."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import Any

import polars as pl
import pytest

from folder_by_hand import records, settings, tables
from prai_match import io, register
from prai_match.model import ProgrammeData

NEED = {"date": "2007-01-10", "text": "Un site"}
PLACES = ["31555", "09122", "09225", "46042", "09188", "243100518", "09", "31149"]


def folder(**others: Any) -> dict[str, Any]:
    """Tables with more collectivities, all of them in one territory."""
    made = tables(collectivities=[{"code": code} for code in PLACES])
    (first, second) = records("territories")
    made["territories"] = [first | {"members": "31555 31149 09122 09225 46042 09188 09"}, second]
    return made | others


def needs(*names: str, **columns: list[str]) -> tuple[list[str | None], io.LoadReport]:
    """The code that each name was read as; None where its row was rejected."""
    rows = [
        NEED | {"Commune": name} | {column: cells[n] for column, cells in columns.items()}
        for n, name in enumerate(names)
    ]
    loaded = io.load_tables(settings(), folder(needs=rows), ProgrammeData)
    gone = set(loaded.report.rejections().filter(pl.col("file") == "needs")["line"])
    codes = iter(loaded.programme.needs)
    return [None if line in gone else next(codes).collectivity for line in range(1, len(rows) + 1)], loaded.report


@pytest.mark.parametrize("region", ["midi_pyrenees", "occitanie_2026"])
def test_the_register_is_asked_for_no_name_that_it_has_of_a_code(monkeypatch: pytest.MonkeyPatch, region: str) -> None:
    asked: list[object] = []
    monkeypatch.setattr(register, "resolve", lambda *names, **_: asked.append(names))
    with as_file(files("prai_match").joinpath("data", region)) as where:
        report = io.load(where).report
    assert (report.rejected, asked) == (0, [])


def test_a_collectivity_may_be_named() -> None:
    written = ["Foix", "FOIX", "Mairie de Foix", "Commune de Foix", "Ville de FOIX", "09122", "9122"]
    assert needs(*written)[0] == ["09122"] * len(written)
    assert needs("Toulouse Métropole", "CD 09", "Pamiers", "Mairie de Colomiers")[0] == [
        "243100518",
        "09",
        "09225",
        "31149",
    ]


def test_the_departement_beside_a_name_counts() -> None:
    found, report = needs("Foix", "Foix", "Foix", Département=["09", "Ariège", "31"])
    assert found == ["09122", "09122", None]
    (why,) = report.rejections("en").filter(pl.col("file") == "needs")["reason"]
    assert why.startswith("found 'Foix', expected ")


def test_a_name_of_several_a_name_of_none_and_one_outside_are_rejected_with_a_reason() -> None:
    found, report = needs("Saint-Rémy", "Atlantide-sur-Garonne", "Cahors", "Albi", "75056")
    assert found == [None, None, "46042", None, None]
    rows = (
        report.rejections("en")
        .filter(pl.col("file") == "needs")
        .select("line", "column", "value", "reason", "suggestion")
        .rows()
    )
    assert rows == [
        (
            1,
            "Commune",
            "'Saint-Rémy'",
            "found 'Saint-Rémy', expected the name of one collectivity (several collectivities bear this name)",
            ", ".join(f"Saint-Rémy ({code[:2]}) : {code}" for code in ("01385", "12242", "14656", "19238", "21568")),
        ),
        (
            2,
            "Commune",
            "'Atlantide-sur-Garonne'",
            "found 'Atlantide-sur-Garonne', expected the name of one collectivity (no collectivity bears this name)",
            "",
        ),
        (4, "Commune", "'Albi'", "found 'Albi', expected a collectivity of the programme (81004 is not one)", ""),
        (5, "Commune", "'75056'", "'75056' is not a known collectivity of a territory", ""),
    ]
    french = report.rejections("fr").filter(pl.col("file") == "needs")["reason"].to_list()
    assert french == [
        "« Saint-Rémy » ne convient pas ; il faut le nom d’une seule collectivité (plusieurs collectivités portent ce nom)",
        "« Atlantide-sur-Garonne » ne convient pas ; il faut le nom d’une seule collectivité (aucune collectivité ne porte ce nom)",
        "« Albi » ne convient pas ; il faut une collectivité du programme (81004 n’en fait pas partie)",
        "« 75056 » n’est pas une collectivité connue d’un territoire",
    ]


def test_names_are_told_by_status() -> None:
    names = needs("Foix", "Foix", "Saint-Rémy", "Mairie de Foix", "31555", "9122")[1].names()
    mine = names.filter(pl.col("file") == "needs").drop("file", "column")
    rows = {text: (status, code, rows) for text, status, code, rows in mine.iter_rows()}
    assert rows["Foix"] == ("label", "09122", 2)
    assert rows["Saint-Rémy"] == ("ambiguous", None, 1)
    assert rows["9122"] == ("zero", "09122", 1)
    assert rows["Mairie de Foix"][1:] == ("09122", 1)
    assert "31555" not in rows


def test_former_communes_are_the_present_one() -> None:
    former = register.frame("former_commune").drop_nulls("present_code")
    code, name, present = former.filter(pl.col("present_code") == "09188").select("code", "name", "present_code").row(0)
    found, report = needs(code, name, Département=["", "09"])
    assert found == [present, present]
    repairs = report.repairs("en").filter(pl.col("file") == "needs")["repair"].to_list()
    assert "former communes replaced by the current one" in repairs


def test_collectivities_may_be_given_by_name_alone() -> None:
    rows = [
        {"Commune": "Toulouse"},
        {"Commune": "Colomiers", "Département": "Haute-Garonne"},
        {"Commune": "Toulouse Métropole"},
    ]
    loaded = io.load_tables(settings(), tables(collectivities=rows), ProgrammeData, strict=True)
    assert [(one.code, one.name, one.kind, one.departement) for one in loaded.programme.collectivities] == [
        ("31555", "Toulouse", "commune", "31"),
        ("31149", "Colomiers", "commune", "31"),
        ("243100518", "Toulouse Métropole", "epci", "31"),
    ]
    assert all(one.population for one in loaded.programme.collectivities)
    assert loaded.report.names().filter(pl.col("file") == "collectivities")["rows"].sum() == 3


def test_collectivities_may_be_given_by_code_alone_or_be_unknown_to_the_register() -> None:
    rows = [
        {"code": "31555"},
        {"code": "31149", "name": "Ma Colomiers"},
        {"code": "243100518", "name": "", "kind": "Communauté urbaine"},
    ]
    rows += [{"code": "SIVU1", "name": "SIVU des Écoles", "kind": "SIVU", "departement": "31"}]
    loaded = io.load_tables(settings(), tables(collectivities=rows), ProgrammeData, strict=True)
    assert [(one.name, one.kind) for one in loaded.programme.collectivities] == [
        ("Toulouse", "commune"),
        ("Ma Colomiers", "commune"),
        ("Toulouse Métropole", "epci"),
        ("SIVU des Écoles", "syndicat"),
    ]


def test_a_departement_is_completed_by_its_code() -> None:
    rows = [*records("collectivities"), {"code": "09"}]
    (*_, last) = io.load_tables(
        settings(), tables(collectivities=rows), ProgrammeData, strict=True
    ).programme.collectivities
    assert (last.code, last.name, last.kind, last.departement) == ("09", "Ariège", "departement", "09")


def test_a_population_left_empty_beside_others_is_not_known() -> None:
    found = io.load_tables(settings(), tables(), ProgrammeData).programme.collectivities
    assert [one.population for one in found] == [437715, None, 720000]


def test_collectivities_that_cannot_be_completed() -> None:
    rows = [
        *records("collectivities"),
        {"code": "XX1", "name": "Inconnue"},
        {"name": "Saint-Rémy"},
        {"departement": "31"},
        {"name": "31557"},
    ]
    report = io.load_tables(settings(), tables(collectivities=rows), ProgrammeData).report
    told = report.rejections("en").filter(pl.col("file") == "collectivities").select("line", "column", "reason").rows()
    assert told == [
        (4, "kind", "found nothing, expected a value: the register gives none for the code 'XX1'"),
        (4, "departement", "found nothing, expected a value: the register gives none for the code 'XX1'"),
        (
            5,
            "name",
            "found 'Saint-Rémy', expected the name of one collectivity (several collectivities bear this name)",
        ),
        (6, "name", "found nothing, expected a code, or a name that is in the register"),
        (7, "name", "found '31557', expected a code, or a name that is in the register"),
    ]
    french = report.rejections("fr").filter(pl.col("file") == "collectivities")["reason"].to_list()
    assert french[0] == "aucune valeur ; il faut une valeur : le référentiel n’en donne pas pour le code « XX1 »"
    assert french[3] == "aucune valeur ; il faut un code, ou un nom qui figure au référentiel"
    assert report.read == report.accepted + report.rejected


def test_sessions_and_actors_may_be_named() -> None:
    held = {
        "id": "s1",
        "session": "Découverte",
        "date": "20/11/2006",
        "Réservée le": "1er octobre 2006",
        "host": "TOULOUSE ET COLOMIERS",
        "partner": "Adm 31",
        "trainer": "F2",
        "cost": "700,25 €",
    }
    loaded = io.load_tables(settings(), tables(sessions=[held]), ProgrammeData, strict=True)
    assert loaded.programme == io.load_tables(settings(), tables(), ProgrammeData, strict=True).programme
    labels = loaded.report.repairs("en").filter(
        (pl.col("file") == "sessions") & pl.col("repair").str.contains("labels")
    )
    assert labels["example"].to_list() == [
        "Découverte → decouverte",
        "TOULOUSE ET COLOMIERS → T1",
        "Adm 31 → adm31",
        "F2 → f2",
    ]


@pytest.mark.parametrize("theme", ["Site", "Web site", "web", "Le web", "The Web"])
def test_a_theme_with_one_workshop_stands_for_it(theme: str) -> None:
    rows = [{"collectivity": "31555", "Thème": theme, "axis": "EPCI", **NEED}]
    (need,) = io.load_tables(settings(), tables(needs=rows), ProgrammeData, strict=True).programme.needs
    assert (need.workshop, need.axis) == ("site", "epci")


def test_a_theme_with_several_workshops_stands_for_none() -> None:
    said = settings()
    said["catalogue"]["workshops"].append(
        {**said["catalogue"]["workshops"][0], "id": "blog", "name": {"fr": "Blog", "en": "Blog"}}
    )
    rows = [{"collectivity": "31555", "Thème": "Le web", **NEED}]
    report = io.load_tables(said, tables(needs=rows), ProgrammeData).report
    assert report.rejections("en").select("file", "column", "value").rows() == [("needs", "Thème", "'Le web'")]


@pytest.mark.parametrize("home", ["Cahors", "Mairie de Cahors", "46042"])
def test_the_home_of_a_trainer_may_be_named(home: str) -> None:
    trainers = records("trainers")
    trainers[1]["home"] = home
    trainer = io.load_tables(settings(), tables(trainers=trainers), ProgrammeData, strict=True).programme.trainers[1]
    assert trainer.home == "46042"
    assert (trainer.latitude, trainer.longitude) == register.get("46042").position


def test_a_home_unknown_to_the_register_stands_beside_its_coordinates() -> None:
    trainers = records("trainers")
    trainers[0]["home"] = "b-12"
    assert io.load_tables(settings(), tables(trainers=trainers), ProgrammeData).programme.trainers[0].home == "b-12"


def test_a_home_that_may_be_several_is_told_with_them() -> None:
    trainers = [*records("trainers"), records("trainers")[1] | {"id": "f3", "home": "Saint-Rémy"}]
    expertise = [*records("expertise"), {"trainer": "f3", "session": "site"}]
    report = io.load_tables(settings(), tables(trainers=trainers, expertise=expertise), ProgrammeData).report
    (problem,) = report.problems
    assert str(problem) == (
        "trainers:3.home: found 'Saint-Rémy', expected the INSEE code of a commune, or a latitude and a longitude; "
        "did you mean 01385, 12242, 14656?"
    )


def test_kinds_and_channels_are_said_in_french() -> None:
    rows = [
        {"collectivity": "31555", "Canal": channel, **NEED}
        for channel in ("Téléphone", "RDV", "courriel", "mail", "pigeon")
    ]
    kinds = ("Conseil départemental", "Conseil général", "CDG", "Syndicat numérique", "ADM")
    partners = [
        {"id": f"p{number}", "name": "P", "kind": kind, "departements": "31", "brings": "élus, agents"}
        for number, kind in enumerate(kinds)
    ]
    given = tables(needs=rows, partners=[*partners, *records("partners")])
    loaded = io.load_tables(settings(), given, ProgrammeData)
    assert [need.channel for need in loaded.programme.needs] == ["phone", "visit", "mail", "mail"]
    assert [partner.kind for partner in loaded.programme.partners[:5]] == [
        "departement",
        "conseil_general",
        "centre_de_gestion",
        "syndicat_numerique",
        "adm",
    ]
    assert loaded.programme.partners[0].brings == ("elected", "technicians")
    assert loaded.report.rejected == 1


def test_own_kinds_and_channels_are_read_by_any_of_their_names() -> None:
    own = [
        {"of": "partners", "id": "chamber", "name": {"fr": "Chambre de métiers", "en": "Chamber"}, "synonyms": ["CMA"]},
        {"of": "channels", "id": "counter", "name": {"fr": "Au guichet", "en": "At the counter"}},
    ]
    rows = [{"collectivity": "31555", "channel": channel, **NEED} for channel in ("au guichet", "counter", "guichets")]
    partners = [
        {"id": f"p{number}", "name": "P", "kind": kind, "departements": "31"}
        for number, kind in enumerate(("cma", "Chambre de Métiers", "chamber"))
    ]
    given = tables(needs=rows, partners=[*partners, *records("partners")])
    written = settings()
    written["catalogue"]["kinds"] = own
    loaded = io.load_tables(written, given, ProgrammeData)
    assert [partner.kind for partner in loaded.programme.partners[:3]] == ["chamber"] * 3
    assert [need.channel for need in loaded.programme.needs] == ["counter"] * 2
    assert [str(problem).partition(": ")[2][:26] for problem in loaded.report.problems] == [
        "found 'guichets', expected"
    ]
