"""What a recommendation was computed from, as data that is kept beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from prai_match.model import as_of

if TYPE_CHECKING:
    from prai_match.recommend import Answers


def inputs_of(answers: Answers) -> dict[str, Any]:
    """Return the programme as of the day and, where they were others than its own, policy, graph and columns."""
    programme, policy, own = as_of(answers.programme, answers.on), answers.policy.data, answers.snapshot.own_columns
    return {
        "programme": programme.model_dump(mode="json"),
        # The default one is kept too: another version may have another.
        "policy": None if policy == programme.policy_rows else policy.model_dump(mode="json"),
        "follow_ups": None if answers.graph is None else answers.graph.edges().to_dicts(),
        "extra": None if own is None else json.loads(own.write_json()),
    }
