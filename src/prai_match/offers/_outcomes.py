"""What became of offers: declines and what changed since, what officers chose instead, and the rates of all."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from prai_match.offers._day import Day


REPLACEMENTS: dict[str, type[pl.DataType]] = {
    "t": pl.UInt32,
    "date": pl.Date,
    **dict.fromkeys(("session", "replaced_by", "why"), pl.String),
}


def declined(snapshot: Day) -> pl.LazyFrame:
    """Return what changed since a territory declined a session, ``unchanged`` if nothing did: ``k`` and ``declined``.

    Something in the offer changed where its relay or trainer left, or another one came who can take it; behind it,
    where a need was expressed or confirmed, the council was renewed, or what leads to the session was attended.
    """
    frames, said, edges = snapshot.frames, pl.col("date"), snapshot.edges.lazy()
    if frames.replies.is_empty():
        return pl.LazyFrame(schema={"k": pl.UInt32, "declined": pl.String})
    refused = (
        frames.replies.lazy()
        .filter(said <= snapshot.on)
        .sort("date", "event", "p", "r")
        .unique(["t", "s"], keep="last", maintain_order=True)
        .filter(event="declined")
        .join(frames.territories.lazy().select("t", "d"), on="t")
    )
    needs = snapshot.open_needs.lazy().select("t", "s", need="start")
    leading = edges.select(s_before="s", s="s_next").join(needs, on="s").select("t", "need", s="s_before")
    covers, carries = frames.covers.lazy(), frames.carries.lazy()
    partners, trainers = (each.lazy().drop_nulls("since") for each in (frames.partners, frames.trainers))
    knows = frames.expertise.lazy().join(frames.axes.lazy().select("x", "s"), on="x")
    dated = (
        (pl.concat([needs, leading], how="diagonal"), "need", ["t", "s"]),
        (snapshot.recent.lazy().join(edges, on="s").select("t", s="s_next", came="date"), "came", ["t", "s"]),
        (partners.select("p", relay="since").join(covers, on="p").join(carries, on="p"), "relay", ["d", "s"]),
        (trainers.select("r", trainer="since").join(knows, on="r"), "trainer", ["s"]),
    )
    for facts, fact, keys in dated:
        last = facts.filter(pl.col(fact) <= snapshot.on).group_by(keys).agg(pl.col(fact).max())
        refused = refused.join(last, on=keys, how="left")
    for table, key in ((frames.partners, "p"), (frames.trainers, "r")):
        leaves = table.lazy().select(key, pl.col("until").alias(f"{key}_until"))
        refused = refused.join(leaves, on=key, how="left")
    changes = {
        "need": pl.col("need") > said,
        "renewal": pl.lit(snapshot.renewal) > said,
        "attendance": pl.col("came") > said,
        "relay": (pl.col("relay") > said) | (pl.col("p_until") < snapshot.on),
        "trainer": (pl.col("trainer") > said) | (pl.col("r_until") < snapshot.on),
    }
    first = pl.coalesce(*(pl.when(holds).then(pl.lit(name)) for name, holds in changes.items()), pl.lit("unchanged"))
    return refused.select(frames.pair, declined=first)


def replacements(snapshot: Day) -> pl.DataFrame:
    """Return what officers chose in place of an offer, and still stands on the day, by territory ``t``.

    A choice stands until the territory attends it or declines it, until the next one, or for as long as a need counts.
    Columns: ``t``, ``date``, ``session`` (the offer that was replaced), ``replaced_by`` and ``why``.
    """
    frames = snapshot.frames
    if "replaced" not in frames.replies["event"]:
        return pl.DataFrame(schema=REPLACEMENTS)
    codes, said = (
        frames.sessions.lazy().select("s", "session"),
        frames.replies.lazy().filter(pl.col("date") <= snapshot.on),
    )
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


BY = {"kind": ["t", "kind"], "partner": ["p"], "trainer": ["r"]}
_FIGURES = ("answers", "bookings", "acceptance", "no_answer", "cancellation")
RATES = frozenset(f"{of}_{figure}" for of in BY for figure in _FIGURES)


def read(names: AbstractSet[str] | None) -> bool:
    """Return whether any of the rates is among some columns (None: all)."""
    return names is None or not names.isdisjoint(RATES)


def rates(snapshot: Day) -> dict[str, pl.DataFrame]:
    """Return the counts and shares of every relay (by ``p``), trainer (``r``) and kind of session (``t``, ``kind``)."""
    frames, event = snapshot.frames, pl.col("event")
    said = frames.answers.filter(pl.col("date") <= snapshot.on).unique(["w", "offer"], keep="last")
    rows = pl.concat([said, snapshot.held.with_columns(event=pl.lit("booked"))], how="diagonal")
    kinds = frames.sessions.select("s", "kind")

    def count(*events: str) -> pl.Expr:
        return event.is_in(events).sum().cast(pl.Float64)

    answers, bookings = count("accepted", "declined", "unanswered"), count("booked", "cancelled")
    shares = (count("accepted") / answers, count("unanswered") / answers, count("cancelled") / bookings)
    tables = {
        "kind": frames.territories.select("t", "w").join(kinds.select("kind").unique(), how="cross"),
        "partner": frames.partners.select("p"),
        "trainer": frames.trainers.select("r"),
    }
    for of, keys in tables.items():
        by = [name for name in keys.columns if name != "t"]
        values = zip(_FIGURES, (answers, bookings, *shares), strict=True)
        figures = {f"{of}_{name}": value.fill_nan(None) for name, value in values}
        counts = rows.join(kinds, on="s").group_by(by).agg(**figures)
        counted = keys.join(counts, on=by, how="left").drop("w", strict=False)
        tables[of] = counted.with_columns(pl.col(f"{of}_answers", f"{of}_bookings").fill_null(0.0))
    return tables
