"""What stands in for the relays or trainers of a programme that has none, so that its policies can be judged."""

from collections.abc import Iterator, Mapping
from typing import Any

from prai_match.backtest._check import without
from prai_match.model import ProgrammeData, RelayPartner, Trainer, substitute
from prai_match.policy import Policy, expressions

_FARTHEST_KM = 20_016  # half the circumference of the Earth
_KEYS = {"partners": "partner", "trainers": "trainer"}  # what columns that tell of them depend on


def with_stand_ins(
    programme: ProgrammeData, policies: Mapping[str, Policy]
) -> tuple[ProgrammeData, dict[str, Policy], dict[str, tuple[str, ...]]]:
    """Give a programme without relays, or without trainers, one that is always free, everywhere, for every session.

    No rule learns anything of it: those that read a relay or trainer are left out. They are given too, by what there
    are none of (``partners``, ``trainers``).
    """
    stand_ins, left, own = dict[str, Any](), dict[str, tuple[str, ...]](), dict(policies)
    for table, key in _KEYS.items():
        if not getattr(programme, table):
            reading = {name: {*_reading(policy, key)} for name, policy in own.items()}
            own = {name: without(policy, reading[name]) for name, policy in own.items()}
            left[table] = tuple(sorted(set[str]().union(*reading.values())))
            stand_ins[table] = (_MADE[table](programme),)
    return (substitute(programme, **stand_ins) if stand_ins else programme), own, left


def _reading(policy: Policy, key: str) -> Iterator[str]:
    """Return the rules of a policy that read what depends on a relay or trainer; limits are no rules of its own."""
    own = {column.name for column in policy.vocabulary.all if key in column.keys}
    limits = {rule.id for rule in policy.requirements if rule.limit}
    return (
        rule.id for rule, value in expressions(policy) if rule.id not in limits and not own.isdisjoint(value.columns)
    )


def _relay(programme: ProgrammeData) -> RelayPartner:
    places = sorted({each.departement for each in programme.territories})
    return RelayPartner.model_validate({"id": "relay", "name": "relay", "kind": "other", "departements": places})


def _trainer(programme: ProgrammeData) -> Trainer:
    every, home = [{"session": each.id} for each in programme.catalogue.sessions], programme.territories[0]
    place = {"home": home.members[0], "latitude": home.latitude, "longitude": home.longitude, "reach_km": _FARTHEST_KM}
    who = {"id": "trainer", "organisation": "trainer", "role": "trainer"}
    return Trainer.model_validate({**who, **place, "expertise": every})


_MADE = {"partners": _relay, "trainers": _trainer}
