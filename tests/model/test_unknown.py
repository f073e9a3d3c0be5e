"""What wasn't given is None: every default of the model is listed, with what it stands for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from prai_match import model
from prai_match.model import Attendance, HeldSession, Model, Need, Trainer, Workshop

NOT_GIVEN = {
    # Numbers and amounts that aren't known.
    "Attendance": {"elected", "technicians", "rating"},
    "Buffet": {"cost", "refresh_after"},
    "Collectivity": {"population"},
    "HeldSession": {"cost"},
    "Need": {"people"},
    "Registration": {"people"},
    "RelayPartner": {"sessions_a_year"},
    "Trainer": {"sessions_a_month", "fee", "rating"},
    "Workshop": {"cost", "refresh_after"},
}
"""Fields that are None where it isn't known what they hold."""

NOT_SAID = {
    "Attendance": {"held"},
    "Calendar": {"school_holidays"},
    "Decision": {*("collectivity", "territory", "held", "session", "host", "partner", "trainer", "day", "replaced_by")},
    "HeldSession": {"booked_on", "axis", "partner", "trainer"},
    "Module": {"axis", "material"},
    "PolicyRows": {"extends"},
    "RelayPace": {"per_week", "per_month"},
    "RelayPartner": {"since", "until"},
    "TeamPace": {"per_day", "per_week", "per_month"},
    "Trainer": {"since", "until"},
    "Need": {"workshop", "axis", "score"},
    "ProgrammeData": {"budget", "assume_fee", "lexicon_table", "policy_rows"},
}
"""Fields that are None where there is nothing: no file, no day, no axis, no limit."""

NONE_OF_THEM = {
    "Buffet": {"modules"},
    "Calendar": {"blackouts", "elections"},
    "Catalogue": {"buffets", "workshops", "follow_ups", "kinds"},
    "Expertise": {"axes"},
    "Kind": {"synonyms"},
    "PolicyRows": {"without", "column", "rule"},
    "ProgrammeData": {
        "partners",
        "trainers",
        "needs",
        "sessions",
        "attendances",
        "decisions",
        "registrations",
        "calendar",
    },
    "RelayPartner": {"carries", "hosted"},
    "Scope": {"covers", "excludes"},
    "Trainer": {"free", "taken"},
    "Workshop": {"axes", "modules"},
}
"""Lists that are empty."""

SETTINGS: dict[str, dict[str, Any]] = {
    "Attribute": {"unit": ""},
    "Budget": {"other_spending": 0},
    "Buffet": {"made": False, "minutes": 180, "min_seats": 15, "max_seats": 60, "kind": "buffet"},
    "Decision": {"who": "officer", "why": ""},
    "FollowUp": {"lag_days": 90},
    "Need": {"channel": "other", "text": ""},
    "Pace": {"team": model.TeamPace(), "relay": model.RelayPace()},
    "PolicyRows": {"weights": {}},
    "ProgrammeData": {
        "travel_km": 60,
        "notice_days": 21,
        "join_notice_days": 7,
        "offer_horizon_days": 120,
        "trainer_wait_limit": 60,
        "trainer_load_limit": 1,
        "reader": "both",
        "strong_need": 90,
        "needs_lapse_months": 24,
        "euros_per_km": Decimal("0.35"),
        "pace": model.Pace(),
    },
    "RelayPace": {"per_day": 1},
    "RelayPartner": {"brings": ("elected",)},
    "Workshop": {
        "made": False,
        "minutes": 180,
        "min_seats": 10,
        "max_seats": 20,
        "kind": "workshop",
        "scope": model.Scope(),
    },
}
"""Settings of the programme, and words for "another one" and "nothing written": none is a number that was counted."""


def _defaults() -> dict[str, dict[str, Any]]:
    kinds = {kind.__name__: kind for kind in vars(model).values() if isinstance(kind, type)}
    found = {
        name: {
            field: info.get_default(call_default_factory=True)
            for field, info in kind.model_fields.items()
            if not info.is_required()
        }
        for name, kind in kinds.items()
        if issubclass(kind, Model)
    }
    return {name: fields for name, fields in found.items() if fields}


def test_every_default_is_listed() -> None:
    listed = {
        name: {
            **dict.fromkeys(NOT_GIVEN.get(name, ())),
            **dict.fromkeys(NOT_SAID.get(name, ())),
            **{field: () if field != "calendar" else model.Calendar() for field in NONE_OF_THEM.get(name, ())},
            **SETTINGS.get(name, {}),
        }
        for name in {*NOT_GIVEN, *NOT_SAID, *NONE_OF_THEM, *SETTINGS}
    }
    found = _defaults()
    for fields in found.values():
        fields.pop("attributes", None)  # none are known
    found = {name: fields for name, fields in found.items() if fields and not name.endswith(("Table", "Row"))}
    found["ProgrammeData"] = {
        name: () if isinstance(value, model.Rows) else value for name, value in found["ProgrammeData"].items()
    }
    assert found == listed


def test_none_is_told_apart_from_zero() -> None:
    came = {"collectivity": "09001", "session": "sig", "date": "2007-01-01"}
    assert Attendance.model_validate(came) != Attendance.model_validate({**came, "elected": 0, "technicians": 0})
    trainer = Trainer.model_validate(
        {
            "id": "r",
            "organisation": "o",
            "role": "f",
            "expertise": [{"session": "sig"}],
            "home": "09001",
            "latitude": 43,
            "longitude": 1,
            "reach_km": 80,
        }
    )
    assert (trainer.fee, trainer.sessions_a_month, trainer.rating) == (None, None, None)
    assert trainer.model_copy(update={"fee": 0}) != trainer
    assert Need(collectivity="09001", date="2007-01-01", text="Un site").people is None  # type: ignore[arg-type]
    assert HeldSession(id="h", session="sig", date="2007-01-01", host="T1").cost is None  # type: ignore[arg-type]
    assert Workshop.model_fields["cost"].default is None


@pytest.mark.parametrize(
    ("kind", "field", "wrong"),
    [
        (Trainer, "fee", "-1"),
        (Trainer, "fee", "1.005"),
        (Trainer, "sessions_a_month", -1),
        (HeldSession, "cost", "-0.01"),
        (Need, "people", 0),
        (Attendance, "elected", 501),
    ],
)
def test_what_is_given_keeps_its_bounds(kind: type[Model], field: str, wrong: object) -> None:
    with pytest.raises(ValueError, match=field):
        kind.model_validate({field: wrong})
