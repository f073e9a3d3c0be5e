"""A programme's folder as a person writes it, without byte-order marks."""

from __future__ import annotations

import csv
import io
import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "programme.toml": """\
travel_km = 45.5
euros_per_km = 0.41
lexicon = { terme = [{ atelier = "site", niveau = "fort", mots = ["site"] }] }
[name]
fr = "Programme d'essai"
en = "Test programme"

[period]
start = 2006-09-01
end = 2008-06-30

# The catalogue:
# one buffet, one workshop.

[[catalogue.themes]]
id = "web"
name = { fr = "Le web", en = "The web" }

[[catalogue.buffets]]
id = "decouverte"
name = { fr = "Découverte", en = "Discovery" }
core = { fr = "Tronc", en = "Core" }
themes = ["web"]
cost = 650.10

[[catalogue.workshops]]
id = "site"
name = { fr = "Site", en = "Web site" }
core = { fr = "Tronc", en = "Core" }
theme = "web"
axes = [
  { id = "commune", name = { fr = "Commune", en = "Commune" } },
  { id = "epci", name = { fr = "EPCI", en = "EPCI" } },
]

[[catalogue.follow_ups]]
source = "decouverte"
target = "site"
prior = 0.35

[[calendar.blackouts]]
start = 2008-02-01
end = 2008-05-31
reason = { fr = "Élections", en = "Elections" }

[budget]
total = 300000
""",
    "collectivities.csv": """\
code;name;kind;departement;population
31555;Toulouse;commune;31;437715
31149;Colomiers;commune;31;
243100518;Toulouse Métropole;epci;31;720000
""",
    "territories.csv": """\
id;name;departement;members;population;latitude;longitude
T1;Toulouse et Colomiers;31;31555 31149;470000;43,6;1,44
T2;"La métropole; avec
un retour";31;243100518;720000;43.6;-1.44
""",
    "partners.csv": """\
id;name;kind;departements;carries;sessions_a_year;hosted;brings
adm31;ADM 31;adm;31 09;site;6;09:3 31:2;elected technicians
cg31;CG 31;conseil_general;31;;;;
""",
    "trainers.csv": """\
id;organisation;role;home;latitude;longitude;reach_km;sessions_a_month;fee;rating
f1;Agence;Consultant;31555;43,61;1,45;80;3;450,50;3,6
f2;Syndicat;Technicien;46042;;;60;;;
""",
    "expertise.csv": """\
trainer;session;axes
f1;site;commune epci
f2;decouverte;
f1;decouverte;
""",
    "trainer_days.csv": """\
trainer;start;end;free
f1;2007-01-01;2007-03-31;yes
f1;2007-02-12;2007-02-14;no
""",
    "needs.csv": """\
collectivity;date;channel;text;workshop;axis;people
31555;2007-01-10;mail;"Un site ""clair""

pour les habitants";;;4
31149;2007-02-11;;'=1+1;site;commune;
""",
    "sessions.csv": """\
id;session;date;booked_on;host;axis;partner;trainer;cost
s1;decouverte;2006-11-20;2006-10-01;T1;;adm31;f2;700,25
""",
    "attendances.csv": """\
collectivity;session;date;elected;technicians;rating;held
31555;decouverte;2006-11-20;3;1;3,5;s1
""",
}


def settings() -> dict[str, Any]:
    """What its ``programme.toml`` says."""
    return tomllib.loads(FILES["programme.toml"], parse_float=Decimal)


def records(name: str) -> list[dict[str, Any]]:
    """The rows of one of its tables, as texts."""
    return list(csv.DictReader(io.StringIO(FILES[f"{name}.csv"]), delimiter=";"))


def tables(**others: Any) -> dict[str, Any]:
    """The rows of its tables, some of them replaced."""
    return {
        name.removesuffix(".csv"): records(name.removesuffix(".csv")) for name in FILES if name.endswith("csv")
    } | others


def change(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    """Replace texts of one of its files; each must be there."""
    text = (folder / name).read_bytes().decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    (folder / name).write_bytes(text.encode())


def append(folder: Path, name: str, text: str) -> None:
    """Add rows to one of its files."""
    with (folder / name).open("a", encoding="utf-8", newline="") as file:
        file.write(text)


def name_lexicon(folder: Path, name: str) -> None:
    """Put the lexicon of the folder in a file of its own."""
    settings = folder / "programme.toml"
    lines = settings.read_text("utf-8").splitlines(keepends=True)
    lines[2] = f'lexicon = "{name}"\n'
    settings.write_text("".join(lines), "utf-8")
    (folder / name).write_text('[[terme]]\natelier = "site"\nniveau = "fort"\nmots = ["site"]\n', "utf-8")
