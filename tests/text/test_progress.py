"""Bars on work that lasts: for those who look on, and never in a file."""

from __future__ import annotations

import io
import sys

import pytest

from prai_match.text import _progress, tracked


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_a_bar_shows_once_the_work_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    monkeypatch.setattr(_progress, "SECONDS", 0)
    assert list(tracked(range(3))) == [0, 1, 2]
    assert "prai_match" in terminal.getvalue()


def test_quick_work_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    monkeypatch.setattr(_progress, "SECONDS", 3600)
    assert list(tracked(range(3))) == [0, 1, 2]
    assert "it/s" not in terminal.getvalue()


def test_a_file_gets_none_even_where_a_notebook_s_kernel_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", file := io.StringIO())
    monkeypatch.setitem(sys.modules, "ipykernel", sys)
    monkeypatch.setattr(_progress, "SECONDS", 0)
    assert list(tracked(range(3))) == [0, 1, 2]
    assert file.getvalue() == ""


@pytest.mark.parametrize("module", ["ipykernel.iostream", "marimo._messaging.streams"])
def test_a_notebook_is_looked_at(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cell = type("Cell", (io.StringIO,), {"__module__": module})
    monkeypatch.setattr(sys, "stderr", out := cell())
    monkeypatch.setattr(_progress, "SECONDS", 0)
    assert list(tracked(range(3))) == [0, 1, 2]
    assert "prai_match" in out.getvalue()


def test_without_tqdm_the_items_are_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setitem(sys.modules, "tqdm.std", None)
    items = [1, 2]
    assert tracked(items) is items
