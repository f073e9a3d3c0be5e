"""What `scripts/check_tests.py` finds: tests that assert nothing, and known texts that no test writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from check_tests import faults

if TYPE_CHECKING:
    from pathlib import Path

HELPERS = {
    "tests/conftest.py": """
@pytest.fixture
def held():
    def hold(value):
        assert value
    return hold

@pytest.fixture
def region():
    assert True
    return 1
""",
    "tests/made.py": """
from deep import below
from prai_match.testing import law

def programme():
    return {}

def check(made):
    return below(made)

def lawful(made):
    law(made)

class Held:
    def __init__(self, made):
        self.made = made

    def twice(self):
        assert self.made

class Strict:
    def __init__(self, made):
        assert made

class Life(Strict):
    pass
""",
    "tests/deep.py": """
def below(made):
    if not made:
        raise AssertionError(made)
    return made and below(made[1:])
""",
    "src/prai_match/testing/__init__.py": "from prai_match.testing._laws import law\n",
    "src/prai_match/testing/_laws.py": """
from prai_match.testing import _words as words

def law(made):
    words.expect(made)
""",
    "src/prai_match/testing/_words.py": """
def expect(made):
    if not made:
        raise BrokenLawError("a")
""",
}
IMPORTS = "import made\nimport pytest\nfrom made import Held, Life, Strict, check, lawful, programme\n\n"


def project(folder: Path, **files: str) -> Path:
    for name, text in (HELPERS | files).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    "test",
    [
        "def test_a(): assert 1",
        "def test_a():\n    with pytest.raises(ValueError): int('a')",
        "def test_a(): pytest.fail('a')",
        "def test_a(): frames.assert_frame_equal(1, 1)",
        "def test_a(golden): golden('a.txt', 'a')",
        "def test_a(held): held(1)",
        "def test_a(): check([])",
        "def test_a(): made.check([])",
        "def test_a(): lawful([])",
        "def test_a(): Held(1).twice()",
        "def test_a(): Strict(1)",
        "def test_a(): run(Life)",
        "@pytest.mark.parametrize('one', [check])\ndef test_a(one): one(1)",
        "CASES = {'a': check, 'b': lambda: lawful(1)}\ndef test_a(): CASES['a'](1)",
        "class TestAll:\n    def test_a(self): assert 1",
        "class Folder(Machine):\n    def held(self): assert 1\nTestFolder = Folder.TestCase",
    ],
)
def test_what_asserts(tmp_path: Path, test: str) -> None:
    assert faults(project(tmp_path, **{"tests/test_all.py": IMPORTS + test})) == []


@pytest.mark.parametrize(
    "test",
    [
        "",
        "def helper(): assert 1",
        "class Folder(Machine):\n    def held(self): pass\nTestFolder = Folder.TestCase",
        "def test_a(): programme()",
        "def test_a(): made.programme()",
        "def test_a(region): print(region)",
        "def test_a(check): print(check)",
        "def test_a():\n    check = programme()\n    print(check)",
        "def test_a(): Held(1)",
        "def test_a(): Held(1).once()",
        "MADE = check([1])\ndef test_a(): print(MADE)",
        "def test_a():\n    raise ValueError('a')",
        "def test_a(): test_a()",
    ],
)
def test_a_module_that_asserts_nothing_is_found(tmp_path: Path, test: str) -> None:
    text = IMPORTS + test
    assert faults(project(tmp_path, **{"tests/all/test_all.py": text})) == [
        "tests/all/test_all.py: no test asserts anything"
    ]


def test_a_test_that_asserts_nothing_is_found_beside_others(tmp_path: Path) -> None:
    text = "def test_a():\n    assert 1\n\n\ndef test_b():\n    print(1)\n"
    assert faults(project(tmp_path, **{"tests/test_all.py": text})) == ["tests/test_all.py:5: test_b asserts nothing"]


WRITERS = """
KINDS = ("wide", "tall")
OTHERS = ("flat",)

@pytest.mark.parametrize("lang", ["fr", "en"])
def test_texts(golden, lang):
    golden("one.txt", "1")
    golden(f"two_{lang}.txt", "2")
    for kind in KINDS:
        golden(f"{kind or 'none'}_{lang}.html", "3")
        golden(kind + ".json", "4")
    golden(PAGE, "5")

@pytest.mark.parametrize("name", ["b.csv"])
def test_names(golden, name):
    golden(name, "6")
"""


@pytest.mark.parametrize(
    ("names", "without"),
    [
        (["one.txt", "two_fr.txt", "two_en.txt", "wide_fr.html", "none_en.html", "b.csv"], []),
        (["old.txt", "one.txt"], ["old.txt"]),
        (["one.txt.bak", "zone.txt"], ["one.txt.bak", "zone.txt"]),
        (["two_de.txt", "two_.txt", "flat_fr.html"], ["flat_fr.html", "two_.txt", "two_de.txt"]),
    ],
)
def test_a_known_text_without_a_writer_is_found(tmp_path: Path, names: list[str], without: list[str]) -> None:
    kept = {f"tests/cli/golden/{name}": "a" for name in names}
    found = faults(project(tmp_path, **{"tests/cli/test_cli.py": WRITERS}, **kept))
    assert found == [f"tests/cli/golden/{name}: no test beside it writes it" for name in without]


def test_a_writer_in_another_folder_does_not_count(tmp_path: Path) -> None:
    files = {
        "tests/cli/test_cli.py": WRITERS,
        "tests/plan/golden/one.txt": "a",
        "tests/plan/test_plan.py": "def test_a(): assert 1",
    }
    assert faults(project(tmp_path, **files)) == ["tests/plan/golden/one.txt: no test beside it writes it"]


@pytest.mark.parametrize(
    "path", ["HERE / 'golden' / 'a.txt'", "HERE / 'golden/a.txt'", "Path('tests/golden')", "HERE.joinpath('golden')"]
)
def test_a_text_that_is_read_by_hand_is_found(tmp_path: Path, path: str) -> None:
    text = f"def test_a():\n    assert ({path}).read_text() == ''\n"
    files = {"tests/test_all.py": text, "tests/goldens.py": f"KNOWN = {path}\n"}
    assert faults(project(tmp_path, **files)) == ["tests/test_all.py:2: reads a known text without the fixture golden"]
