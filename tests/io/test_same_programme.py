"""One programme, written as eight offices would: whatever the files, it loads to the same."""

from __future__ import annotations

import csv
import datetime as dt
import io as memory
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import odfdo
import polars as pl
import pytest
import xlsxwriter

from folder_by_hand import FILES
from prai_match import io
from prai_match.io import _write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from prai_match.model import ProgrammeData

Tables = dict[str, pl.DataFrame]

NAMES = {
    "collectivities": "Liste des communes",
    "territories": "Territoires",
    "partners": "Partenaires relais",
    "trainers": "Intervenants",
    "expertise": "Compétences",
    "trainer_days": "Disponibilités",
    "needs": "Besoins exprimés",
    "sessions": "Sessions tenues",
    "attendances": "Participations",
    "decisions": "Suivi des offres",
    "registrations": "Inscriptions",
}
FRENCH: dict[str, dict[str, str]] = {
    "collectivities": {"code": "Code INSEE", "name": "Nom de la commune", "kind": "Nature", "departement": "Dépt"},
    "territories": {
        "id": "Identifiant",
        "name": "Nom du territoire",
        "departement": "N° département",
        "members": "Communes membres",
        "population": "Nb habitants",
        "latitude": "Lat",
        "longitude": "Long",
    },
    "partners": {
        "id": "Sigle",
        "name": "Organisme",
        "kind": "Type",
        "departements": "Départements couverts",
        "carries": "Sessions portées",
        "sessions_a_year": "Maximum par an",
        "hosted": "Antécédents",
        "brings": "Publics",
    },
    "trainers": {
        "id": "Identifiant",
        "organisation": "Organisme",
        "role": "Fonction",
        "home": "Commune de rattachement",
        "reach_km": "Rayon d’intervention (km)",
        "sessions_a_month": "Sessions par mois",
        "fee": "Tarif",
        "rating": "Note",
    },
    "expertise": {"trainer": "Intervenant", "session": "Atelier ou buffet", "axes": "Axes"},
    "trainer_days": {"trainer": "Formateur", "start": "Du", "end": "Au", "free": "Disponible"},
    "needs": {
        "collectivity": "Collectivité",
        "date": "Date de la demande",
        "channel": "Canal",
        "text": "Besoin exprimé",
        "workshop": "Thème",
        "axis": "Axe",
        "people": "Nb personnes",
    },
    "sessions": {
        "id": "N°",
        "session": "Intitulé",
        "date": "Date du buffet",
        "booked_on": "Réservée le",
        "host": "Territoire d’accueil",
        "partner": "Partenaire",
        "trainer": "Intervenant",
        "cost": "Coût total",
    },
    "attendances": {
        "collectivity": "Mairie",
        "session": "Intitulé",
        "date": "Date du buffet",
        "elected": "Nb élus",
        "technicians": "Nb techniciens",
        "rating": "Satisfaction",
        "held": "N° de session",
    },
    "decisions": {
        "date": "Date de la décision",
        "event": "Suite donnée",
        "who": "Décidé par",
        "territory": "Territoire",
        "session": "Session proposée",
        "why": "Explication",
    },
    "registrations": {"session": "N° de session", "collectivity": "Mairie", "people": "Nombre d'inscrits"},
}
HASTY = {
    "needs": {
        "collectivity": "COLLECTIVITES",
        "date": "date de la demmande",
        "text": "besoin  exprimé :",
        "people": "nb_personnes",
    },
    "sessions": {"date": "jour", "cost": "Montant"},
    "attendances": {"elected": "Nombre d’élus", "technicians": "agents"},
}
WORDS = {
    "31555": "Mairie de Toulouse",
    "31149": "COLOMIERS",
    "46042": "Cahors",
    "decouverte": "Découverte",
    "site": "Site",
    "T1": "Toulouse et Colomiers",
    "adm31": "ADM 31",
    "mail": "Courriel",
    "other": "Autre",
    "conseil_general": "Conseil général",
    "adm": "Association des maires",
}
CITING = {"collectivity", "session", "host", "partner", "workshop", "channel", "kind", "home"}
MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


def slashes(value: object) -> str:  # noqa: PLR0911 - a line for each type
    """Cells as a French spreadsheet shows them."""
    match value:
        case None:
            return ""
        case bool():
            return "x" if value else "non"
        case dt.date():
            return f"{value.day:02}/{value.month:02}/{value.year}"
        case Decimal():
            return f"{value:,.2f} €".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
        case float():
            return str(value).replace(".", ",")
        case list():
            return ", ".join(
                f"{item['departement']} : {item['sessions']}" if isinstance(item, dict) else item for item in value
            )
        case _:
            return str(value)


def words(value: object) -> str:
    """Cells as somebody types them."""
    match value:
        case bool():
            return "OUI" if value else "NON"
        case dt.date():
            return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
        case Decimal():
            return f"{value:f} euros"
        case list():
            return " ".join(
                f"{item['departement']}={item['sessions']}" if isinstance(item, dict) else item for item in value
            )
        case _:
            return slashes(value)


def short(value: object) -> str:
    """Cells as an old program exports them, with years of two digits."""
    return f"{value.day}-{value.month}-{value:%y}" if isinstance(value, dt.date) else words(value)


