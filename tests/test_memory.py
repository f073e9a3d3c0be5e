"""What the benchmarks say of memory is what the process took that is measured: `benchmarks/_memory.py`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import _memory
from _memory import taken, taken_alone

MEGABYTE = 1 << 20  # the kernel counts a process's pages to some hundred kilobytes
BENCHMARKS = Path(_memory.__file__).parent

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")


def test_a_child_of_a_fat_parent_tells_its_own_peak() -> None:
    fat = b"x" * (300 * MEGABYTE)
    memory = taken_alone("def run():\n    return len(b'x' * (int(sys.argv[1]) << 20))", "40")
    assert len(fat) == 300 * MEGABYTE
    assert 39 < memory.added < 60
    assert memory.added < memory.whole < 150


def test_what_was_let_go_before_counts_for_nothing() -> None:
    before = "before = b'x' * (300 << 20)\ndel before\n"
    memory = taken_alone(before + "def run():\n    return len(b'x' * (40 << 20))")
    assert 39 < memory.added < 60


def test_the_peak_counts_and_not_what_is_left() -> None:
    memory = taken_alone("def run():\n    return [len(b'x' * (megabytes << 20)) for megabytes in (10, 80, 10)]")
    assert 79 < memory.added < 100


def test_what_was_run_is_answered() -> None:
    assert taken(lambda: 7)[1] == 7


def test_a_script_imports_the_benchmarks() -> None:
    assert taken_alone("import _memory\ndef run():\n    assert _memory.held('VmRSS') > 1").whole > 1


def test_no_benchmark_reads_what_a_child_has_from_its_parent() -> None:
    modules = [path for path in BENCHMARKS.glob("*.py") if path.name != "_memory.py"]
    assert len(modules) > 10
    assert not [path.name for path in modules if "ru_maxrss" in path.read_text("utf-8")]
