"""What territories say when they ask: texts, read by the lexicon like those of real people, misreadings included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from prai_match._words import catalogue
from prai_match.needs import classify, lexicon_of
from prai_match.offers import STATED
from prai_match.simulate._parts import PACKAGE

if TYPE_CHECKING:
    from prai_match.model import ProgrammeData
    from prai_match.offers import Frames
    from prai_match.simulate._draws import Floats, Ints

NOTHING = -1
"""Stands for a session that the lexicon doesn't read in a text."""


@dataclass(frozen=True, eq=False)
class Texts:
    """Every text that can be said, numbered; what it means is what its reader makes of it."""

    frame: pl.DataFrame  # ``text``, ``workshop`` and ``axis`` (where an officer states them)
    read: Ints  # (N,) the session that is read in each, or `NOTHING`
    axis: Ints  # (N,) the axis ``x``
    score: Floats  # (N,) 0 to 100
    chosen: Ints  # (N,) 1 where an axis is asked for
    plain: dict[int, tuple[int, int]]  # first and last texts, plus one, by axis ``x`` of the workshop that is meant
    unclear: tuple[int, int]  # the same for those that are about no workshop
    by_officer: dict[int, tuple[int, int]]  # the same for those whose workshop an officer states, by axis ``x``


def texts(programme: ProgrammeData, frames: Frames) -> Texts:
    """Gather what can be said for the workshops of a programme, and read it with its lexicon.

    The texts are those of the bundled catalogue; for another workshop they are its names, and its officer states it.
    """
    rows: list[tuple[str, str | None, str | None]] = []
    by_officer: dict[int, tuple[int, int]] = {}
    plain: dict[int, tuple[int, int]] = {}
    bundled = catalogue(PACKAGE, "texts")
    sessions = {session.id: session for session in programme.catalogue.sessions}
    axes = frames.axes.join(frames.sessions.select("s", "session", "kind"), on="session").sort("x")

    def add(phrases: list[str], *workshop: str | None) -> tuple[int, int]:
        rows.extend((text, *workshop) for text in phrases)  # type: ignore[misc]
        return len(rows) - len(phrases), len(rows)

    for x, session, axis in axes.filter(kind="workshop").select("x", "session", "axis").iter_rows():
        names = [each.name.fr for each in sessions[session].axes if each.id == axis]
        phrases = bundled.get(session, {}).get(axis or "core")
        by_officer[x] = add(phrases or [" : ".join([sessions[session].name.fr, *names])], session, axis)
        plain[x] = add(phrases, None, None) if phrases else by_officer[x]
    unclear = add(bundled["none"]["any"], None, None)
    frame = pl.DataFrame(rows, schema={"text": pl.String, "workshop": pl.String, "axis": pl.String}, orient="row")
    classes = classify(frame["text"], lexicon_of(programme))
    read = {"by_reader": classes["workshop"], "by_reader_axis": classes["axis"], "points": classes["score"]}
    meaning = (
        frame.with_columns(officer=pl.col("workshop").is_not_null(), **read)
        .select(
            session=pl.coalesce("workshop", "by_reader"),
            axis=pl.when("officer").then("axis").otherwise("by_reader_axis"),
            score=pl.when("officer").then(STATED).otherwise("points").fill_null(0.0),
        )
        .join(
            frames.axes.select("session", "axis", "s", "x"),
            on=["session", "axis"],
            how="left",
            nulls_equal=True,
            maintain_order="left",
        )
    )
    return Texts(
        frame=frame,
        read=meaning["s"].cast(pl.Int64).fill_null(NOTHING).to_numpy(),
        axis=meaning["x"].cast(pl.Int64).fill_null(0).to_numpy(),
        score=meaning["score"].to_numpy(),
        chosen=meaning["axis"].is_not_null().cast(pl.Int64).to_numpy(),
        plain=plain,
        unclear=unclear,
        by_officer=by_officer,
    )


def pick(texts: Texts, axis: Ints, chance: Floats, unclear: float, stated: float) -> Ints:
    """Return the text said about each ``axis``; one chance decides whether it is clear, stated, and which it is."""
    width = max([*texts.plain, *texts.by_officer], default=0) + 1
    plain, officers = _bounds(texts.plain, width)[axis], _bounds(texts.by_officer, width)[axis]
    none = chance < unclear
    officer = ~none & (chance < unclear + stated)
    bounds = np.where(none[:, None], np.array(texts.unclear), np.where(officer[:, None], officers, plain))
    low = np.where(none, 0.0, np.where(officer, unclear, unclear + stated))
    wide = np.where(none, unclear, np.where(officer, stated, 1 - unclear - stated))
    within = np.round(np.divide(chance - low, wide, out=np.zeros_like(chance), where=wide > 0), 12)
    count = bounds[:, 1] - bounds[:, 0]
    place = np.floor(within * count).astype(np.int64)
    return np.asarray(bounds[:, 0] + np.clip(place, 0, np.maximum(count - 1, 0)), np.int64)


def _bounds(texts: dict[int, tuple[int, int]], width: int) -> Ints:
    """Return the first text of each axis, and the last plus one: (X, 2)."""
    return np.array([texts.get(x, (0, 0)) for x in range(width)], np.int64)
