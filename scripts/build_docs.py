"""Write the pages of the documentation that come from the code: ``python scripts/build_docs.py``."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import build_performance
from _api import api_pages, navigation
from _french import spaced
from _openapi import openapi
from _schemas import TITLES, schemas
from prai_match._words import catalogue
from prai_match.model import Text
from prai_match.policy import Column, Policy, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prai_match.errors import Lang

DOCS = Path(__file__).parents[1] / "docs"
SITE = DOCS.with_name("zensical.toml")

_HEAD = """# The vocabulary of rules

The columns that rules may name, by the first stage that sees them. Written from
`src/prai_match/policy/data/vocabulary.toml` by `scripts/build_docs.py`.

Columns about needs count those in some states only: `open`, or `to_confirm` where it is said. Needs that are `met`,
`lapsed` or `withdrawn` count in none ([what becomes of needs and offers](../how_to/record_decisions.md)).

A column for *preferences only* belongs to a [limit](../explanation/policy.md#what-every-policy-has), and no `require`
may read it.
"""

_COLUMNS = "| column | type | values | meaning | sens | how it is computed | calcul |"
_STAGES = {
    "session": "The session",
    "place": "The place where it is held",
    "partner": "The relay partner",
    "trainer": "The trainer",
}


def vocabulary() -> str:
    """Return the page of the vocabulary."""
    terms = catalogue("prai_match.policy", "terms").values()
    parts = [_HEAD, "\n## The words of formulas\n", *(f"- {each['en']} *{spaced(each['fr'])}*" for each in terms)]
    for stage, title in _STAGES.items():
        parts += [f"\n## {title}\n", _COLUMNS, "| --- | --- | --- | --- | --- | --- | --- |"]
        parts += [_row(column) for column in Vocabulary.standard().all if column.stage == stage]
    return "\n".join(parts) + "\n"


def _row(column: Column) -> str:
    values = ", ".join(column.values)
    if column.type == "number":
        high = "" if column.high is None else f" to {column.high:g}"
        low = "" if column.low < 0 else f"{column.low:g}{high or ' or more'}"
        values = " ".join(part for part in (low, column.unit) if part)
    known = "may be unknown" if column.nullable else ""
    counted = f"counts needs `{'`, `'.join(column.states)}`" if column.states else ""
    preferred = "preferences only" if column.limit else ""
    told = "; ".join(part for part in (values, known, counted, preferred) if part)
    formula = column.formula or Text(fr="", en="")
    texts = (column.en, spaced(column.fr), formula.en, spaced(formula.fr))
    return f"| `{column.name}` | {column.type} | {told} | {' | '.join(texts)} |"


_INDEX_HEAD = """# JSON Schemas

These schemas describe the JSON that the library writes. `scripts/build_docs.py` writes them from the models.

- `io.write(…, ".json")` and `programme.save(folder, format="json")` write an array of rows. The schema of a table
  describes one row. The other schemas describe what `to_json()` returns.
- Each field is described in English (`description`) and in French (`description_fr`).
- A date is a text in ISO format (`"2007-09-03"`). An amount is a text with two decimals (`"1250.50"`), so that no digit
  is lost. A value that is unknown is null.
- An object that can be used by itself has `"schema": 2`. Rows of a table do not have this field.

The library reads more formats than these: see `prai_match.io`.
"""
_INDEX_HEAD_FR = """
Ces schémas décrivent le JSON que la bibliothèque écrit. Le script `scripts/build_docs.py` les produit à partir des
modèles.

- `io.write(…, ".json")` et `programme.save(folder, format="json")` écrivent un tableau de lignes. Le schéma d’une table
  décrit une ligne. Les autres schémas décrivent ce que renvoie `to_json()`.
- Chaque champ est décrit en anglais (`description`) et en français (`description_fr`).
- Une date est un texte au format ISO (`"2007-09-03"`). Un montant est un texte à deux décimales (`"1250.50"`), afin
  qu’aucun chiffre ne soit perdu. Une valeur inconnue est nulle (`null`).
- Un objet qui peut être utilisé seul comporte `"schema": 2`. Les lignes d’une table n’ont pas ce champ.

La bibliothèque lit d’autres formats : voir `prai_match.io`.

| schema / schéma | what it describes | ce qu’il décrit |
| --- | --- | --- |
"""


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def schema_files() -> dict[str, str]:
    """Return the files of ``docs/reference/schemas`` by name: a schema of each table and result, and their index."""
    files = {f"{name}.json": _json(schema) for name, schema in schemas().items()}
    rows = (f"| [{name}]({name}.json) | {en} | {spaced(fr)} |\n" for name, (en, fr) in TITLES.items())
    return files | {"README.md": _INDEX_HEAD + spaced(_INDEX_HEAD_FR) + "".join(rows)}


_POLICY = {
    "en": """*[En français](../fr/reference/politique_par_defaut.md)*

Written by `scripts/build_docs.py` from what `Policy.default().describe("en")` says.""",
    "fr": """*[In English](../../reference/default_policy.md)*

Page écrite par `scripts/build_docs.py` : ce que dit `Policy.default().describe("fr")`.""",
}


def default_policy(lang: Lang) -> str:
    """Return the page of the default policy for the public."""
    title, rest = Policy.default().describe(lang).markdown().split("\n", 1)
    return f"{title}\n\n{_POLICY[lang]}\n{rest.rstrip()}\n"


_WORDS: dict[Lang, tuple[str, str, str]] = {
    "en": (
        """# The words

*[En français](../fr/glossaire.md)*

What the library's words mean, and how the code writes them. Written from `scripts/glossary.toml` by
`scripts/build_docs.py`.
""",
        "| English | French | in the code | meaning |",
        "value of",
    ),
    "fr": (
        """# Les mots

*[In English](../reference/glossary.md)*

Ce que veulent dire les mots de la bibliothèque, et comment le code les écrit. Page écrite à partir de
`scripts/glossary.toml` par `scripts/build_docs.py`.
""",
        "| français | anglais | dans le code | sens |",
        "valeur de",
    ),
}


def glossary(lang: Lang) -> str:
    """Return the glossary, whose terms come first in ``lang``."""
    head, titles, value_of = _WORDS[lang]
    parts = [head]
    for group in tomllib.loads(Path(__file__).with_name("glossary.toml").read_text("utf-8"))["group"]:
        parts += [f"\n## {group[lang]}\n", titles, "| --- | --- | --- | --- |"]
        for term in group["term"]:
            code = ", ".join(f"`{name}`" for name in term["code"])
            if "of" in term:
                code += f" ({value_of} " + ", ".join(f"`{name}`" for name in term["of"].split(", ")) + ")"
            first, second = (term["fr"], term["en"]) if lang == "fr" else (term["en"], term["fr"])
            parts.append(f"| {first} | {second} | {code} | {term[f'def_{lang}']} |")
    return "\n".join(parts) + "\n"


_BILINGUAL = (
    "explanation/midi_pyrenees.md",
    "explanation/occitanie_2026.md",
    "explanation/replay.md",
    "how_to/planning.md",
    "how_to/simulation.md",
)


def french_pages() -> dict[str, str]:
    """Return the pages written elsewhere that are in French, alone or with English, with French spaces."""
    paths = [path.relative_to(DOCS).as_posix() for path in sorted((DOCS / "fr").rglob("*.md"))]
    return {path: spaced((DOCS / path).read_text("utf-8")) for path in (*paths, *_BILINGUAL)}


def pages() -> dict[str, str]:
    """Return every page that is written from the code, and those in French with their spaces, by path in ``docs``."""
    return french_pages() | {
        "reference/vocabulary.md": vocabulary(),
        "reference/default_policy.md": default_policy("en"),
        "fr/reference/politique_par_defaut.md": spaced(default_policy("fr")),
        "reference/glossary.md": glossary("en"),
        "fr/glossaire.md": spaced(glossary("fr")),
        "reference/openapi.json": _json(openapi()),
        **build_performance.pages(),
        **{f"reference/schemas/{name}": text for name, text in schema_files().items()},
        **{f"reference/api/{name}": text for name, text in api_pages().items()},
    }


_NAV = re.compile(r"(?<=# The Python reference, by scripts/build_docs.py\n).*?(?=    # It ends here\n)", re.DOTALL)


def configuration(text: str) -> str:
    """Return the site's configuration with today's navigation of the Python reference."""
    return _NAV.sub(lambda _: "".join(_lines(navigation(), "    ")), text)


def _lines(entries: list[Any], indent: str) -> Iterator[str]:
    """Write entries of a navigation in TOML, one a line."""
    for entry in entries:
        ((title, inner),) = entry.items() if isinstance(entry, dict) else ((None, entry),)
        begin = f"{indent}{{ {json.dumps(title)} = " if title else indent
        end = " },\n" if title else ",\n"
        if isinstance(inner, list):
            yield f"{begin}[\n"
            yield from _lines(inner, indent + "  ")
            yield f"{indent}]{end}"
        else:
            yield f"{begin}{json.dumps(inner)}{end}"


if __name__ == "__main__":
    for path, text in pages().items():
        (DOCS / path).parent.mkdir(parents=True, exist_ok=True)
        (DOCS / path).write_text(text, "utf-8")
    SITE.write_text(configuration(SITE.read_text("utf-8")), "utf-8")
