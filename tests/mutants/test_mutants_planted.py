"""A fault planted in an imported module: where it is in force at once, and where the module must be imported anew."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

import pytest

from _mutants.planted import planted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODE = """
from functools import cache, cached_property

LIMIT = 1


def plain(number=3):
    def inner():
        return number + 10
    return inner()


@cache
def kept():
    return 20


class Box:
    size = 30

    @property
    def half(self):
        return 40

    @cached_property
    def whole(self):
        return 50

    @classmethod
    def made(cls):
        return 60
"""


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    (tmp_path / "box_of_faults.py").write_text(CODE)
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("box_of_faults")
    del sys.modules["box_of_faults"]


@pytest.mark.parametrize(
    ("place", "before", "after"),
    [
        ("plain", 13, 14),
        ("plain.inner", 13, 14),
        ("kept", 20, 21),
        ("Box.half", 40, 41),
        ("Box.whole", 50, 51),
        ("Box.made", 60, 61),
    ],
)
def test_a_function_has_its_fault_at_once(box: Any, place: str, before: int, after: int) -> None:
    def value() -> object:
        found = {"plain": box.plain, "kept": box.kept, "Box.made": box.Box.made}.get(place.removesuffix(".inner"))
        return found() if found else getattr(box.Box(), place.partition(".")[2])

    there = before - 3 if before == 13 else before
    assert planted("box_of_faults", CODE.replace(f" {there}", f" {there + 1}"), place)
    assert value() == after


@pytest.mark.parametrize(
    ("place", "old", "new"),
    [
        ("", "LIMIT = 1", "LIMIT = 2"),
        ("plain", "number=3", "number=4"),
        ("Box", "size = 30", "size = 31"),
        ("no", "3", "4"),
    ],
)
def test_what_ran_at_import_is_left_as_it_is(box: Any, place: str, old: str, new: str) -> None:
    assert not planted("box_of_faults", CODE.replace(old, new), place)
    assert (box.LIMIT, box.plain(), box.Box.size) == (1, 13, 30)


def test_a_module_that_nothing_imported_is_read_with_its_fault() -> None:
    assert planted("no_such_box", CODE, "plain")
