"""The page of the command line says what the program does."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from goldens import known
from prai_match.cli._app import application
from prai_match.text import language

DOCS = Path(__file__).parents[2] / "docs"
FRENCH = (DOCS / "fr" / "reference" / "ligne_de_commande.md").read_text("utf-8")
ENGLISH = (DOCS / "reference" / "command_line.md").read_text("utf-8")


@pytest.mark.parametrize(("lang", "text"), [("fr", FRENCH), ("en", ENGLISH)])
def test_every_option_is_told_in_both_languages(lang: str, text: str) -> None:
    with language("fr" if lang == "fr" else "en"):
        commands = application().commands
    sections = text.split("\n## `prai-match ")
    for name, command in commands.items():
        (section,) = (part for part in sections if part.startswith(name))
        for option in command.params:
            if isinstance(option, click.Option) and option.opts[-1] not in {"--lang", "--help"}:
                assert f"`{option.opts[-1]}" in section or f"{option.opts[-1]} " in section.splitlines()[0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("new_fr", FRENCH),
        ("new_en", ENGLISH),
        ("recommend_fr", FRENCH),
        ("recommend_en", ENGLISH),
        ("resolve_fr", FRENCH),
        ("resolve_shown_fr", FRENCH),
        ("resolve_en", ENGLISH),
        ("classify_fr", FRENCH),
        ("doctor_fr", FRENCH),
        ("doctor_en", ENGLISH),
    ],
)
def test_what_it_shows_is_what_is_printed(name: str, text: str) -> None:
    assert known(__file__, f"{name}.txt").strip() in text
