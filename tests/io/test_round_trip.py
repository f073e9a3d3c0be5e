from __future__ import annotations

import datetime as dt
import tempfile
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import given, strategies as st

from prai_match import io, register
from prai_match.errors import PraiError
from prai_match.io._writing import Format
from prai_match.model import (
    Attendance,
    Axis,
    Blackout,
    Budget,
    Buffet,
    Calendar,
    Catalogue,
    Collectivity,
    Decision,
    Election,
    Expertise,
    FollowUp,
    HeldSession,
    HostingRecord,
    Model,
    Module,
    Need,
    Period,
    ProgrammeData,
    Registration,
    RelayPartner,
    Scope,
    Territory,
    Text,
    Theme,
    Trainer,
    Workshop,
)
from prai_match.testing import paces
from thorough import examples

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from region import Region


HOSTILE = [
    '"',
    ";",
    "\n",
    "\r\n",
    "\r",
    "=cmd()",
    "+1",
    "-2",
    "@x",
    "\t",
    "'",
    "''",
    "'=",
    "é",
    "🏛️",
    "\u200f",
    "\u202e",
]
HOSTILE += ["\ufeff", "\x00", "\x1f", "\x7f", "\x85", "\u2028", "\\", '"""', "#", "]", "a", " ", "\N{NO-BREAK SPACE}"]

texts = st.lists(
    st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs"]), max_size=5), max_size=6
).map("".join)
names = texts.filter(lambda text: bool(text.strip()))


@cache
def official() -> frozenset[str]:
    return frozenset(register.frame()["code"])


# A code of the register has a name there: a collectivity that has another is rejected.
ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,8}", fullmatch=True).filter(
    lambda code: official().isdisjoint({code, f"0{code}"})
)
departements = st.sampled_from(["01", "09", "2A", "31", "971"])
days = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
amounts = st.decimals(0, 999_999, places=2) | st.sampled_from(
    [Decimal(0), Decimal("1E+4"), Decimal("-0.00"), Decimal("0.5")]
)
bilingual = st.builds(Text, fr=names, en=names)
latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)
ratings = st.none() | st.floats(1, 4)


def periods() -> st.SearchStrategy[Period]:
    return st.tuples(days, days).map(lambda pair: Period(start=min(pair), end=max(pair)))


def modules(axes: Sequence[str | None]) -> st.SearchStrategy[tuple[Module, ...]]:
    material, minutes = st.none() | bilingual, st.integers(1, 30)
    each = st.builds(Module, title=bilingual, minutes=minutes, material=material, axis=st.sampled_from(axes))
    return st.lists(each, max_size=3).map(tuple)


def scopes() -> st.SearchStrategy[Scope]:
    sentences = st.lists(bilingual, max_size=2).map(tuple)
    return st.builds(Scope, covers=sentences, excludes=sentences)


@st.composite
def catalogues(draw: st.DrawFn, new: Callable[[], str]) -> Catalogue:
    themes = tuple(Theme(id=new(), name=draw(bilingual)) for _ in range(draw(st.integers(1, 2))))
    theme = st.sampled_from([theme.id for theme in themes])
    buffet = Buffet(
        id=new(),
        name=draw(bilingual),
        core=draw(bilingual),
        themes=(draw(theme),),
        cost=draw(amounts),
        minutes=draw(st.integers(90, 480)),
        modules=draw(modules([None])),
    )
    axes = tuple(Axis(id=new(), name=draw(bilingual)) for _ in range(draw(st.integers(0, 2))))
    workshop = Workshop(
        id=new(),
        name=draw(bilingual),
        core=draw(bilingual),
        theme=draw(theme),
        axes=axes,
        scope=draw(scopes()),
        modules=draw(modules([None, *(axis.id for axis in axes)])),
        made=draw(st.booleans()),
    )
    prior = draw(st.floats(0, 1, exclude_min=True, exclude_max=True))
    follow_ups = (FollowUp(source=buffet.id, target=workshop.id, prior=prior),) if draw(st.booleans()) else ()
    return Catalogue(
        themes=themes,
        buffets=(buffet,),
        workshops=(workshop,),
        follow_ups=follow_ups,
    )


