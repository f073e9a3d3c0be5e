"""The faults that are planted one by one: each can be, and names what must find it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from _mutants.faults import Breach, Leak, faults
from _mutants.tree import replaced

ROOT = Path(__file__).parents[2]
FAULTS = faults()


def test_there_are_enough_of_each() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert sum(isinstance(fault, Leak) for fault in FAULTS) >= 10
    assert sum(isinstance(fault, Breach) for fault in FAULTS) >= 20


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_one_change_of_a_module(fault: Leak | Breach) -> None:
    text = (ROOT / "src" / "prai_match" / fault.file).read_text("utf-8")
    assert text.count(fault.old) == 1
    ast.parse(text.replace(fault.old, fault.new))


@pytest.mark.parametrize("leak", [fault for fault in FAULTS if isinstance(fault, Leak)], ids=lambda leak: leak.name)
def test_a_leak_names_a_test_of_its_own(leak: Leak) -> None:
    module, _, test = leak.test.partition("::")
    assert f"\ndef {test}(" in (ROOT / module).read_text("utf-8")
    assert [other.test for other in FAULTS if isinstance(other, Leak)].count(leak.test) == 1


@pytest.mark.parametrize("breach", [fault for fault in FAULTS if isinstance(fault, Breach)], ids=lambda each: each.name)
def test_a_breach_says_where_laws_are(breach: Breach) -> None:
    assert [path for path in breach.laws if not (ROOT / path.partition("::")[0]).exists()] == []


def test_a_text_is_replaced_for_a_while_and_only_where_it_stands_once(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text("a = 1\nb = 1\n", "utf-8")
    with replaced(path, "a = 1", "a = 2"):
        assert path.read_text("utf-8") == "a = 2\nb = 1\n"
    assert path.read_text("utf-8") == "a = 1\nb = 1\n"
    for old in (" = 1", "c = 1"):
        with pytest.raises(ValueError, match="and should have once"), replaced(path, old, ""):
            pass
