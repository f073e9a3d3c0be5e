"""Which session each territory should be offered next, with which relay partner and trainer, and why.

Stability: stable.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from prai_match._version import __version__ as __version__

if TYPE_CHECKING:
    from prai_match import (
        backtest as backtest,
        calendar as calendar,
        charts as charts,
        cli as cli,
        demo as demo,
        doctor as doctor,
        errors as errors,
        explain as explain,
        files as files,
        followups as followups,
        gaps as gaps,
        io as io,
        model as model,
        needs as needs,
        offers as offers,
        packing as packing,
        plan as plan,
        policy as policy,
        recommend as recommend,
        register as register,
        report as report,
        simulate as simulate,
        testing as testing,
        text as text,
    )
    from prai_match._front import Answer, Programme, Recommendation, Recommendations, Record, Reproduction, reproduce
    from prai_match.datasets import RecommendationDataset, recommend_dataset
    from prai_match.errors import (
        BacktestError,
        LexiconError,
        PolicyError,
        PraiError,
        Problem,
        ProgrammeError,
        UnknownCodeError,
    )
    from prai_match.followups import FollowUps
    from prai_match.policy import Policy
    from prai_match.recommend import Booking, Offer, Replacement
    from prai_match.text import language

__all__ = [
    "Answer", "BacktestError", "Booking", "FollowUps", "LexiconError", "Offer", "Policy", "PolicyError", "PraiError",
    "Problem", "Programme", "ProgrammeError", "Recommendation", "RecommendationDataset", "Recommendations", "Record",
    "Replacement", "Reproduction", "UnknownCodeError", "language", "recommend_dataset", "reproduce",
]  # fmt: skip

_PLACES = {
    "_front": ("Answer", "Programme", "Recommendation", "Recommendations", "Record", "Reproduction", "reproduce"),
    "datasets": ("RecommendationDataset", "recommend_dataset"),
    "errors": tuple(name for name in __all__ if name.endswith("Error") or name == "Problem"),
    "followups": ("FollowUps",),
    "policy": ("Policy",),
    "recommend": ("Booking", "Offer", "Replacement"),
    "text": ("language",),
}
_FOLDERS = (
    *("backtest", "calendar", "charts", "cli", "datasets", "demo", "doctor", "errors", "explain", "files"),
    *("followups", "gaps", "io", "model", "needs", "offers", "packing", "plan", "policy", "recommend", "register"),
    *("report", "simulate", "testing", "text"),
)

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Import names on first use, so that importing only the errors loads nothing else."""
        for place, names in _PLACES.items():
            if name in names:
                value = getattr(import_module(f"{__name__}.{place}"), name)
                globals()[name] = value
                return value
        if name in _FOLDERS:
            return import_module(f"{__name__}.{name}")
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)

    def __dir__() -> list[str]:
        """The public names, for completion."""
        return sorted([*__all__, *_FOLDERS, "__version__"])