@st.composite
def programmes(draw: st.DrawFn) -> ProgrammeData:
    pool = iter(draw(st.lists(ids, min_size=20, max_size=20, unique=True)))

    def new() -> str:
        return next(pool)

    def up_to(count: int) -> range:
        return range(draw(st.integers(0, count)))

    catalogue = draw(catalogues(new))
    workshop, sessions = catalogue.workshops[0], [session.id for session in catalogue.sessions]
    axes = st.none() | st.sampled_from(workshop.axes).map(lambda axis: axis.id) if workshop.axes else st.none()
    collectivities = tuple(
        Collectivity(
            code=new(),
            name=draw(names),
            kind=draw(st.sampled_from(["commune", "epci", "other"])),
            departement=draw(departements),
            population=draw(st.none() | st.integers(0, 10**7)),
        )
        for _ in range(2)
    )
    members = tuple(collectivity.code for collectivity in collectivities)
    territory = Territory(
        id=new(),
        name=draw(names),
        departement="31",
        members=members,
        population=1,
        latitude=draw(latitudes),
        longitude=draw(longitudes),
    )
    partners = tuple(
        RelayPartner(
            id=new(),
            name=draw(names),
            kind="adm",
            departements=tuple(draw(st.lists(departements, min_size=1, max_size=2))),
            carries=tuple(draw(st.lists(st.sampled_from(sessions), max_size=2))),
            sessions_a_year=draw(st.none() | st.integers(0, 9)),
            hosted=tuple(HostingRecord(departement=d, sessions=7) for d in draw(st.sets(departements, max_size=2))),
            brings=draw(st.sampled_from([(), ("elected",), ("technicians", "elected")])),
        )
        for _ in up_to(2)
    )
    trainers = tuple(
        Trainer(
            id=new(),
            organisation=draw(names),
            role=draw(names),
            expertise=tuple(Expertise(session=s) for s in draw(st.permutations(sessions))),
            home="31555",
            latitude=draw(latitudes),
            longitude=draw(longitudes),
            reach_km=draw(st.floats(0, 1e300)),
            free=tuple(draw(st.lists(periods(), max_size=2))),
            taken=tuple(draw(st.lists(days, max_size=3))),
            fee=draw(amounts),
            rating=draw(ratings),
        )
        for _ in up_to(2)
    )
    needs = tuple(
        Need(
            collectivity=draw(st.sampled_from(members)),
            date=draw(days),
            channel=draw(st.sampled_from(["web", "other"])),
            text=draw(texts),
            workshop=workshop.id,
            axis=draw(axes),
            people=draw(st.integers(1, 500)),
        )
        for _ in up_to(3)
    )
    held = tuple(
        HeldSession(
            id=new(),
            session=workshop.id,
            date=draw(days),
            booked_on=draw(st.none() | days),
            host=territory.id,
            axis=draw(axes),
            partner=partners[0].id if partners else None,
            trainer=trainers[0].id if trainers else None,
            cost=draw(amounts),
        )
        for _ in up_to(2)
    )
    attendances = tuple(
        Attendance(
            collectivity=members[0],
            session=session.session,
            date=session.date,
            elected=1,
            technicians=draw(st.integers(0, 9)),
            rating=draw(ratings),
            held=draw(st.sampled_from([session.id, None])),
        )
        for session in held
    )
    decisions = tuple(
        Decision(
            date=draw(days),
            event="replaced",
            who=draw(st.sampled_from(["officer", "territory"])),
            territory=territory.id,
            session=catalogue.sessions[0].id,
            replaced_by=draw(st.sampled_from([None, catalogue.sessions[0].id])),
            why=draw(names | st.just("")),
        )
        for _ in up_to(2)
    )
    registrations = tuple(
        Registration(session=session.id, collectivity=member, people=draw(st.none() | st.integers(1, 500)))
        for session in held
        for member in territory.members[: draw(st.integers(0, 2))]
    )
    history: dict[str, Any] = {"needs": needs, "sessions": held, "attendances": attendances, "decisions": decisions}
    history["registrations"] = registrations
    blackout = draw(periods())
    return ProgrammeData(
        name=draw(bilingual),
        period=draw(periods()),
        catalogue=catalogue,
        collectivities=collectivities,
        territories=(territory,),
        partners=partners,
        trainers=trainers,
        **history,
        calendar=Calendar(
            blackouts=tuple(Blackout(start=blackout.start, end=blackout.end, reason=draw(bilingual)) for _ in up_to(1)),
            elections=tuple(Election(date=draw(days), name=draw(bilingual)) for _ in up_to(1)),
        ),
        pace=draw(paces()),
        budget=draw(st.none() | st.builds(Budget, total=amounts, other_spending=amounts)),
        travel_km=draw(st.floats(0, 500, exclude_min=True)),
        euros_per_km=draw(st.decimals(0, 100, places=4)),
    )


@examples(30)
@given(programmes())
def test_what_is_saved_is_loaded_again(programme: ProgrammeData) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert io.load(io.save(programme, folder), strict=True).programme == programme


@pytest.mark.parametrize("suffix", get_args(Format))
@examples(8)
@given(programme=programmes())
def test_every_format_gives_the_same_programme_back(suffix: Format, programme: ProgrammeData) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            saved = io.save(programme, folder, suffix)
        except PraiError as error:  # a workbook holds no control characters
            assert suffix in {"xlsx", "ods"}, error  # noqa: PT017
            return
        assert io.load(saved, strict=True).programme == programme


@pytest.mark.parametrize("suffix", get_args(Format))
def test_the_bundled_region_comes_back_from_every_format(suffix: Format, region: Region, tmp_path: Path) -> None:
    loaded = io.load(io.save(region.data, tmp_path / suffix, suffix), strict=True)
    assert loaded.programme == region.data
    mended = set(loaded.report.repairs("en")["column"])
    assert mended <= ({"free"} if suffix in {"xlsx", "ods"} else set())  # a sheet says "oui" and "non"


def test_every_field_of_a_row_has_a_column(folder: Path) -> None:
    io.save(io.load(folder).programme, folder)
    header = {
        path.stem: path.read_text("utf-8-sig").partition("\n")[0].split(";") for path in sorted(folder.glob("*.csv"))
    }
    rows: dict[str, type[Model]] = {
        "collectivities": Collectivity,
        "territories": Territory,
        "partners": RelayPartner,
        "needs": Need,
        "sessions": HeldSession,
        "attendances": Attendance,
        "decisions": Decision,
        "registrations": Registration,
    }
    assert {name: header[name] for name in rows} == {
        name: [field for field in row.model_fields if field != "attributes"] for name, row in rows.items()
    }
    assert set(header["trainers"]) == set(Trainer.model_fields) - {"expertise", "free", "taken", "attributes"}
    assert set(header["expertise"]) == {"trainer", *Expertise.model_fields}
    assert set(header["trainer_days"]) == {"trainer", "free", *Period.model_fields}
    assert set(ProgrammeData.model_fields) & set(header) == {*rows, "trainers"}
