"""Write the pages of the documentation that come from the code: ``python scripts/build_docs.py``."""

from __future__ import annotations

import importlib
import json
import pkgutil
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import build_performance
import prai_match
from _french import spaced
from _openapi import openapi
from _schemas import TITLES, schemas
from prai_match._words import catalogue
from prai_match.model import Text
from prai_match.policy import Column, Policy, Vocabulary

if TYPE_CHECKING:
    from types import ModuleType

    from prai_match.errors import Lang

DOCS = Path(__file__).parents[1] / "docs"

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

What `io.write(…, ".json")` and `programme.save(folder, format="json")` write: a file is an array of rows, and each
schema describes one row; and what `to_json()` gives. Written from the models by `scripts/build_docs.py`. Every field is
described in English (`description`) and in French (`description_fr`). Dates are ISO texts (`"2007-09-03"`), amounts
texts with two decimals (`"1250.50"`), so that no digit is lost; what is unknown is null. What stands by itself has
`"schema": 2`, rows of a table have none. Reading takes more than this: see `prai_match.io`.
"""
_INDEX_HEAD_FR = """
Ce qu’écrivent `io.write(…, ".json")` et `programme.save(folder, format="json")` : un fichier est un tableau de lignes,
chaque schéma décrit une ligne ; et ce que donne `to_json()`. Chaque champ est décrit en anglais (`description`) et en
français (`description_fr`). Les dates sont des textes ISO (`"2007-09-03"`), les montants des textes à deux décimales
(`"1250.50"`), pour ne perdre aucun chiffre ; ce qui est inconnu est nul. Ce qui se suffit à soi-même a `"schema": 2`,
les lignes d’une table n’en ont pas. La lecture accepte davantage : voir `prai_match.io`.

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


_ALSO = """
## Also here

These names can be imported from `prai_match` too.

| name | described in |
| --- | --- |
"""


def api_pages() -> dict[str, str]:
    """Return the pages of ``docs/reference/api`` by name: one for each public module."""
    inner = sorted(
        module.name
        for module in pkgutil.walk_packages(prai_match.__path__, "prai_match.")
        if not any(part.startswith("_") for part in module.name.split("."))
    )
    homes = {name: importlib.import_module(name) for name in inner}
    pages = {f"{name}.md": _api_page(name, list(module.__all__)) for name, module in homes.items() if module.__all__}
    return pages | {"prai_match.md": _front_page(homes)}


def _front_page(homes: dict[str, ModuleType]) -> str:
    """Show what only the package has, and say where the rest is."""
    own, rest = [], []
    for name in prai_match.__all__:
        value = getattr(prai_match, name)
        among = (place for place, module in homes.items() if name in module.__all__ and vars(module)[name] is value)
        home = next(among, None)
        if f"prai_match.{name}" in homes:
            rest.append(f"| [`{name}`](prai_match.{name}.md) | `prai_match.{name}` |\n")
        elif home:
            rest.append(f"| [`{name}`]({home}.md#{home}.{name}) | `{home}` |\n")
        else:
            own.append(name)
    return _api_page("prai_match", own) + _ALSO + "".join(rest)


def _api_page(name: str, shown: list[str]) -> str:
    members = (f'        - "{public}"\n' for public in shown)
    return f"# {name}\n\n::: {name}\n    options:\n      members:\n" + "".join(members)


_POLICY = {
    "en": """*[En français](../fr/reference/politique_par_defaut.md)*

Written by `scripts/build_docs.py` from what `Policy.default().describe("en")` says.""",
    "fr": """*[In English](../../reference/default_policy.md)*

Page écrite par `scripts/build_docs.py` : ce que dit `Policy.default().describe("fr")`.""",
}


def default_policy(lang: Lang) -> str:
    """Return the page of the default policy, as the public reads it."""
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
    """Return the pages written elsewhere that are in French, alone or beside English, with French spaces."""
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


if __name__ == "__main__":
    for path, text in pages().items():
        (DOCS / path).parent.mkdir(parents=True, exist_ok=True)
        (DOCS / path).write_text(text, "utf-8")
