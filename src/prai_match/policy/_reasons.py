"""Why a territory has no recommendation: the codes, in the order in which candidates are sifted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prai_match.policy._tokens import PACKAGE
from prai_match.text import messages

if TYPE_CHECKING:
    from prai_match.model import Lang
    from prai_match.policy._vocabulary import Stage

STAGE_REASONS: dict[Stage, str] = {
    "session": "no_need_and_no_buffet",
    "partner": "no_relay",
    "trainer": "no_trainer",
}
"""The reason of a requirement that states none."""

STAGES: tuple[Stage, ...] = ("session", "partner", "trainer")


def reasons(lang: Lang) -> dict[str, str]:
    """Return the sentences of the library's own reasons by code, the earliest sieve first."""
    return messages(PACKAGE, "reasons", lang)