def texts(frame: pl.DataFrame, style: Callable[[object], str], *, named: bool) -> pl.DataFrame:
    """A table whose cells are all texts; with names in place of codes if so asked."""
    rows = [
        [
            style(
                [WORDS.get(item, item) for item in value]
                if named and name == "members"
                else WORDS.get(value, value)
                if named and name in CITING
                else value
            )
            for name, value in row.items()
        ]
        for row in frame.iter_rows(named=True)
    ]
    return pl.DataFrame(rows, dict.fromkeys(frame.columns, pl.String), orient="row")


def labelled(tables: Tables, *labels: dict[str, dict[str, str]]) -> Tables:
    return {
        NAMES[name]: frame.rename(
            {column: label for one in labels for column, label in one.get(name, {}).items()}, strict=False
        )
        for name, frame in tables.items()
    }


def separated(frame: pl.DataFrame, separator: str, *above: str) -> str:
    """A file of separated cells, the texts that a spreadsheet would compute behind an apostrophe."""
    file = memory.StringIO()
    writer = csv.writer(file, delimiter=separator, lineterminator="\r\n")
    writer.writerow(frame.columns)
    writer.writerows(["'" + cell if cell.startswith("=") else cell for cell in row] for row in frame.iter_rows())
    return "".join(f"{line}\r\n" for line in above) + file.getvalue()


def utf8(_: Tables, folder: Path) -> None:
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8", newline="")


def cp1252(tables: Tables, folder: Path) -> None:
    styled = {name: texts(frame, slashes, named=True) for name, frame in tables.items()}
    styled["collectivities"] = styled["collectivities"].drop("code")
    for name, frame in labelled(styled, FRENCH).items():
        (folder / f"{name}.csv").write_bytes(separated(frame, ";", f"{name} - saison 2006-2007", "").encode("cp1252"))


def utf16(tables: Tables, folder: Path) -> None:
    styled = {name: texts(frame, words, named=False) for name, frame in tables.items()}
    for name, frame in labelled(styled, FRENCH, HASTY).items():
        (folder / f"{name}.tsv").write_bytes(separated(frame, "\t").encode("utf-16"))


def commas(tables: Tables, folder: Path) -> None:
    for name, frame in tables.items():
        (folder / f"{name}.txt").write_bytes(separated(texts(frame, short, named=False), ",").encode("utf-8-sig"))


def sheet(frame: pl.DataFrame, name: str) -> list[list[Any]]:
    """A table as a sheet: titles, blank rows, typed cells, a total."""
    cells = [
        [" ".join(map(str, value)) if isinstance(value, list) else value for value in row] for row in frame.iter_rows()
    ]
    return [
        [name],
        ["à jour au 1er septembre"],
        [],
        list(frame.columns),
        *cells[:1],
        [],
        *cells[1:],
        ["Total", len(cells)],
    ]


def flat(tables: Tables) -> Tables:
    """Tables whose sessions by département are texts, as a sheet has them."""
    return tables | {
        "partners": tables["partners"].with_columns(texts(tables["partners"], words, named=False)["hosted"])
    }


def xlsx(tables: Tables, folder: Path) -> None:
    with xlsxwriter.Workbook(
        folder / "saison 2006-2007.xlsx", {"default_date_format": "dd/mm/yy", "strings_to_formulas": False}
    ) as book:
        for name, frame in labelled(flat(tables), FRENCH).items():
            page = book.add_worksheet(name)
            for number, row in enumerate(sheet(frame, name)):
                page.write_row(number, 0, row)


def ods(tables: Tables, folder: Path) -> None:
    document = odfdo.Document("ods")
    document.body.clear()
    for name, frame in labelled(flat(tables), HASTY).items():
        page = odfdo.Table(name)
        for row in sheet(frame, name):
            page.append_row(odfdo.Row())
            for place, value in enumerate(row):
                if value is not None:
                    page.set_value((place, page.height - 1), value)
        document.body.append(page)
    document.save(folder / "Saison.ods")


def parquet(tables: Tables, folder: Path) -> None:
    for name, frame in labelled(tables, FRENCH).items():
        io.write(frame, folder / f"{name}.parquet")


def json(tables: Tables, folder: Path) -> None:
    for name, frame in labelled(tables, HASTY).items():
        io.write(frame, folder / f"{name}.2007.json")


def by_hand(folder: Path) -> ProgrammeData:
    utf8({}, folder)
    return io.load(folder, strict=True).programme


@pytest.mark.parametrize("office", [utf8, cp1252, utf16, commas, xlsx, ods, parquet, json])
def test_the_same_programme_is_loaded_from_every_kind_of_file(
    office: Callable[[Tables, Path], None], folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    expected = by_hand(folder)
    other = tmp_path_factory.mktemp("office")
    office(_write.frames(expected), other)
    (other / "programme.toml").write_text(FILES["programme.toml"], "utf-8")
    loaded = io.load(other, strict=True)
    assert loaded.programme == expected
    assert loaded.report.read == loaded.report.accepted >= 18
    assert not loaded.report.passed_over
