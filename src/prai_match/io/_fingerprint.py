"""The fingerprint of all inputs of answers: tables, settings, rules and versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import polars as pl

from prai_match import register
from prai_match._later import Later
from prai_match._version import __version__
from prai_match.io._schema import FIELDS
from prai_match.io._write import frames
from prai_match.model import ProgrammeData, as_of
from prai_match.needs import lexicon_of
from prai_match.offers import Snapshot, needs_read
from prai_match.policy import Policy
from prai_match.recommend import Answers

if TYPE_CHECKING:
    from prai_match import explain
else:
    explain = Later(".explain")


def fingerprint(programme: ProgrammeData, policy: Policy, snapshot: Snapshot, top: int) -> explain.Fingerprint:
    """Return the fingerprint of all inputs of the recommendations of a day, limited to what was known then."""
    digest, frame_digest, unordered = explain.digest, explain.frame_digest, explain.unordered
    tables = {name: frame_digest(frame) for name, frame in frames(as_of(programme, snapshot.on)).items()}
    # For needs, what was read in them, since their texts can be forgotten.
    tables["needs"] = frame_digest(needs_read(programme).drop("cell").filter(pl.col("date") <= snapshot.on))
    # The compiled lexicon and policy have separate parts, as do the tables of attributes.
    apart = {"lexicon_table", "policy_rows", "assume_fee", "pace"}  # only sets of offers read the last two
    settings = programme.model_dump(exclude={*(table.name for table in FIELDS), *apart})
    rules = policy.rows.model_dump(include={"id", "name", "column", "rule"})  # including those of the extended policy
    weights = {row["id"]: row.pop("weight") for row in rules["rule"] if "weight" in row}
    return explain.Fingerprint(
        {
            **tables,
            **{name: digest(unordered(settings.pop(name))) for name in ("catalogue", "calendar", "budget")},
            "settings": digest(unordered(settings)),
            "lexicon": digest(lexicon_of(programme).compiled.table.model_dump()),
            "policy": digest(unordered(rules)),
            "weights": digest(weights),
            "follow_ups": frame_digest(snapshot.follow_ups.edges()),
            "extra": digest(None) if snapshot.own_columns is None else frame_digest(snapshot.own_columns),
            "day": snapshot.on.isoformat(),
            "top": str(top),
            "register": register.about().version,
            "library": __version__,
            "polars": pl.__version__,
        }
    )


def fingerprint_of(answers: Answers) -> explain.Fingerprint:
    """Return the fingerprint of all inputs of answers, computed once: half a second per million attendances."""
    if answers not in _FINGERPRINTS:
        _FINGERPRINTS[answers] = fingerprint(answers.programme, answers.policy, answers.snapshot, answers.top)
    return _FINGERPRINTS[answers]


_FINGERPRINTS: Final[WeakKeyDictionary[Answers, explain.Fingerprint]] = WeakKeyDictionary()
