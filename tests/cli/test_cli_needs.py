"""``prai-match needs``: what the needs ask for, those to check, and what an officer states of them, written whole."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from prai_match import Programme, io
from prai_match.text import language

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from goldens import Golden

NEEDS = """\
Collectivité;Date;Canal;Texte;Atelier;Remarque
Figeac;19/11/2026;buffet;Refaire le site internet de la mairie;;vu
Bagnac-sur-Célé;19/11/2026;buffet;Il nous faut un relevé des puits;;à rappeler
Cajarc;02/12/2026;courriel;;site_internet;
Cahors;14/12/2026;courriel;La salle des fêtes prend l’eau;;
"""


@pytest.fixture
def essai() -> Path:
    """A programme of French tables, two of whose needs are to be checked."""
    with language("fr"):
        folder = io.template("lot")
    (folder / "besoins.csv").write_text(NEEDS, "utf-8")
    return folder


def filled(path: str, labels: dict[str, tuple[str, ...]]) -> Path:
    """Fill in a file that ``--review`` wrote: workshops (and the axis) by what a text begins with."""
    rows = pl.read_csv(path, separator=";", infer_schema=False).to_dicts()
    for row in rows:
        workshops = next((own for start, own in labels.items() if row["texte"].startswith(start)), ())
        row |= dict(zip(("atelier", "axe"), workshops, strict=False))
    target = Path("rempli.csv")
    pl.DataFrame(rows).write_csv(target, separator=";")
    return target


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_shows_what_every_text_names(prai: Callable[..., Result], golden: Golden, essai: Path) -> None:
    for lang in ("fr", "en"):
        shown = prai("needs", essai, "--lang", lang)
        assert shown.exit_code == 0
        golden(f"needs_{lang}.txt", shown.stderr)
        golden(f"needs_{lang}_csv.txt", shown.stdout)
    assert prai("needs", essai, "--out", "n.json").exit_code == 0
    assert pl.read_json("n.json").columns[6:10] == ["read_workshop", "read_axis", "polarity", "rank"]


def test_it_shows_the_queue(prai: Callable[..., Result], golden: Golden, essai: Path) -> None:
    for lang in ("fr", "en"):
        shown = prai("needs", essai, "--review", "--lang", lang)
        assert shown.exit_code == 0
        golden(f"needs_review_{lang}.txt", shown.stderr)
        golden(f"needs_review_{lang}_csv.txt", shown.stdout)


@pytest.mark.parametrize("options", [(), ("--review",)])
def test_a_person_sees_a_list(
    prai: Callable[..., Result], essai: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    more = "Cahors;15/12/2026;courriel;Nous ne voulons pas de site internet pour les fêtes;;\n"
    (essai / "besoins.csv").write_text(NEEDS + more, "utf-8")
    monkeypatch.setattr("prai_match.cli._output.read_by_a_person", lambda: True)
    lines = prai("needs", essai, *options).stdout.splitlines()
    if options:
        assert lines[0] == "fêtes (2)"
        assert lines[1] == "3 : — — La salle des fêtes prend l’eau"
    else:
        assert lines[0] == "0 : site_internet / refonte — Refaire le site internet de la mairie"
        assert (
            lines[-1] == "4 : site_internet / creation (refusé) — Nous ne voulons pas de site internet pour les fêtes"
        )


def test_a_label_is_stated_in_the_need_and_becomes_an_example(prai: Callable[..., Result], essai: Path) -> None:
    before = contents(essai)
    assert prai("needs", essai, "--review", "--out", "q.csv").exit_code == 0
    file = filled("q.csv", {"Il nous": ("Site internet", "Création"), "La salle": ("aucun",)})
    shown = prai("needs", essai, "--labels", file)
    assert shown.exit_code == 0, shown.stderr
    assert shown.stderr.splitlines()[-1] == "Besoins indiqués : 2 ; exemples pour le lexique : 2"
    after = contents(essai)
    assert {name for name in after if after[name] != before.get(name)} == {
        "besoins.csv",
        "lexicon.toml",
        "programme.toml",
    }
    lines = after["besoins.csv"].decode("utf-8-sig").splitlines()
    assert lines[0] == "Collectivité;Date;Canal;Texte;Atelier;Remarque;Axe;Score"
    assert lines[2].endswith(";Il nous faut un relevé des puits;site_internet;à rappeler;creation;")
    assert lines[4].endswith(";La salle des fêtes prend l’eau;;;;0")
    assert lines[1].endswith("Refaire le site internet de la mairie;;vu;;")
    assert after["programme.toml"].decode() == f'lexicon = "lexicon.toml"\n{before["programme.toml"].decode()}'
    programme = Programme.load(essai, strict=True)
    assert programme.lexicon.data.reprend == ("tout",)
    assert dict(programme.lexicon.data.exemples) == {
        "site_internet": ("Il nous faut un relevé des puits",),
        "aucun": ("La salle des fêtes prend l’eau",),
    }
    assert programme.review().height == 0
    read = programme.needs_on(dt.date(2026, 12, 31))
    assert read["workshop", "axis"].rows()[1:] == [("site_internet", "creation"), ("site_internet", None), (None, None)]


def test_a_text_with_two_workshops_becomes_two_needs(prai: Callable[..., Result], essai: Path) -> None:
    text = "Il nous faut un relevé des puits"
    Path("l.csv").write_text(f"text;workshop\n{text};site_internet\n{text};dematerialisation\n", "utf-8")
    assert prai("needs", essai, "--labels", "l.csv").exit_code == 0
    needs = Programme.load(essai, strict=True).needs
    assert [need.workshop for need in needs if need.text == text] == ["site_internet", "dematerialisation"]
    assert len(needs) == 5


def test_an_own_lexicon_keeps_its_words_and_comments(prai: Callable[..., Result], essai: Path) -> None:
    own = "# À nous.\n[[terme]]\natelier = 'site_internet'\nniveau = 'fort'\nmots = ['site'] # oui\n"
    (essai / "lexique.toml").write_text(own, "utf-8")
    settings = essai / "programme.toml"
    settings.write_text(f"lexicon = 'lexique.toml'\n{settings.read_text('utf-8')}", "utf-8")
    for text in ("Il nous", "La salle"):
        assert prai("needs", essai, "--review", "--out", "q.csv").exit_code == 0
        assert prai("needs", essai, "--labels", filled("q.csv", {text: ("none",)})).exit_code == 0
    kept = (essai / "lexique.toml").read_text("utf-8")
    assert kept.startswith(own)
    assert kept.count("[exemples]") == 1
    assert len(Programme.load(essai).lexicon.data.exemples["aucun"]) == 2


@pytest.mark.parametrize("format", ["json", "parquet", "xlsx"])
def test_needs_of_any_format_keep_their_columns(
    prai: Callable[..., Result],
    small: Path,
    format: str,
) -> None:
    rows = pl.DataFrame({"collectivity": ["09001"], "date": ["2007-05-02"], "text": ["le toit"], "id": [7]})
    (small / "needs.csv").unlink()
    io.write(rows, small / f"needs.{format}")
    Path("l.csv").write_text("row;workshop\n0;aucun\n", "utf-8")
    assert prai("needs", small, "--labels", "l.csv").exit_code == 0
    programme = Programme.load(small, strict=True)
    assert [(need.text, need.workshop, need.score) for need in programme.needs] == [("le toit", None, 0.0)]
    assert programme.load_report
    assert [label for _, label in programme.load_report.unused()] == ["id"]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ("text;workshop\nLa salle;sig\n", "« sig » n’est pas un nom connu"),
        ("text;workshop\nAutre chose;site_internet\n", "ligne 2 : aucun besoin"),
        ("row;text;workshop\n0;La salle des fêtes prend l’eau;site_internet\n", "ligne 2 : aucun besoin"),
        ("row;workshop;axis\n1;site_internet;actes\n", "« actes » n’est pas un nom connu"),
        ("workshop\nsite_internet\n", "n’a pas de colonne"),
        ("row;text\n1;La salle des fêtes prend l’eau\n", "n’a pas de colonne"),
    ],
)
def test_a_label_that_fits_nothing_is_refused_and_nothing_written(
    prai: Callable[..., Result], essai: Path, labels: str, message: str
) -> None:
    before = contents(essai)
    Path("l.csv").write_text(labels, "utf-8")
    shown = prai("needs", essai, "--labels", "l.csv")
    assert shown.exit_code == 2
    assert message in shown.stderr
    assert contents(essai) == before


def test_nothing_is_written_where_something_would_be_lost(prai: Callable[..., Result], essai: Path) -> None:
    Path("l.csv").write_text("row;workshop\n1;aucun\n", "utf-8")
    cases: list[tuple[str, str]] = [
        (f"Besoins du Lot\n\n{NEEDS}", "plus que la table des besoins"),
        (f"{NEEDS}Cahors;hier;courriel;un site;;\n", "hier"),
    ]
    for needs, message in cases:
        (essai / "besoins.csv").write_text(needs, "utf-8")
        before = contents(essai)
        shown = prai("needs", essai, "--labels", "l.csv")
        assert shown.exit_code == 3
        assert message in shown.stderr
        assert contents(essai) == before


def test_an_empty_file_of_labels_changes_nothing(prai: Callable[..., Result], essai: Path) -> None:
    before = contents(essai)
    assert prai("needs", essai, "--review", "--out", "q.csv").exit_code == 0
    shown = prai("needs", essai, "--labels", "q.csv")
    assert (shown.exit_code, contents(essai)) == (0, before)
    assert "rien n’est écrit" in shown.stderr
    for other in (("--review",), ("--out", "x.csv")):
        assert prai("needs", essai, "--labels", "q.csv", *other).exit_code == 2


def test_rejected_rows_are_told(prai: Callable[..., Result], faulty: Path) -> None:
    assert prai("needs", faulty).exit_code == 1
