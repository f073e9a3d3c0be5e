"""What `scripts/measure_house.py` counts, and that the library has no circles of imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import BaseModel

from measure_house import APART, House, report
from prai_match import Programme

if TYPE_CHECKING:
    from pathlib import Path

MADE = {
    "__init__.py": '"""Made."""\n\nfrom made.door import open_\n',
    "door/__init__.py": '"""The door."""\n\nfrom made.door._open import open_\n',
    "door/_open.py": '''
"""What opens."""

from typing import TYPE_CHECKING

import json

from made.wall import Wall

if TYPE_CHECKING:
    from made.door import _hinge


def open_():
    """Open."""
    return json.dumps(Wall())
''',
    "door/_hinge.py": "from made.door._open import open_\n",
    "wall/__init__.py": """
class Wall:
    def door(self):
        from made.door._open import open_

        return open_
""",
    "roof.py": "try:\n    import made.wall\nexcept ImportError:\n    pass\n",
}


@pytest.fixture
def made(tmp_path: Path) -> House:
    for name, text in MADE.items():
        (tmp_path / "made" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "made" / name).write_text(text.lstrip(), "utf-8")
    return House(tmp_path, "made")


def test_an_import_counts_from_the_step_on_in_which_it_runs(made: House) -> None:
    assert made.circles("run") == []
    assert made.circles("local") == [["made.door._open", "made.wall"]]
    assert made.circles("types") == [["made.door._hinge", "made.door._open", "made.wall"]]
    assert made.circles_of_folders() == [["made.door", "made.wall"]]


def test_every_form_of_import_is_read(made: House) -> None:
    assert {(each.source, each.target, each.step) for each in made.imports} == {
        ("made", "made.door", "run"),
        ("made.door", "made.door._open", "run"),
        ("made.door._hinge", "made.door._open", "run"),
        ("made.door._open", "made.door._hinge", "types"),
        ("made.door._open", "made.wall", "run"),
        ("made.roof", "made.wall", "run"),
        ("made.wall", "made.door._open", "local"),
    }


def test_docstrings_are_no_statements(made: House) -> None:
    # 1 + 1 + 7 + 1 + 4 + 3, in the order of MADE
    assert made.statements == 17
    assert next(report(made)) == "6 modules, 31 lines, 17 statements"


def test_a_class_is_found_with_its_module(made: House) -> None:
    assert made.classes == {"Wall": ["made.wall"]}


def test_what_a_public_module_lists_is_exported(tmp_path: Path) -> None:
    for name, text in {
        "__init__": "__all__: list[str] = []",
        "door": "__all__ = ['a', 'b']",
        "_wall": "__all__ = ['c']",
    }.items():
        (tmp_path / f"{name}.py").write_text(text, "utf-8")
    assert House(tmp_path.parent, tmp_path.name).exported == {f"{tmp_path.name}.door": ["a", "b"]}


def test_the_library_fits_in_a_head() -> None:
    house = House()
    names = {name: names for name, names in house.exported.items() if name.partition(".")[2] not in APART}
    assert len(names["prai_match.explain"]) > 10
    assert sum(map(len, names.values())) <= 160
    assert len(_own_methods(Programme)) <= 43
    assert 40_000 < house.lines <= 54_800
    assert 20_000 < house.statements <= 28_620


def test_no_two_classes_have_one_name() -> None:
    owners = House().classes
    assert len(owners) > 200
    assert {name: modules for name, modules in owners.items() if len(modules) > 1} == {}


def _own_methods(kind: type) -> list[str]:
    """The public methods and properties of our own, fields aside."""
    return [
        name
        for name in dir(kind)
        if not name.startswith("_") and name not in getattr(kind, "model_fields", {}) and not hasattr(BaseModel, name)
    ]


def test_folders_import_in_one_direction_and_modules_go_round_in_pairs_at_most() -> None:
    """A pair is a type and the functions that say it in words, which name it in their annotations alone."""
    house = House()
    assert 250 < len(house.trees) <= 322
    assert house.circles_of_folders() == []
    assert house.circles("local") == []
    pairs = house.circles("types")
    assert len(pairs) <= 4
    assert [circle for circle in pairs if len(circle) > 2] == []
