"""The subject of a brief: a session on its day at its host, with those who attend or could attend."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import polars as pl

from prai_match import packing
from prai_match.calendar import day_number
from prai_match.errors import PraiError
from prai_match.followups import territory_of
from prai_match.model import Buffet, ProgrammeData, Workshop
from prai_match.offers import AssessedOffer, Snapshot, comers
from prai_match.recommend import Answers
from prai_match.register import haversine

GUESTS: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("territory", "axis"), pl.String),
    **dict.fromkeys(("elected", "technicians", "people"), pl.Int64),
    "state": pl.String,
}


class Occasion(NamedTuple):
    """A session at its host on its day; None stands for what a booking or an edited plan doesn't say.

    ``guests`` has one row per territory, with the columns of `GUESTS`: ``axis`` is the one that it chose and ``state``
    one of `explain.GuestState`.
    """

    programme: ProgrammeData
    snapshot: Snapshot
    held: str | None  # its identifier, where it is planned or booked
    booked: bool
    session: str
    axis: str | None
    day: dt.date | None
    host: str
    partner: str | None
    trainer: str | None
    cost: Decimal | None
    guests: pl.DataFrame

    @property
    def of_catalogue(self) -> Buffet | Workshop:
        return next(each for each in self.programme.catalogue.sessions if each.id == self.session)


def kilometres(programme: ProgrammeData, host: str) -> dict[str, float]:
    """Return the distance of each territory from a host, in kilometres."""
    points = {each.id: (each.latitude, each.longitude) for each in programme.territories}
    return {code: haversine(*point, *points[host]) for code, point in points.items()}


def guests_of(programme: ProgrammeData, held: str | None, seats: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return the territories registered for a booked session, and those with one of the ``seats`` of a plan at it."""
    people = pl.when(pl.col("people").count() > 0).then(pl.col("people").sum()).alias("people")
    rows = programme.registrations.to_polars().filter(session=held or "")
    came = rows.join(territory_of(programme), on="collectivity").group_by("territory").agg(people)
    tables = [pl.DataFrame(schema=GUESTS), came.with_columns(state=pl.lit("registered"))]
    if seats is not None:
        people = pl.col("elected") + pl.col("technicians")
        tables.append(seats.with_columns(people=people, state=pl.lit("planned")).drop("session", "km", "value"))
    return pl.concat(tables, how="diagonal_relaxed")


def of_offer(answers: Answers, territory: str) -> Occasion:
    """Return the first-choice offer of a territory, with those registered for it and neighbours who could come.

    Of these neighbours, only the nearest are listed, as far as there are seats.

    Raises:
        PraiError: Nothing can be offered to it within the horizon.
    """
    offer, candidate = answers.choice(territory).next, answers.candidate(answers.number(territory))
    if offer is None or candidate is None:
        raise PraiError.of("prai_match.explain", "no_offer", name=answers.places[territory][0])
    programme, asks = answers.programme, pl.col("territory") == territory
    came, km = guests_of(programme, offer.joins), kilometres(programme, offer.host)
    each = _interested(answers, candidate, day_number(offer.day)).join(came, on="territory", how="anti")
    near = each.with_columns(km=pl.col("territory").replace_strict(km)).sort(~asks, "km", "territory")
    room = pl.lit(answers.rooms[offer.joins] if offer.joins else None, pl.Int64)
    near = near.filter(asks | (pl.col("people").cum_sum() <= pl.coalesce(room, "max_seats"))).with_columns(
        state=pl.when(asks).then(pl.lit("asked")).otherwise(pl.lit("could_come"))
    )
    return Occasion(
        programme=programme,
        snapshot=answers.snapshot,
        held=offer.joins,
        booked=offer.joins is not None,
        session=offer.session,
        axis=offer.axis,
        day=offer.day,
        host=offer.host,
        partner=offer.partner,
        trainer=offer.trainer,
        cost=offer.cost,
        guests=pl.concat([near.select(GUESTS.keys()), came]),
    )


def _interested(answers: Answers, offer: AssessedOffer, day: int) -> pl.DataFrame:
    """Return the territory of an offer and those that could attend, with axes and people computed as for a plan."""
    frames, around = answers.snapshot.frames, comers(answers.snapshot, answers.policy, offer.number, day)
    numbers = {"t": [offer.number("t"), *around.t], "x": [offer.number("x"), *around.x]}
    rows = (
        pl.DataFrame(numbers, dict.fromkeys(numbers, pl.UInt32))
        .unique("t", keep="first", maintain_order=True)
        .join(frames.axes, on="x", how="left", maintain_order="left")
        .join(frames.sessions.select("s", "kind", "form", pl.col("max_seats").cast(pl.Int64)), on="s")
        .join(frames.territories.select("t", "territory"), on="t")
    )
    view = answers.snapshot.views[int(answers.snapshot.council_on(np.array([day]))[0])]
    people = pl.col("elected") + pl.col("technicians")
    return rows.with_columns(packing.coming(view, answers.policy, rows)).with_columns(people=people)
