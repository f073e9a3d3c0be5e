"""Outcomes of offers: refusals and changes since, officers' choices, and rates."""

from typing import Any, Final, Literal

import numpy as np
import polars as pl

from prai_match.offers._day import Day
from prai_match.offers._facts import Array, Ints
from prai_match.policy import Values

REPLACEMENTS: dict[str, type[pl.DataType]] = {
    "t": pl.UInt32,
    "date": pl.Date,
    **dict.fromkeys(("session", "replaced_by", "why"), pl.String),
}


def replacements(snapshot: Day) -> pl.DataFrame:
    """Return what officers chose in place of an offer, and still stands on the day, by territory ``t``.

    A choice stands until the territory attends it or declines it, until the next one, or for as long as a need counts.
    Columns: ``t``, ``date``, ``session`` (the offer that was replaced), ``replaced_by`` and ``why``.
    """
    frames = snapshot.frames
    if not (frames.replies["event"] == "replaced").any():
        return pl.DataFrame(schema=REPLACEMENTS)
    codes = frames.sessions.lazy().select("s", "session")
    said = frames.replies.lazy().filter(pl.col("date") <= snapshot.on)
    ends = pl.concat(
        [each.select("t", "s", end="date") for each in (snapshot.attendances.lazy(), said.filter(event="declined"))]
    )
    chosen = (
        said.filter(event="replaced")
        .join(codes, on="s")
        .sort("date", "session", "replaced_by", "why")
        .unique("t", keep="last", maintain_order=True)
        .filter(pl.col("date").dt.offset_by(f"{frames.lapse_months}mo") > snapshot.on)
        .select(*REPLACEMENTS)
    )
    ends = ends.join(codes, on="s").select("t", "end", replaced_by="session")
    over = chosen.join(ends, on=["t", "replaced_by"]).filter(pl.col("end") >= pl.col("date"))
    return chosen.join(over, on="t", how="anti").sort("t").collect(engine="in-memory")


_FIGURES = ("answers", "bookings", "acceptance", "no_answer", "cancellation")
RATES: Final = tuple(f"{of}_{figure}" for of in ("kind", "partner", "trainer") for figure in _FIGURES)


def maybe(numbers: Array) -> Values:
    """Return numbers as values; NaN is unknown."""
    unknown = np.isnan(numbers)
    return Values(np.where(unknown, 0.0, numbers), ~unknown) if unknown.any() else Values(numbers)


def rates(day: Day, of: Literal["kind", "partner", "trainer"]) -> dict[str, Values]:
    """Return counts and shares of every kind, relay or trainer; of an offer counts the last answer by the day."""
    rows, held, codes = day.frames.outcomes, day.frames.booked.rows, day.frames.lessons.kinds
    past = np.flatnonzero(rows["date"] <= day.today)
    offer = rows["w"] * (int(rows["offer"].max(initial=0)) + 1) + rows["offer"]
    last: Any = np.full(int(offer.max(initial=-1)) + 1, -1)
    last[offer[past]] = past  # of those of one offer, the last stays
    said, booked = last[last >= 0], np.flatnonzero(day.held)
    said, booked = said[rows["s"][said] >= 0], booked[held["s"][booked] >= 0]
    if of == "kind":
        kinds = int(codes.max(initial=-1)) + 1
        size = len(day.whole.people) * kinds
        whose, theirs = (each["w"] * kinds + codes[each["s"]] for each in (rows, held))
    else:
        size = getattr(day.frames, f"{of}s").height
        whose, theirs = (each["p" if of == "partner" else "r"] for each in (rows, held))

    def count(numbers: Ints, *events: str) -> Array:
        mine = numbers[np.isin(rows["event"][numbers], events)] if events else numbers
        who = (whose if events else theirs)[mine]
        return np.bincount(who[who >= 0], minlength=size).astype(np.float64)

    answers = count(said, "accepted", "declined", "unanswered")
    bookings = count(booked) + count(said, "cancelled")
    with np.errstate(invalid="ignore"):
        shares = (
            count(said, "accepted") / answers,
            count(said, "unanswered") / answers,
            count(said, "cancelled") / bookings,
        )
    figures = dict(zip(_FIGURES, (answers, bookings, *shares), strict=True))
    if of == "kind":
        figures = {name: values.reshape(-1, kinds)[:, codes].ravel() for name, values in figures.items()}
    return {f"{of}_{name}": maybe(values) for name, values in figures.items()}
