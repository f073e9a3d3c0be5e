"""Made programmes whose interest and exposure are known: who is likelier to come is likelier to be offered it."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING, Any

import polars as pl

from histories import SPLIT, UNTIL, Came, history

if TYPE_CHECKING:
    from prai_match import Programme
    from prai_match.backtest import Backtest

TERRITORIES = 240
ASKS = {"09": 0.6, "31": 0.2}
"""The share of the territories of each département, of which there are as many, that ask for the session."""
INTEREST = {("09", True): 0.75, ("09", False): 0.5, ("31", True): 0.4, ("31", False): 0.15}
"""The chance that a territory that is offered the session attends it, by its département and whether it asks for it."""
OFFERED = {("09", True): 0.77, ("09", False): 0.5, ("31", True): 0.45, ("31", False): 0.2}
"""The chance that it is offered it."""
WITHOUT = 0.05
"""The chance that it attends it without an offer."""
TRUTH = sum(
    (share if asks else 1 - share) * INTEREST[departement, asks] / len(ASKS)
    for departement, share in ASKS.items()
    for asks in (True, False)
)
"""Interest, whether or not it is offered it."""


def drawn(seed: int) -> Programme:
    """Draw one of these programmes: its territories, what they are offered, and who comes."""
    dice = random.Random(seed)  # noqa: S311 - made programmes, nothing secret
    departements = {n: dice.choice(list(ASKS)) for n in range(1, TERRITORIES + 1)}
    came: list[Came] = [(1, "b_web", dt.date(2007, 2, 1))]
    needs, decisions = [], []
    for n, departement in departements.items():
        asks = dice.random() < ASKS[departement]
        if asks:
            needs.append({"collectivity": f"09{n:03}", "date": "2007-05-01", "workshop": "sig"})
        made = SPLIT + dt.timedelta(days=dice.randint(1, 30))
        gets = dice.random() < OFFERED[departement, asks]
        if gets:
            decisions.append({"date": made, "event": "made", "territory": f"T{n:02}", "session": "sig"})
        if dice.random() < (INTEREST[departement, asks] if gets else WITHOUT):
            came.append((n, "sig", made + dt.timedelta(days=dice.randint(1, 80))))
    return history(TERRITORIES, came, departements, needs=needs, decisions=decisions)


def judged(seed: int, replications: int = 400) -> Backtest:
    return drawn(seed).backtest([SPLIT], until=UNTIL, replications=replications)


def covers(seed: int) -> dict[str, bool]:
    """Tell which interval of interest holds the truth."""
    row: dict[str, Any] = judged(seed).interest.row(by_predicate=pl.col("session") == "sig", named=True)
    return {name: row[f"{name}_low"] <= TRUTH <= row[f"{name}_high"] for name in ("plain", "corrected")}
