"""How notebooks display backtests: as text, with tables that scroll."""

from prai_match.backtest import _check, _entry, _result
from prai_match.model import Lang
from prai_match.text import display, shown


@shown.register(_check.PolicyCheck)
@shown.register(_result.Backtest)
@shown.register(_entry.Strengths)
def result(result: _check.PolicyCheck | _result.Backtest | _entry.Strengths, lang: Lang) -> str:
    """Show a backtest, the check of a policy, or how well each strength of smoothing predicts."""
    match result:
        case _check.PolicyCheck():
            page = _check.document(result, lang)
        case _result.Backtest():
            page = _result.document(result, lang)
        case _entry.Strengths():
            page = _entry.document(result, lang)
    return display(page.title, *page.lead, *page.sections, lang=page.lang)
