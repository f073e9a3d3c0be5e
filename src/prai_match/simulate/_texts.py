"""What territories say when they ask: texts, read by the lexicon like those of real people, misreadings included."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from prai_match.needs import classify, lexicon_of
from prai_match.offers import STATED

if TYPE_CHECKING:
    from prai_match.model import ProgrammeData
    from prai_match.offers import Frames
    from prai_match.simulate._draws import Floats, Ints

NOTHING = -1
"""Stands for a session that the lexicon doesn't read in a text."""


@dataclass(frozen=True, eq=False)
class Texts:
    """Every text that can be said, numbered; what it means is what its reader makes of it.

    Attributes:
        frame: ``text``, ``workshop`` and ``axis`` (where an officer states them).
        read: (N,) the session that is read in each, or `NOTHING`.
        axis: (N,) the axis ``x``.
        score: (N,) 0 to 100.
        chosen: (N,) 1 where an axis is asked for.
        said: First and last texts, plus one, by axis ``x`` of the workshop that is meant.
        unclear: The same for those that are about no workshop.
        stated: The same for those whose workshop an officer states, by axis ``x``.
    """

    frame: pl.DataFrame
    read: Ints
    axis: Ints
    score: Floats
    chosen: Ints
    said: dict[int, tuple[int, int]]
    unclear: tuple[int, int]
    stated: dict[int, tuple[int, int]]


@cache
def _bundled() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("prai_match.simulate").joinpath("data/texts.toml").read_text("utf-8"))


def texts(programme: ProgrammeData, frames: Frames) -> Texts:
    """Gather what can be said for the workshops of a programme, and read it with its lexicon.

    The texts are those of the bundled catalogue; for another workshop they are its names, and its officer states it.
    """
    rows: list[tuple[str, str | None, str | None]] = []
    said: dict[int, tuple[int, int]] = {}
    stated: dict[int, tuple[int, int]] = {}
    bundled = _bundled()
    names = {session.id: session for session in programme.catalogue.sessions}
    axes = frames.axes.join(frames.sessions.select("s", "session", "kind"), on="session").sort("x")
    for x, session, axis in axes.filter(kind="workshop").select("x", "session", "axis").iter_rows():
        named = [each.name.fr for each in names[session].axes if each.id == axis]
        phrases = bundled.get(session, {}).get(axis or "core")
        own = phrases or [" : ".join([names[session].name.fr, *named])]
        stated[x] = (len(rows), len(rows) + len(own))
        rows += [(text, session, axis) for text in own]
        said[x] = stated[x]
        if phrases:
            said[x] = (len(rows), len(rows) + len(own))
            rows += [(text, None, None) for text in own]
    unclear = (len(rows), len(rows) + len(bundled["none"]["any"]))
    rows += [(text, None, None) for text in bundled["none"]["any"]]
    frame = pl.DataFrame(rows, schema={"text": pl.String, "workshop": pl.String, "axis": pl.String}, orient="row")
    return _read(frame, programme, frames, said, unclear, stated)


def _read(  # noqa: PLR0913, PLR0917 - what `texts` found
    frame: pl.DataFrame,
    programme: ProgrammeData,
    frames: Frames,
    said: dict[int, tuple[int, int]],
    unclear: tuple[int, int],
    stated: dict[int, tuple[int, int]],
) -> Texts:
    found = classify(frame["text"], lexicon_of(programme))
    read = {"by_reader": found["workshop"], "by_reader_axis": found["axis"], "points": found["score"]}
    meant = (
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
        read=meant["s"].cast(pl.Int64).fill_null(NOTHING).to_numpy(),
        axis=meant["x"].cast(pl.Int64).fill_null(0).to_numpy(),
        score=meant["score"].to_numpy(),
        chosen=meant["axis"].is_not_null().cast(pl.Int64).to_numpy(),
        said=said,
        unclear=unclear,
        stated=stated,
    )


def chosen_text(texts: Texts, axis: Ints, chance: Floats, unclear: float, stated: float) -> Ints:
    """Return the text said about each ``axis``; one chance decides whether it is clear, stated, and which it is."""
    width = max([*texts.said, *texts.stated], default=0) + 1
    plain, officers = _bounds(texts.said, width)[axis], _bounds(texts.stated, width)[axis]
    none = chance < unclear
    officer = ~none & (chance < unclear + stated)
    bounds = np.where(none[:, None], np.array(texts.unclear), np.where(officer[:, None], officers, plain))
    low = np.where(none, 0.0, np.where(officer, unclear, unclear + stated))
    wide = np.where(none, unclear, np.where(officer, stated, 1 - unclear - stated))
    within = np.round(np.divide(chance - low, wide, out=np.zeros_like(chance), where=wide > 0), 12)
    count = bounds[:, 1] - bounds[:, 0]
    place = np.floor(within * count).astype(np.int64)
    found: Ints = bounds[:, 0] + np.clip(place, 0, np.maximum(count - 1, 0))
    return found


def _bounds(texts: dict[int, tuple[int, int]], width: int) -> Ints:
    """Return the first text of each axis, and the last plus one: (X, 2)."""
    found = np.zeros((width, 2), np.int64)
    for x, bounds in texts.items():
        found[x] = bounds
    return found
