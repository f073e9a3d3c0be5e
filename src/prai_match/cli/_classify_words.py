"""What ``prai-match classify`` says, and its columns in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from prai_match.cli._resolve_words import FILE, MORE, NAME, OUT, READ, REQUIRED, SHEET, WRITTEN

if TYPE_CHECKING:
    from prai_match.cli._words import Said
    from prai_match.model import Lang

__all__ = [
    "ASKS",
    "COLUMN",
    "FILE",
    "FOLDER",
    "HELP",
    "KEPT",
    "LEXICON",
    "MORE",
    "NAME",
    "ONE_OF",
    "ONLY",
    "OUT",
    "PROGRAMME",
    "READ",
    "REQUIRED",
    "SHEET",
    "SHORT",
    "WRITTEN",
    "in_words",
]

SHORT: Final[Said] = {
    "fr": "Dit quel atelier demande chaque texte d'un fichier.",
    "en": "Say which workshop each text of a file asks for.",
}
HELP: Final[Said] = {
    "fr": """\
Lit les textes d'un FICHIER (CSV, TSV, Excel, OpenDocument, Parquet, JSON) et rend toutes ses lignes, dans leur ordre,
avec l'atelier demandé, l'axe, le score, les mots reconnus et, quand aucun atelier n'est dit, le motif.

Sans --out, le résultat est un CSV sur la sortie standard ; dans un terminal, la liste des demandes reconnues.

Sortie : 0 toutes les lignes sont lues ; 1 des lignes sont illisibles ; 3 le fichier ou le lexique est inutilisable.""",
    "en": """\
Read the texts of a FILE (CSV, TSV, Excel, OpenDocument, Parquet, JSON) and give back all its rows, in their order, with
the workshop asked for, the axis, the score, the words recognised and, where no workshop is said, the reason.

Without --out the result is CSV on the standard output; in a terminal, the list of requests recognised.

Exit code: 0 all rows are read; 1 some rows can't be read; 3 the file or the lexicon can't be used.""",
}
FOLDER: Final[Said] = {"fr": "DOSSIER", "en": "FOLDER"}
COLUMN: Final[Said] = {
    "fr": "Colonne des textes ; plusieurs fois : les textes de plusieurs colonnes sont réunis.",
    "en": "Column of the texts; several times: texts of several columns are combined.",
}
LEXICON: Final[Said] = {
    "fr": "Lexique à employer (TOML) ; sinon celui de la bibliothèque.",
    "en": "Lexicon to use (TOML); else that of the library.",
}
PROGRAMME: Final[Said] = {
    "fr": "Programme dont le lexique est à employer.",
    "en": "Programme whose lexicon is to be used.",
}
ONLY: Final[Said] = {
    "fr": "Ne garder que les lignes où un atelier est reconnu.",
    "en": "Keep only the rows in which a workshop is recognised.",
}
ONE_OF: Final[Said] = {
    "fr": "--lexicon ou --programme, pas les deux",
    "en": "--lexicon or --programme, not both",
}
KEPT: Final[Said] = {
    "fr": "--only : {kept} lignes gardées sur {count}",
    "en": "--only: {kept} rows kept of {count}",
}
ASKS: Final[Said] = {"fr": "ligne {line} : {named} — {text}", "en": "row {line}: {named} — {text}"}

_COLUMNS: Final[dict[Lang, dict[str, str]]] = {
    "fr": {"workshop": "atelier", "axis": "axe", "score": "score", "terms": "mots reconnus", "because": "motif"},
    "en": {"workshop": "workshop", "axis": "axis", "score": "score", "terms": "words recognised", "because": "reason"},
}


def in_words(found: pl.DataFrame, lang: Lang) -> pl.DataFrame:
    """Return the columns that are added to a spreadsheet, with labels in ``lang``."""
    said = found.with_columns(pl.col("score").round(1), pl.col("terms").list.join(", ").replace("", None))
    return said.select(pl.col(name).alias(label) for name, label in _COLUMNS[lang].items())
