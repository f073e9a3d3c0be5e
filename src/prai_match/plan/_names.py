"""The sessions and the invitations of a plan as people name them: what every export is written from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match import register
from prai_match.plan._text import table
from prai_match.text import messages, plain

if TYPE_CHECKING:
    from prai_match.model import Lang
    from prai_match.plan._book import Book


def sessions(plan: Book, lang: Lang) -> pl.DataFrame:
    """Return one row a session, by date, with names in ``lang``.

    Columns: those of `Plan.to_polars`, ``kind``, ``departement`` (name, of the host), ``status`` (*booked* or *to be
    confirmed*, in words) and ``host_id``.
    """
    said = messages("prai_match.plan", "exports", lang)
    kinds = {session.id: said["kinds"][session.kind] for session in plan.inputs.programme.catalogue.sessions}
    places = _places(plan).select(host_id="territory", departement="departement")
    return (
        table(plan, lang)
        .with_columns(
            plan.sessions["session"].replace_strict(kinds, default=None, return_dtype=pl.String).alias("kind"),
            plan.sessions["host"].alias("host_id"),
            status=pl.when("booked").then(pl.lit(said["status"]["booked"])).otherwise(pl.lit(said["status"]["new"])),
        )
        .join(places, on="host_id", how="left", maintain_order="left")
    )


def invitations(plan: Book, lang: Lang) -> pl.DataFrame:
    """Return one row a territory invited, by date, with names in ``lang`` (see `Plan.invitations`)."""
    held = sessions(plan, lang).select("id", "date", "kind", "session", "host")
    axes = pl.DataFrame(
        [
            (session.id, axis.id, plain(axis.name.get(lang)))
            for session in plan.inputs.programme.catalogue.sessions
            for axis in session.axes
        ],
        schema={"code": pl.String, "axis": pl.String, "asked": pl.String},
        orient="row",
    )
    return (
        plan.seats.rename({"session": "id"})
        .join(held.unique("id", keep="first"), on="id", how="left", maintain_order="left")
        .join(plan.sessions.unique("id").select("id", code="session"), on="id", how="left", maintain_order="left")
        .join(axes, on=["code", "axis"], how="left", maintain_order="left")
        .join(_places(plan), on="territory", how="left", maintain_order="left")
        .sort("date", "id", "territory", nulls_last=True)
        .select(
            *("id", "date", "kind", "session", "host", "territory", "name", "departement"),
            pl.col("asked").alias("axis"),
            *("elected", "technicians", "km"),
        )
    )


def _places(plan: Book) -> pl.DataFrame:
    """Return ``territory``, ``name`` and ``departement`` (name) of each territory of the programme."""
    rows = [(one.id, plain(one.name), one.departement) for one in plan.inputs.programme.territories]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("territory", "name", "departement"), pl.String), orient="row")
    names = {code: register.department(code) for code in frame["departement"].unique()}
    return frame.with_columns(pl.col("departement").replace(names))
