"""``prai-match new``: a folder that the other commands read at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from goldens import Golden


@pytest.mark.parametrize(("lang", "folder"), [("fr", "ma_region"), ("en", "my_region")])
def test_new_writes_a_folder_that_loads_and_recommends(
    prai: Callable[..., Result], golden: Golden, lang: str, folder: str
) -> None:
    shown = prai("new", folder, "--lang", lang)
    assert shown.exit_code == 0
    golden(f"new_{lang}.txt", shown.stdout)
    for line in shown.stdout.splitlines()[-2:]:
        program, *arguments = line.split()
        assert program == "prai-match"
        assert prai(*arguments).exit_code == 0


def test_new_refuses_a_folder_that_is_not_empty(prai: Callable[..., Result]) -> None:
    Path("here").mkdir()
    Path("here/notes.txt").write_text("à garder", "utf-8")
    for lang, said in (
        ("fr", "notes.txt ne convient pas ; il faut un dossier nouveau ou vide"),
        ("en", "found notes.txt, expected a new or empty folder"),
    ):
        shown = prai("new", "here", "--lang", lang)
        assert shown.exit_code == 3
        assert said in shown.stderr
    assert [path.name for path in Path("here").iterdir()] == ["notes.txt"]


def test_the_commands_to_run_next_are_quoted(prai: Callable[..., Result]) -> None:
    assert "prai-match check 'ma région'" in prai("new", "ma région").stdout
