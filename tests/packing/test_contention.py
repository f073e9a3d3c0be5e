"""What first offers compete for: counted again by hand, and what holds of every programme."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, strategies as st
from polars.testing import assert_frame_equal

from made import ON, crowded, programme
from prai_match import Programme, UnknownCodeError
from prai_match.model import cancelled_on
from prai_match.testing import days, programmes
from thorough import examples

if TYPE_CHECKING:
    from typing import Any

    from prai_match import Recommendations
    from prai_match.model import Lang

PACE = {"team": {"per_day": 2}, "relay": {"per_day": 1}}
DAYS = st.dates(dt.date(2006, 12, 1), dt.date(2008, 6, 1))
Row = tuple[str, str, "str | None", "dt.date | None", int, int]


def known(recs: Recommendations) -> pl.DataFrame:
    """The sessions that are known on the day, held or booked, and not cancelled."""
    rows = recs.programme.sessions.to_polars().filter(pl.coalesce("booked_on", "date") <= recs.on)
    return rows.join(cancelled_on(recs.programme.decisions.to_polars(), recs.on), on="id", how="anti")


def by_hand(recs: Recommendations) -> set[Row]:
    """Count territory by territory who wants what."""
    held, most = known(recs), recs.programme.pace.team.per_day
    relays = {partner.id: partner.sessions_a_year for partner in recs.programme.partners}
    busy = Counter(held["date"])
    own = {rec.next.day for rec in recs if rec.next is not None and rec.next.joins is None}
    years = [Counter(held.filter((pl.col("date") - day).dt.total_days().abs() < 365)["partner"]) for day in own]
    wanted: dict[tuple[str, str | None, dt.date | None], set[object]] = {}
    left: dict[tuple[str, str | None, dt.date | None], int] = {}
    uses = []
    for rec in recs:
        if (offer := rec.next) is None:
            continue
        booked = held.filter(id=offer.joins).rows(named=True)[0] if offer.joins else None
        room = recs.answers.rooms[offer.joins] if offer.joins else None
        year_of = relays.get(offer.partner or "")
        mine: list[tuple[str, str | None, dt.date | None, object, int | None]] = []
        if booked is not None:
            mine = [("seats", offer.joins, booked["date"], rec.territory, room)]
        else:
            what: object = (offer.session, offer.host)
            mine = [
                (
                    "relay",
                    offer.partner,
                    None,
                    what,
                    None if year_of is None else year_of - min(year[offer.partner] for year in years),
                ),
                ("team", None, offer.day, what, None if most is None else most - busy[offer.day]),
                ("trainer", offer.trainer, offer.day, what, 1),
            ]
        for resource, code, day, wants, some in mine:
            if some is not None:
                key = resource, code, day
                wanted.setdefault(key, set()).add(wants)
                left[key] = max(0, some)
                uses.append((rec.territory, key))
    return {
        (territory, *key, len(wanted[key]), left[key])
        for territory, key in uses
        if len(wanted[key]) > max(1, left[key])
    }


@pytest.mark.parametrize(
    ("region", "on"), [("midi_pyrenees", dt.date(2007, 9, 3)), ("occitanie_2026", dt.date(2026, 11, 16))]
)
def test_it_is_what_counting_by_hand_says_of_the_regions(region: str, on: dt.date) -> None:
    recs = Programme.example(region).recommend(on)
    rows = recs.contention()
    assert set(rows.rows()) == by_hand(recs)
    assert {"relay", "team", "trainer"} <= {*rows["resource"]}
    assert rows.columns == ["territory", "resource", "code", "day", "wanted", "left"]


@examples(30)
@given(crowded(), DAYS, st.data())
def test_it_is_what_counting_by_hand_says_of_any(rows: dict[str, Any], on: dt.date, data: st.DataObject) -> None:
    recs = Programme.model_validate(rows | {"pace": PACE}).recommend(on)
    assert set(recs.contention().rows()) == by_hand(recs)
    some = data.draw(st.lists(st.sampled_from([*recs.keys()]), unique=True))
    few = recs.programme.recommend(on, territories=some)
    assert set(few.contention().rows()) == by_hand(few)


@examples(30)
@given(programmes(), days(), st.data())
def test_nobody_competes_alone_and_the_order_changes_nothing(made: Programme, on: dt.date, data: st.DataObject) -> None:
    recs = made.recommend(on)
    rows = recs.contention("en")
    other = data.draw(st.permutations([*recs.keys()]))
    assert_frame_equal(made.recommend(on, territories=other).contention("en"), rows)
    for territory in other:
        assert recs.where(territory=territory).contention().is_empty()
    # Of fewer territories, fewer sessions want the same.
    few = recs.where(territory=other[: len(other) // 2]).contention()
    keys = ["territory", "resource", "code", "day", "left"]
    both = few.join(rows, on=keys, nulls_equal=True)
    assert both.height == few.height
    assert (both["wanted"] <= both["wanted_right"]).all()


TRAINER = {
    "fr": "L’intervenant Agence web (Formatrice) est demandé par 2 premières propositions le 24 septembre 2007 ; il ne peut"
    " animer qu’une session par jour.",
    "en": "2 first-choice offers need the trainer Agence web (Formatrice) on 24 September 2007, who can lead only one session"
    " a day.",
}
SEATS = {
    "fr": "La session programmée « Site » (Territoire 2, 20 septembre 2007) est la première proposition de 2 territoires ; places"
    " restantes : 1.",
    "en": "The booked session “Site” (Territoire 2, 20 September 2007) is the first-choice offer of 2 territories; seats left: 1.",
}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_it_is_told_in_a_language(lang: Lang) -> None:
    assert TRAINER[lang] in {*programme().recommend(on=ON).contention(lang)["sentence"]}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_seats_of_a_booked_session_are_what_those_who_join_it_compete_for(lang: Lang) -> None:
    booked = {"id": "b", "session": "site_internet", "date": "2007-09-20", "booked_on": "2007-08-01", "host": "T2"}
    booked |= {"partner": "adm09", "trainer": "web"}
    asks = [
        {"collectivity": code, "date": "2007-05-02", "workshop": "site_internet", "people": 12}
        for code in ("09001", "09003", "09005")
    ]
    here = [{"session": "b", "collectivity": "09003", "people": 19}]
    recs = programme(sessions=[booked], attendances=[], needs=asks, registrations=here).recommend(on=ON)
    rows = recs.contention(lang)
    assert rows.drop("sentence").rows() == [
        (territory, "seats", "b", dt.date(2007, 9, 20), 2, 1) for territory in ("T1", "T3")
    ]
    assert {*rows["sentence"]} == {SEATS[lang]}


def test_another_language_is_refused() -> None:
    with pytest.raises(UnknownCodeError, match="language"):
        programme().recommend(on=ON).contention("de")  # type: ignore[arg-type]
