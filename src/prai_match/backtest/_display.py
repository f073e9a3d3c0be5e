"""Backtests as notebooks show them: as they are read, with tables that scroll."""

from __future__ import annotations

from prai_match.backtest import _result, _strength
from prai_match.model import Lang
from prai_match.text import display, shown


@shown.register(_result.Backtest)
@shown.register(_strength.Strengths)
def result(result: _result.Backtest | _strength.Strengths, lang: Lang) -> str:
    """Show what a backtest says, or how well each strength of smoothing predicts."""
    page = _result.document(result, lang) if isinstance(result, _result.Backtest) else _strength.document(result, lang)
    return display(page.title, *page.lead, *page.sections, lang=page.lang)
