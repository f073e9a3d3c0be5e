"""Backtests: the quality of recommendations on past days, compared with baselines, and rules without any effect.

Stability: provisional.
"""

from prai_match.backtest._check import CheckOptions as CheckOptions, PolicyCheck, check_policy as check_policy
from prai_match.backtest._entry import STRENGTHS as STRENGTHS, Strengths, backtest as backtest, choose_strength
from prai_match.backtest._history import BASELINES as BASELINES, rankings as rankings
from prai_match.backtest._result import Backtest
from prai_match.backtest._settings import BacktestOptions as BacktestOptions

__all__ = ["Backtest", "PolicyCheck", "Strengths", "choose_strength"]
