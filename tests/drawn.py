"""Programmes and policies that are drawn, each with a day, to compare what the engine and the oracle say of them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Final, NamedTuple

from hypothesis import HealthCheck, Phase, reject, settings, strategies as st

from made import crowded, data
from prai_match import Policy, Programme
from prai_match.errors import PolicyError, ProgrammeError
from prai_match.policy import STAGES, TERRITORY, Column, Vocabulary
from prai_match.testing import attributes, days, need_texts, policies, programmes
from prai_match.testing._variants import rebuilt

REASONS = (None, "declined", "no_relay", "no_trainer", "over_budget")  # None: the rule's own


def drawing(count: int) -> settings:
    """Return the settings of what is drawn to be counted: nothing is kept, and nothing made smaller."""
    every = list(HealthCheck)
    return settings(
        max_examples=count, phases=[Phase.generate], database=None, deadline=None, suppress_health_check=every
    )


@st.composite
def rules(draw: st.DrawFn) -> Policy:
    """The default policy or one near it, with rules that read any columns of the vocabulary."""
    policy = draw(policies())
    if far := draw(st.sampled_from([None, "distance_km < 30", "distance_km > 30", "reach_km > 2 * distance_km"])):
        policy = policy.require(far, id="far", stage="trainer")  # so that not all have a place of their own
    if room := draw(st.sampled_from([None, "partner_room / 4", "partner_room / max_seats / (1 + partner_hosted)"])):
        policy = policy.prefer(room, id="room", stage="partner", weight=9, unknown=0.5)
    if draw(st.booleans()):
        policy = policy.with_rules(row for row in policy.rows.rule if row.stage != "session")
    for number in range(draw(st.integers(0, 3))):
        stage = draw(st.sampled_from((TERRITORY, *STAGES)))
        column = draw(st.sampled_from(Vocabulary.standard().columns(stage)))
        rule: dict[str, Any] = {"id": f"own_{number}", "stage": stage}
        try:
            if stage == TERRITORY or column.limit or draw(st.booleans()):
                share = draw(st.sampled_from([0.0, 0.25, 1.0]))
                policy = policy.prefer(draw(shares(column)), weight=9, unknown=share, **rule)
            else:
                rule["reason"] = draw(st.sampled_from(REASONS))
                rule["unknown"] = draw(st.sampled_from(["accept", "refuse"]))
                policy = policy.require(draw(conditions(column)), **rule)
        except PolicyError:  # never holds, alone or with another one
            continue
    return policy


def conditions(column: Column) -> st.SearchStrategy[str]:
    if column.type == "number":
        high = 100.0 if column.high is None else column.high
        numbers = st.sampled_from([0.0, 1.0, high / 3, high])
        return st.builds("{} {} {}".format, st.just(column.name), st.sampled_from(["<=", ">", "<>"]), numbers)
    if column.type == "boolean":
        return st.sampled_from([column.name, f"NOT {column.name}", f"{column.name} IS NULL"])
    return st.sampled_from([f"{column.name} <> '{text}'" for text in (*column.values[:2], "T0", "sig")[:2]])


def shares(column: Column) -> st.SearchStrategy[str]:
    if column.type != "number":
        return conditions(column)
    n = column.name
    return st.sampled_from(
        [f"{n} / 90", f"1 - {n} / 30", f"1 / {n}", f"COALESCE({n}, 5) / 9", f"CASE WHEN {n} > 3 THEN {n} / 50 END",
         f"SQRT({n}) / 9", f"{n} BETWEEN 1 AND 30", f"{n} IN (0, 1)"]
    )  # fmt: skip


SETTINGS = st.fixed_dictionaries(
    {"travel_km": st.sampled_from([60.0, 200.0, 500.0])},
    optional={
        "notice_days": st.sampled_from([0, 7]), "join_notice_days": st.sampled_from([0, 30]), "offer_horizon_days": st.sampled_from([20, 60, 400]),
        "strong_need": st.sampled_from([0, 80]), "trainer_wait_limit": st.sampled_from([0, 300]),
        "trainer_load_limit": st.sampled_from([0.1, 5.0]), "euros_per_km": st.sampled_from([Decimal(0), Decimal("1.15")]),
    },
)  # fmt: skip
PROGRAMMES = programmes(texts=need_texts()) | programmes(case="busy", attributes=attributes()) | programmes()


@st.composite
def with_bookings(draw: st.DrawFn) -> tuple[Programme, dt.date]:
    """A programme and a day, soon after which sessions are booked that others may join, or a year before which some were."""
    rows, on = draw(crowded()), draw(st.dates(dt.date(2007, 1, 1), dt.date(2008, 6, 30)))
    codes = {name: [each["id"] for each in rows[name]] for name in ("territories", "partners", "trainers")}
    members = [code for each in rows["territories"] for code in each["members"]]
    for number in range(draw(st.integers(1, 8)) if members else 0):
        day = on + dt.timedelta(
            draw(st.integers(0, 70) | st.integers(-364, -250))
        )  # or in a relay's year for some time
        booked = {
            "date": str(day),
            "booked_on": str(min(day, on) - dt.timedelta(draw(st.integers(0, 60)))),
            "session": draw(st.sampled_from(["site_internet", "sig", "b_web"])),
            "host": draw(st.sampled_from(codes["territories"])),
            "partner": draw(st.sampled_from([None, *codes["partners"]])),
            "trainer": draw(st.sampled_from([None, *codes["trainers"]])),
        }
        rows["sessions"].append({"id": f"soon_{number}", **booked})
        who = draw(st.lists(st.sampled_from(members), max_size=2, unique=True))
        people = draw(st.sampled_from([None, 3, 12]))
        rows["registrations"] += [{"session": f"soon_{number}", "collectivity": code, "people": people} for code in who]
    try:
        return Programme.model_validate(rows), on
    except ProgrammeError:  # not all lead, carry or can be there
        reject()


class Case(NamedTuple):
    """What `agreement.compare` compares."""

    programme: Programme
    on: dt.date
    policy: Policy


LATE = st.dates(dt.date(2007, 1, 1), dt.date(2008, 12, 31))
_DRAWN: Final[dict[str, st.SearchStrategy[tuple[Programme, dt.date]]]] = {
    "plain": st.tuples(PROGRAMMES, days()),
    "long histories": st.tuples((data() | crowded()).map(Programme.model_validate), LATE),
    "booked sessions": with_bookings(),
}
KINDS: Final = tuple(_DRAWN)


@st.composite
def cases(draw: st.DrawFn, kind: str) -> Case:
    """Draw a programme of a kind with other settings, and a policy that it takes: not all have the codes of this."""
    (programme, on), settings, policy = draw(_DRAWN[kind]), draw(SETTINGS), draw(rules())
    made = rebuilt(programme.model_copy(update=settings))
    try:
        policy.checked(made)
    except PolicyError:
        reject()
    return Case(made, on, policy)
