"""What stands behind offers: the workshops that were asked for, and the follow-up that they are."""

import numpy as np

from prai_match.offers._facts import NONE, Array, Ints
from prai_match.offers._openings import chances_on, seen
from prai_match.offers._snapshot import Snapshot


def workshops_behind(day: Snapshot, t: Ints, s: Ints) -> Array:
    """Tell by needs for which sessions territories are offered one: offers × sessions.

    That is the session itself or, of a buffet, what it leads to and was not attended since the renewal.
    """
    block, edges, is_buffet = day.block_of(t), day.edges, day.frames.lessons.is_buffet[s]
    behind = (np.arange(block.width) == s[:, None]) & ~is_buffet[:, None]
    offer, edge = np.nonzero((edges.s == s[:, None]) & is_buffet[:, None])
    behind[offer, edges.s_next[edge]] = True
    attended = np.broadcast_to(block.column("attended").value, block.height * block.width).reshape(block.shape)
    again = is_buffet[:, None] & attended[t - block.first]
    return np.asarray(behind & ~again)


def follow_ups_behind(day: Snapshot, t: Ints, s: Ints) -> Ints:
    """Return of which follow-up each offer's ``follow_count`` tells, as rows: source, first day, count, support.

    That are the session that leads there, the first day on which the territory attended it since the renewal, how many
    territories gave the follow-up and how many could; `NONE` where the offer follows nothing.
    """
    block = day.block_of(t)
    ways, first = block.ways[t - block.first], block.first_recent[t - block.first]
    if not len(day.edges.s):
        return np.full((4, len(t)), NONE)
    chances = np.where(day.edges.s_next == s[:, None], chances_on(day, first, ways), 0.0)
    best = (chances > 0) & (chances == chances.max(axis=1, keepdims=True))
    edge = np.where(best, seen(day)[ways], NONE).argmax(axis=1)
    source, estimates = day.edges.s[edge], day.whole.estimates
    columns = source, first[np.arange(len(t)), source], estimates.counts[ways, edge], estimates.supports[ways, edge]
    return np.where(best.any(axis=1), np.stack(columns), NONE)
