"""What ``prai-match resolve`` says, and its columns in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from prai_match.cli._words import Said
    from prai_match.model import Lang

SHORT: Final[Said] = {
    "fr": "Met les codes officiels à côté des noms d'un fichier.",
    "en": "Put official codes beside the names of a file.",
}
HELP: Final[Said] = {
    "fr": """\
Lit les noms de collectivités d'un FICHIER (CSV, TSV, Excel, OpenDocument, Parquet, JSON) et rend toutes ses lignes,
dans leur ordre, avec le code officiel, le nom, la nature, le statut, le score, le motif et, quand rien n'est choisi,
les candidats. Un doute n'est jamais tranché.

Sans --out, le résultat est un CSV sur la sortie standard ; dans un terminal, la liste des lignes à trancher.

Sortie : 0 tout est reconnu ; 1 des lignes demandent une personne (à choisir, inconnu) ; 3 le fichier est illisible.""",
    "en": """\
Read the names of collectivities in a FILE (CSV, TSV, Excel, OpenDocument, Parquet, JSON) and give back all its rows, in
their order, with the official code, name, kind, status, score, reason and, where none is chosen, the candidates. A
doubt is never decided.

Without --out the result is CSV on the standard output; in a terminal, the list of rows to decide.

Exit code: 0 all are recognised; 1 some rows need a person (ambiguous, unknown); 3 the file can't be read.""",
}
FILE: Final[Said] = {"fr": "FICHIER", "en": "FILE"}
NAME: Final[Said] = {"fr": "NOM", "en": "NAME"}
KIND: Final[Said] = {"fr": "TYPE", "en": "KIND"}
REQUIRED: Final[Said] = {"fr": "--column NOM [OPTIONS]", "en": "--column NAME [OPTIONS]"}
COLUMN_OR_VALUE: Final[Said] = {"fr": "COLONNE|VALEUR", "en": "COLUMN|VALUE"}
COLUMN: Final[Said] = {
    "fr": "Colonne des noms ; plusieurs fois : les noms lus dans plusieurs colonnes sont réunis.",
    "en": "Column of the names; several times: names read from several columns are combined.",
}
DEPARTMENT: Final[Said] = {
    "fr": "Colonne du département, ou département de toutes les lignes (09, Ariège). Sans elle, la colonne dont le nom "
    'le dit ; "" : aucune.',
    "en": "Column of the département, or the département of all rows (09, Ariège). Without it, the column whose name "
    'says so; "": none.',
}
OF_KIND: Final[Said] = {
    "fr": "Ne chercher que ce type : commune, epci, departement, region, former_commune, arrondissement_municipal.",
    "en": "Look for this kind only: commune, epci, departement, region, former_commune, arrondissement_municipal.",
}
OUT: Final[Said] = {
    "fr": "Fichier à écrire : .csv, .tsv, .xlsx, .ods, .parquet, .json ; - : CSV sur la sortie standard.",
    "en": "File to write: .csv, .tsv, .xlsx, .ods, .parquet, .json; -: CSV on the standard output.",
}
SHEET: Final[Said] = {"fr": "Feuille du classeur.", "en": "Sheet of the workbook."}

READ: Final[Said] = {"fr": "{file} : {count} lignes lues", "en": "{file}: {count} rows read"}
WRITTEN: Final[Said] = {"fr": "Écrit : {path}", "en": "Written: {path}"}
FOUND: Final[Said] = {
    "fr": "Département lu dans la colonne « {label} » (--department pour en changer)",
    "en": "Département read in the column '{label}' (--department to change it)",
}
NO_DEPARTMENT: Final[Said] = {
    "fr": "--department : « {asked} » n'est ni une colonne ni un département\nColonnes du fichier : {labels}",
    "en": "--department: '{asked}' is neither a column nor a département\nColumns of the file: {labels}",
}
LEFT: Final[Said] = {"fr": "ligne {line} : {text} — {because}", "en": "row {line}: {text} — {because}"}
MORE: Final[Said] = {
    "fr": "… et {count} autres lignes : --out les écrit toutes",
    "en": "… and {count} more rows: --out writes them all",
}

COUNTED: Final[dict[Lang, dict[str, str]]] = {
    "fr": {
        "exact": "nom officiel",
        "alias": "autre forme du nom",
        "fuzzy": "fautes de frappe",
        "not_a_collectivity_here": "reconnus, hors répertoire (syndicats, établissements, associations)",
        "ambiguous": "à choisir entre plusieurs",
        "unknown": "inconnus",
    },
    "en": {
        "exact": "official name (exact)",
        "alias": "other form of the name (alias)",
        "fuzzy": "typing errors (fuzzy)",
        "not_a_collectivity_here": "recognised, not in the register (not_a_collectivity_here)",
        "ambiguous": "several are possible (ambiguous)",
        "unknown": "unknown",
    },
}
_COLUMNS: Final[dict[Lang, dict[str, str]]] = {
    "fr": {
        "code": "code officiel",
        "name": "nom officiel",
        "kind": "nature",
        "status": "statut",
        "score": "score",
        "because": "motif",
        "note": "précision",
        "candidates": "candidats",
    },
    "en": {
        "code": "official code",
        "name": "official name",
        "kind": "kind",
        "status": "status",
        "score": "score",
        "because": "reason",
        "note": "note",
        "candidates": "candidates",
    },
}
_VALUES: Final[dict[Lang, dict[str, str]]] = {
    "fr": {
        "exact": "exact",
        "alias": "autre forme",
        "fuzzy": "faute de frappe",
        "not_a_collectivity_here": "hors répertoire",
        "ambiguous": "à choisir",
        "unknown": "inconnu",
        "epci": "EPCI",
        "departement": "département",
        "region": "région",
        "former_commune": "ancienne commune",
        "arrondissement_municipal": "arrondissement municipal",
    },
    "en": {},
}


def candidates(found: pl.DataFrame) -> pl.Series:
    """Return the candidates of each answer as one text; null where there is none."""
    rows = found.select("candidates", "candidate_names").with_row_index("row")
    some = rows.filter(pl.col("candidates").list.len() > 0).explode("candidates", "candidate_names")
    said = some.group_by("row").agg(
        pl.concat_str("candidates", "candidate_names", separator=" ").str.join(" | ").alias("said")
    )
    return rows.select("row").join(said, on="row", how="left", maintain_order="left")["said"]


def in_words(found: pl.DataFrame, lang: Lang) -> pl.DataFrame:
    """Return the columns that are added to a spreadsheet, with labels and values in ``lang``."""
    said = found.with_columns(
        pl.col("status", "kind").replace(_VALUES[lang]), pl.col("score").round(1), candidates=candidates(found)
    )
    return said.select(pl.col(name).alias(label) for name, label in _COLUMNS[lang].items())
