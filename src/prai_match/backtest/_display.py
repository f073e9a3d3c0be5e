"""Backtests as notebooks show them: as they are read, with tables that scroll."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prai_match.backtest import _strength_text, _text
from prai_match.backtest._result import Backtest
from prai_match.backtest._strength import Strengths
from prai_match.text import display, shown

if TYPE_CHECKING:
    from prai_match.model import Lang
    from prai_match.text import Document


@shown.register(Backtest)
def backtest(found: Backtest, lang: Lang) -> str:
    """Show what a backtest says."""
    return _page(_text.document(found, lang))


@shown.register(Strengths)
def strengths(found: Strengths, lang: Lang) -> str:
    """Show how well each strength of smoothing predicts."""
    return _page(_strength_text.document(found, lang))


def _page(page: Document) -> str:
    return display(page.title, *page.lead, *page.sections, lang=page.lang)
