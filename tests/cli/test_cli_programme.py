"""``prai-match check`` and ``prai-match recommend``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

import made

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from goldens import Golden

ON = ("--on", "2007-09-03")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_check_tells_what_is_wrong(prai: Callable[..., Result], golden: Golden, faulty: Path, lang: str) -> None:
    shown = prai("check", faulty, "--lang", lang)
    assert shown.exit_code == 1
    assert "--rejected" in shown.stderr
    golden(f"check_{lang}.txt", shown.stdout)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "fr",
            "trainers.csv : Tarif journalier : colonne non reconnue ; « tarif » reste inconnu (intervenants : 2 sur 2)",
        ),
        ("en", "trainers.csv: Tarif journalier: column not recognised; fee is unknown for 2 of 2 trainers"),
    ],
)
def test_a_column_that_isnt_recognised_is_told_with_its_consequence(
    prai: Callable[..., Result], small: Path, lang: str, said: str
) -> None:
    path = small / "trainers.csv"
    path.write_text(path.read_text("utf-8-sig").replace(";fee;", ";Tarif journalier;", 1), "utf-8")
    asked = {"check": (), "recommend": (*ON, "--out", "r.csv"), "report": (*ON, "--out", "r.html")}
    for command, options in asked.items():
        shown = prai(command, small, *options, "--lang", lang)
        assert shown.exit_code == 0
        assert said in (shown.stdout if command == "check" else shown.stderr).replace("\xa0", " ")
    assert said in Path("r.html").read_text("utf-8").replace("\xa0", " ")


def test_check_leaves_with_0_where_every_row_is_accepted(prai: Callable[..., Result], small: Path) -> None:
    shown = prai("check", small)
    assert shown.exit_code == 0
    assert "0 rejetée" in shown.stdout


def test_check_saves_the_rejected_rows(prai: Callable[..., Result], faulty: Path) -> None:
    shown = prai("check", faulty, "--rejected", "rejets")
    assert shown.exit_code == 1
    (path,) = Path("rejets").iterdir()
    assert shown.stderr == f"Écrit : {path}\n"
    rows = path.read_text("utf-8-sig").splitlines()
    assert len(rows) == 3
    assert rows[1].startswith("09003;le 32 mai;site_internet;5;à rappeler;")


def test_check_refuses_all_where_it_is_strict(prai: Callable[..., Result], faulty: Path) -> None:
    shown = prai("check", faulty, "--strict")
    assert shown.exit_code == 3
    assert shown.stdout == ""
    assert "2 problèmes" in shown.stderr
    assert "needs.csv:3" in shown.stderr


@pytest.mark.parametrize("command", [["check"], ["recommend", *ON, "--out", "x.csv"]])
def test_a_programme_that_cant_be_loaded_is_told(prai: Callable[..., Result], small: Path, command: list[str]) -> None:
    (small / "territories.csv").unlink()
    for folder, said in (
        (small, "territories.csv : aucun fichier de ce nom"),
        ("nulle part", "aucun dossier de ce nom"),
    ):
        shown = prai(*command, folder)
        assert shown.exit_code == 3
        assert said in shown.stderr
        assert "Erreur" in shown.stderr
    assert not Path("x.csv").exists()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_recommend_tells_how_many(prai: Callable[..., Result], golden: Golden, faulty: Path, lang: str) -> None:
    shown = prai("recommend", faulty, *ON, "--out", "recs.csv", "--lang", lang)
    assert shown.exit_code == 1
    assert shown.stdout == ""
    golden(f"recommend_{lang}.txt", shown.stderr)
    golden(f"recommend_{lang}_csv.txt", Path("recs.csv").read_text("utf-8-sig"))


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "ods", "parquet", "json"])
def test_recommend_writes_every_format(prai: Callable[..., Result], small: Path, suffix: str) -> None:
    shown = prai("recommend", small, "--on", "03/09/2007", "--out", f"recs.{suffix}")
    assert shown.exit_code == 0
    assert f"Écrit : recs.{suffix}" in shown.stderr
    assert Path(f"recs.{suffix}").stat().st_size


def test_recommend_prints_a_table(prai: Callable[..., Result], small: Path) -> None:
    shown = prai("recommend", small, *ON, "--out", "-", "--territory", "T2")
    assert shown.exit_code == 0
    assert "Partenaire-relais" in shown.stdout
    assert "Territoire 2" in shown.stdout
    assert "Territoire 1 (09)" not in shown.stdout
    detailed = prai("recommend", small, *ON, "--out", "-", "--territory", "T2", "--details")
    assert detailed.stdout.startswith(shown.stdout.rstrip("\n"))
    assert "✓" in detailed.stdout


def test_recommend_prints_what_can_be_held_together_of_all_territories_first(
    prai: Callable[..., Result], small: Path
) -> None:
    shown = prai("recommend", small, *ON, "--out", "-", "--lang", "en").stdout
    assert (
        shown.index("Session, host")
        < shown.index("territories have a first-choice offer: 2 keep it")
        < shown.index("Competes for")
    )
    alone = prai("recommend", small, *ON, "--out", "-", "--lang", "en", "--territory", "T2").stdout
    assert "1 territory has a first-choice offer: 1 attends the same session at another place." in alone
    assert "Territoire 3 (09)" not in alone
    assert "don't compete" in alone


def test_recommend_tells_programs_what_becomes_of_first_offers(prai: Callable[..., Result], small: Path) -> None:
    assert prai("recommend", small, *ON, "--out", "r.json", "--lang", "en").exit_code == 0
    rows = json.loads(Path("r.json").read_text("utf-8"))
    assert [(row["territory"], row["outcome"], row["competes_for"]) for row in rows] == [
        ("T1", "first", ["trainer"]),
        ("T2", "elsewhere", ["trainer"]),
        ("T3", "first", []),
    ]
    assert rows[0]["together"] == "Keeps its first-choice offer: “Site”, at its own place, on 24 September 2007."


def test_recommend_gives_alternatives_and_explanations(prai: Callable[..., Result], small: Path) -> None:
    chosen = ("--top", "3", "--details", "--territory", "T1", "--territory", "T2")
    assert prai("recommend", small, *ON, "--out", "r.json", *chosen).exit_code == 0
    rows = json.loads(Path("r.json").read_text("utf-8"))
    assert [row["territory"] for row in rows] == ["T1", "T2"]
    for row in rows:
        assert row["session"] not in row["alternatives"]
        assert row["alternatives"]
        assert row["explanation"].startswith(row["name"])
    assert prai("recommend", small, *ON, "--out", "r.csv", *chosen, "--lang", "en").exit_code == 0
    frame = pl.read_csv("r.csv", separator=";")
    assert frame["Other possible sessions"].str.contains("Téléservices|SIG|Buffet").all()
    assert frame["Explanation"].str.contains("✓").all()


def test_recommend_gives_no_alternative_where_no_day_is_open(prai: Callable[..., Result]) -> None:
    made.programme(calendar=made.CLOSED).save("closed")
    assert prai("recommend", "closed", *ON, "--out", "r.json", "--top", "3").exit_code == 0
    rows = json.loads(Path("r.json").read_text("utf-8"))
    assert [(row["session"], row["reason"]) for row in rows] == [(None, "no_open_day")] * 3
    assert [row["alternatives"] for row in rows] == [[]] * 3
    assert [(row["outcome"], row["together"], row["competes_for"]) for row in rows] == [(None, None, [])] * 3


def test_recommend_asks_did_you_mean_of_a_territory(prai: Callable[..., Result], small: Path) -> None:
    shown = prai("recommend", small, *ON, "--out", "r.csv", "--territory", "T22")
    assert shown.exit_code == 2
    assert "territoire inconnu : « T22 » ; vouliez-vous dire T2" in shown.stderr


def test_recommend_takes_a_policy(prai: Callable[..., Result], small: Path) -> None:
    Path("p.toml").write_text("[[rule]]\nid = 3\n", "utf-8")
    shown = prai("recommend", small, *ON, "--out", "r.csv", "--policy", "p.toml")
    assert shown.exit_code == 3
    assert "p.toml" in shown.stderr
    assert prai("recommend", small, *ON, "--out", "r.csv", "--policy", "none.toml").exit_code == 3


def test_a_file_that_cant_be_written_is_told(prai: Callable[..., Result], small: Path) -> None:
    Path("busy.csv").mkdir()
    for out in ("busy.csv", "nowhere/recs.csv"):
        shown = prai("recommend", small, *ON, "--out", out)
        assert shown.exit_code == 3
        assert f"Erreur : {out} : " in shown.stderr
