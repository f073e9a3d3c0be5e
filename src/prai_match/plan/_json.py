"""A plan as data that JSON can hold, in codes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from prai_match._version import JSON_SCHEMA
from prai_match.explain import json_value, rows_of

if TYPE_CHECKING:
    import polars as pl

    from prai_match.plan._book import Book


def to_json(plan: Book) -> dict[str, Any]:
    """Return what a plan is made of and what it is worth (see `Plan.to_json`)."""
    return {
        "schema": JSON_SCHEMA,
        "start": plan.start.isoformat(),
        "end": plan.end.isoformat(),
        "on": plan.inputs.snapshot.on.isoformat(),
        "budget": _euros(plan.inputs.budget),
        "status": plan.status,
        "objective": plan.objective,
        "bound": json_value(plan.bound),
        "gap": plan.gap,
        "weights": asdict(plan.weights),
        "parts": plan.parts,
        "sessions": rows_of(plan.sessions),
        "seats": rows_of(plan.seats),
    }


def regions(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return what is known of the régions of a plan (see `RegionalPlan.regions`)."""
    return [{**row, "budget": _euros(row["budget"])} for row in rows_of(rows)]


def _euros(amount: float | None) -> str | None:
    """Return an amount as JSON has it."""
    return None if amount is None else f"{amount:.2f}"
