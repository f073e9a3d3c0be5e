"""The demonstration, as a person at a terminal sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from made import ON, programme
from prai_match import Programme, demo

if TYPE_CHECKING:
    from pathlib import Path

    from goldens import Golden
    from prai_match.model import Lang


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "150")
    for name in ("PRAI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def test_it_prints_what_can_be_held_together_first(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert demo.run(["--lang", "fr"]) == 0
    out, err = capsys.readouterr()
    assert "Chargement du programme" in err
    table, rest = out.split("\n\n100 territoires ont une première proposition : ")
    for said in ("Date", "Session, accueil", "Partenaire-relais", "Intervenant", "Territoire", "Première proposition"):
        assert said in table
    for said in ("24/09/2007", "accueil : CC", ", sur place", "autre lieu", "autre session", "(déjà programmée)"):
        assert said in table
    for said in (
        "100 sur 101. Sans recommandation (1) :",
        "mais elles se font concurrence :",
        "Par exemple, pourquoi cette proposition à",
    ):
        assert said in rest
    assert "Licence Ouverte" in rest
    assert "sont inventés" in rest
    path = tmp_path / "recommandations_2007-09-03.csv"
    assert str(path) in out
    lines = path.read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + len(Programme.example().territories)
    assert lines[0].startswith("Code du territoire;Territoire;Département;Nature;Session;Axe;Accueil;Partenaire-relais")
    assert any("Atelier;Système d’information" in line for line in lines)


def test_each_territory_that_has_an_offer_is_in_the_table_and_the_season_in_a_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert demo.run(["--lang", "en", "--out", "table.csv"]) == 0
    table, rest = capsys.readouterr().out.split(" territories have a first-choice offer: ")
    recs = Programme.example().recommend(demo.ON)
    season = recs.together()
    outcomes = dict(season.compare(recs)["outcome"].value_counts().iter_rows())
    kept, elsewhere, other, none = (outcomes[name] for name in ("first", "elsewhere", "other", "none"))
    told = f"{kept} keep it, {elsewhere} attend the same session at another place, {other} attend another session, "
    assert rest.startswith(f"{told}{none} {'has' if none == 1 else 'have'} no seat yet.")
    assert table.endswith(f"\n\n{kept + elsewhere + other + none}")
    ends = [line.rsplit("  ", 1)[-1].strip() for line in table.splitlines()]
    assert (ends.count("kept"), ends.count("another place")) == (kept, elsewhere)
    assert (ends.count("another session"), ends.count("no seat yet")) == (other, none)
    assert ends.count("additional session") == season.seats.height - kept - elsewhere - other
    assert rest.count("\n- ") == other + none + 3
    sessions = (tmp_path / "table_season.csv").read_text("utf-8-sig").splitlines()
    assert len(sessions) == 1 + season.sessions.height
    assert (tmp_path / "table_season-invitations.csv").exists()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_small_season_is_as_it_is_known(golden: Golden, lang: Lang) -> None:
    recs = programme().recommend(ON)
    season = recs.together()
    parts = [demo.season(recs, season, lang, 150), demo.pistes(recs, lang, 150), demo.table(recs, lang, 150)]
    golden(f"together_{lang}.txt", "\n\n".join(parts) + "\n")


def test_it_speaks_english(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert demo.run(["--lang", "en", "--on", "2007-09-04", "--out", "table.csv"]) == 0
    out, _ = capsys.readouterr()
    assert "The territory has already attended every session that could be useful to it." in out
    assert "2007-09-25" in out
    assert "of 101. Without a recommendation (" in out
    assert (tmp_path / "table.csv").exists()


@pytest.mark.parametrize(
    ("variable", "value", "lang"),
    [
        ("LANG", "fr_FR.UTF-8", "fr"),
        ("LANG", "en_GB.UTF-8", "en"),
        ("LC_ALL", "fr_CA", "fr"),
        ("PRAI_LANG", "fr", "fr"),
        ("LANG", "C", "en"),
        ("X", "", "en"),
    ],
)
def test_the_language_is_that_of_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, variable: str, value: str, lang: str
) -> None:
    monkeypatch.setenv(variable, value)
    demo.run(["--folder", "no_such_folder"])
    assert ("aucun dossier" if lang == "fr" else "found") in capsys.readouterr().err


def test_it_runs_on_a_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    programme().save(tmp_path / "mine")
    assert demo.run(["--folder", str(tmp_path / "mine"), "--lang", "fr"]) == 0
    out, _ = capsys.readouterr()
    assert "Tous les territoires (3) ont une recommandation." in out
    assert "inventés" not in out


def test_a_folder_without_anything_to_offer(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    programme(partners=[], sessions=[], attendances=[]).save(tmp_path / "mine")
    assert demo.run(["--folder", str(tmp_path / "mine"), "--lang", "en"]) == 0
    out, _ = capsys.readouterr()
    assert "No session can be held.\n\nTerritories with a recommendation: 0 of 3. Without a recommendation (3):" in out
    assert "For example" not in out


def test_a_file_that_cannot_be_written_is_said_plainly(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    programme().save(tmp_path / "mine")
    assert demo.run(["--folder", str(tmp_path / "mine"), "--out", str(tmp_path / "none" / "x.csv")]) == 2
    assert "No such file" in capsys.readouterr().err


def test_a_bad_folder_is_said_plainly(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert demo.run(["--folder", str(tmp_path / "none"), "--lang", "en"]) == 2
    _, err = capsys.readouterr()
    assert "none" in err
    assert "Traceback" not in err


def test_the_other_bundled_region_is_shown_on_a_day_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.run(["--example", "occitanie_2026", "--lang", "fr", "--out", "table.csv"]) == 0
    out, _ = capsys.readouterr()
    assert "Occitanie 2026-2027" in out
    assert "Tous les territoires (161) ont une recommandation." in out
    assert "14/12/2026" in out
    assert "le catalogue, l’historique, les relais" in " ".join(out.split())
    assert "chiffres publiés" not in out


@pytest.mark.parametrize(
    ("lang", "texts"),
    [
        ("fr", ("utilisation : python -m prai_match.demo", "options :", "dossier d’un programme", "par exemple")),
        ("en", ("usage: python -m prai_match.demo", "options:", "folder of a programme", "such as 2007-09-03")),
    ],
)
@pytest.mark.parametrize("way", ["--lang", "PRAI_LANG"])
def test_its_help_is_in_the_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, lang: str, texts: tuple[str, ...], way: str
) -> None:
    monkeypatch.setenv("PRAI_LANG", lang if way == "PRAI_LANG" else "")
    with pytest.raises(SystemExit) as end:
        demo.run(["--help", *(["--lang", lang] if way == "--lang" else [])])
    assert end.value.code == 0
    shown = capsys.readouterr().out
    assert all(text in shown for text in texts)
    assert "show this help" not in shown or lang == "en"
