"""From a history in Parquet files to a dataset of answers: those of the whole in memory, however it is cut and run."""

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
import os
import signal
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pyarrow.dataset as pads
import pytest
from hypothesis import given, strategies as st

from datasets.histories import TABLES, history, without_history, written
from made import ON, POLICY, data, programme, small
from prai_match import FollowUps, PraiError, Programme, UnknownCodeError, recommend_dataset
from prai_match.explain import table_of
from recommend.test_side_by_side import Here, two_departements
from thorough import examples

if TYPE_CHECKING:
    from collections.abc import Callable

    from prai_match import Recommendations

SPAWN = multiprocessing.get_context("spawn")


def by_sentences(recs: Recommendations) -> pl.DataFrame:
    """The table whose main reasons are the sentences of rules: files have no names and no words for facts."""
    answers = recs.answers
    every = answers.territories.with_columns(priority=answers.priorities.totals)
    return table_of(every, answers.offers, answers.judgement, answers.reasons, "en")


def assert_as_in_memory(whole: Programme, folder: Path, on: dt.date, top: int = 3, **options: Any) -> None:
    """The files say what the recommendations of the whole programme say."""
    recs = whole.recommend(on, top=top, **options)
    found = pl.scan_parquet(folder / "recommendations" / "*.parquet").collect().sort("territory")
    assert found.schema == recs.to_polars().schema
    assert found.equals(by_sentences(recs).sort("territory"))
    ranking = pl.scan_parquet(folder / "ranking" / "*.parquet").collect().sort("territory", "rank")
    assert ranking.schema == recs.ranking().schema
    assert ranking.equals(recs.ranking())


@examples(25)
@given(data(), st.dates(ON.replace(year=2006), ON.replace(year=2009)), st.integers(1, 6), st.data())
def test_however_the_rows_lie_in_files_the_answers_are_those_of_the_whole(
    made: dict[str, Any], on: dt.date, top: int, drawn: Any
) -> None:
    whole = Programme.model_validate(made)

    def cut(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
        places = pl.Series(
            drawn.draw(st.lists(st.integers(0, 2), min_size=frame.height, max_size=frame.height)), dtype=pl.Int8
        )
        return {f"{place}/rows.parquet": frame.filter(places == place).reverse() for place in range(3)}

    tables = {name: getattr(whole, name).to_polars() for name in TABLES}
    with TemporaryDirectory() as temporary:
        folder = written(Path(temporary, "history"), tables, cut)
        out = Path(temporary, "out")
        recommend_dataset(
            without_history(whole), folder, out, on=on, top=top, executor=drawn.draw(st.sampled_from([None, Here()]))
        )
        assert_as_in_memory(whole, out, on, top)


@pytest.mark.parametrize("made_of", [two_departements, Programme.example])
def test_answers_are_the_same_from_two_processes_and_read_by_others(
    made_of: Callable[[], Programme], tmp_path: Path
) -> None:
    whole = made_of()
    folder = history(tmp_path / "history", whole)
    with ProcessPoolExecutor(2, mp_context=SPAWN) as processes:
        made = recommend_dataset(without_history(whole), folder, tmp_path / "out", on=ON, executor=processes)
    recs = whole.recommend(ON)
    assert_as_in_memory(whole, made.folder, ON)
    assert made.without() == recs.without()
    assert made.computed == tuple(sorted({one.departement for one in whole.territories}))
    assert made.scan().collect().height == len(recs)
    assert made.ranking().collect().height == recs.ranking().height
    territories = set(recs.to_polars()["territory"])
    assert set(pd.read_parquet(made.folder / "recommendations")["territory"]) == territories
    assert set(pads.dataset(made.folder / "ranking").to_table()["territory"].to_pylist()) <= territories
    assert set(pl.read_parquet(made.folder / "recommendations")["territory"]) == territories


def test_needs_are_read_and_people_come_across_borders_and_files(tmp_path: Path) -> None:
    needs = [dict(need) for need in small()["needs"]]
    needs[1] |= {"workshop": None, "text": "refonte du site internet de la mairie"}
    whole = two_departements(needs=needs)
    folder = history(tmp_path / "history", whole)
    recommend_dataset(without_history(whole), folder, tmp_path / "out", on=ON)
    assert_as_in_memory(whole, tmp_path / "out", ON)
    assert whole.recommend(ON)["T1"].next.session == "site_internet"  # type: ignore[union-attr]


@pytest.mark.parametrize("host", ["T1", "T2", "T3"])
def test_booked_sessions_are_joined_across_borders(host: str, tmp_path: Path) -> None:
    needs = [
        {"collectivity": f"0900{2 * n - 1}", "date": "2007-05-02", "workshop": "site_internet", "people": 12}
        for n in (1, 2, 3)
    ]
    booked = {"id": "b", "session": "site_internet", "date": "2007-09-20", "booked_on": "2007-08-01", "host": host}
    whole = two_departements(needs=needs, sessions=[booked], attendances=[])
    folder = history(tmp_path / "history", whole)
    recommend_dataset(without_history(whole), folder, tmp_path / "out", on=ON)
    assert_as_in_memory(whole, tmp_path / "out", ON)
    assert {"T1", "T2", "T3"} - {host} >= {*whole.recommend(ON).ranking().filter(joins="b")["territory"]} != set()


def test_a_policy_columns_a_graph_and_a_language_go_along(tmp_path: Path) -> None:
    offer = {"territory": "T1", "session": "b_web", "partner": "adm09", "trainer": "web"}
    whole = two_departements(decisions=[{"date": "2007-07-02", "event": "accepted", **offer}])
    policy = POLICY.with_column("keen", "number").prefer("keen", id="keen", kind="workshop", weight=30)
    options: dict[str, Any] = {
        "policy": policy.prefer("kind_acceptance", id="kinds", weight=9, en="{kind_answers:offer|offers}"),
        "extra": {"territory": ["T2", "T3"], "keen": [1.0, 0.25]},
        "follow_ups": FollowUps.declared(whole.catalogue),
    }
    folder = history(tmp_path / "history", whole)
    at_noon = dt.datetime(ON.year, ON.month, ON.day, 12)  # noqa: DTZ001 - a day by another name
    made = recommend_dataset(without_history(whole), folder, tmp_path / "out", on=at_noon, lang="en", **options)
    assert made.scan().collect().sort("territory").equals(by_sentences(whole.recommend(ON, **options)))
    assert made.ranking().collect().sort("territory", "rank").equals(whole.recommend(ON, **options).ranking())


def test_what_is_learned_of_all_parts_is_what_each_is_judged_by(tmp_path: Path) -> None:
    came = [("T1", "b_web", 1), ("T2", "b_web", 2), ("T2", "site_internet", 4), ("T3", "b_geo", 3), ("T3", "b_web", 5)]
    whole = two_departements()
    homes = {each.id: each.members[0] for each in whole.territories}
    rows = [{"collectivity": homes[t], "session": s, "date": f"2007-0{month}-05", "elected": 2} for t, s, month in came]
    whole = two_departements(attendances=rows)
    policy = POLICY.prefer("began_with / (began + 1.0)", id="start", weight=30)
    policy = policy.prefer("next_probability", id="next", weight=30)
    folder = history(tmp_path / "history", whole)
    made = recommend_dataset(without_history(whole), folder, tmp_path / "out", on=ON, policy=policy)
    told = whole.recommend(ON, policy=policy)
    assert made.ranking().collect().sort("territory", "rank").equals(told.ranking())
    assert told.ranking()["score"].n_unique() > 1


def test_a_lexicon_of_its_own_reads_the_needs(tmp_path: Path) -> None:
    needs = [{"collectivity": "09001", "date": "2007-06-01", "text": "le plan des zorglubs", "people": 12}]
    terms = [{"atelier": "sig", "niveau": "fort", "mots": ["zorglub"]}]
    whole = two_departements(needs=needs).with_lexicon({"terme": terms})
    rows = history(tmp_path / "history", whole)
    recommend_dataset(without_history(whole), rows, tmp_path / "out", on=ON, executor=Here())
    assert_as_in_memory(whole, tmp_path / "out", ON)
    assert "sig" in whole.recommend(ON).ranking()["session"]


class Stops(Executor):
    """Runs some tasks here, and is then interrupted, as by Ctrl-C."""

    def __init__(self, after: int) -> None:
        self.left = after

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.left -= 1
        if self.left < 0:
            future.set_exception(KeyboardInterrupt())
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    whole = two_departements()
    folder, out = history(tmp_path / "history", whole), tmp_path / "out"

    def run(executor: Executor | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        made = recommend_dataset(without_history(whole), folder, out, on=ON, executor=executor)
        return made.computed, made.kept

    # Two départements are counted, then who of both may come, then two are ranked.
    for tasks, there in ((1, 0), (3, 0), (3, 1)):
        with pytest.raises(KeyboardInterrupt):
            run(Stops(tasks))
        assert len(list((out / "recommendations").iterdir())) == there
    assert run() == (("31",), ("09",))
    assert run() == ((), ("09", "31"))
    assert_as_in_memory(whole, out, ON)


def die(*_arguments: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_a_run_whose_workers_are_killed_is_begun_again(tmp_path: Path) -> None:
    class Deadly(ProcessPoolExecutor):
        left = 3

        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            self.left -= 1
            return super().submit(fn if self.left >= 0 else die, *args, **kwargs)

    whole = two_departements()
    folder, out = history(tmp_path / "history", whole), tmp_path / "out"
    with Deadly(1, mp_context=SPAWN) as pool, pytest.raises(PraiError, match="stopped before the work was done"):
        recommend_dataset(without_history(whole), folder, out, on=ON, executor=pool)
    made = recommend_dataset(without_history(whole), folder, out, on=ON)
    assert set(made.computed) | set(made.kept) == {"09", "31"}
    assert_as_in_memory(whole, out, ON)


@pytest.mark.french
def test_a_dataset_reads_well_in_a_notebook(tmp_path: Path) -> None:
    whole = two_departements()
    folder = history(tmp_path / "history", whole)
    with pytest.raises(KeyboardInterrupt):
        recommend_dataset(without_history(whole), folder, tmp_path / "out", on=ON, executor=Stops(5))
    made = recommend_dataset(without_history(whole), folder, tmp_path / "out", on=ON)
    english = made.html("en")
    for text in (
        "Recommendations on 3 September 2007",
        "3 territories, 0 without an offer",
        "out",
        "31",
        "09",
        made.fingerprint.short,
    ):
        assert text in english
    assert "Recommandations au 3 septembre 2007, en fichiers Parquet" in made._repr_html_()


def test_the_folder_of_another_run_is_refused(tmp_path: Path) -> None:
    whole = two_departements()
    folder, out = history(tmp_path / "history", whole), tmp_path / "out"
    recommend_dataset(without_history(whole), folder, out, on=ON, lang="fr")
    with pytest.raises(PraiError, match=r"another run \(what differs: day"):
        recommend_dataset(without_history(whole), folder, out, on=dt.date(2007, 9, 4), lang="fr")
    with pytest.raises(PraiError, match=r"another run \(what differs: follow_ups, lang\)"):
        recommend_dataset(
            without_history(whole), folder, out, on=ON, lang="en", follow_ups=FollowUps.declared(whole.catalogue)
        )
    (rows,) = (folder / "needs" / "departement=09").iterdir()
    pl.read_parquet(rows).with_columns(people=pl.lit(9)).write_parquet(rows)
    with pytest.raises(PraiError, match=r"another run \(what differs: needs"):
        recommend_dataset(without_history(whole), folder, out, on=ON, lang="fr")
    for text in ("{}", "no JSON", json.dumps([])):
        (out / "run.json").write_text(text)
        with pytest.raises(PraiError, match=r"no readable run\.json of recommendations"):
            recommend_dataset(without_history(whole), folder, out, on=ON, lang="fr")


def test_a_run_that_was_stopped_as_it_began_is_begun_again(tmp_path: Path) -> None:
    whole = two_departements()
    folder, out = history(tmp_path / "history", whole), tmp_path / "out"
    (out / ".saving-0").mkdir(parents=True)
    recommend_dataset(without_history(whole), folder, out, on=ON)
    assert_as_in_memory(whole, out, ON)


def test_files_may_be_moved_and_renamed_between_two_calls(tmp_path: Path) -> None:
    whole = two_departements()
    folder, out = history(tmp_path / "history", whole), tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        recommend_dataset(without_history(whole), folder, out, on=ON, executor=Stops(5))
    (folder / "needs" / "departement=09").rename(folder / "needs" / "ariege")
    assert recommend_dataset(without_history(whole), folder, out, on=ON).kept == ("09",)
    assert_as_in_memory(whole, out, ON)


def test_what_is_asked_wrongly_is_told(tmp_path: Path) -> None:
    folder = history(tmp_path / "history", programme())
    with pytest.raises(ValueError, match=r"top: .* is not valid; give a whole number of at least 1"):
        recommend_dataset(without_history(programme()), folder, tmp_path / "out", on=ON, top=0)
    with pytest.raises(UnknownCodeError, match="language"):
        recommend_dataset(without_history(programme()), folder, tmp_path / "out", on=ON, lang="de")  # type: ignore[arg-type]
    with pytest.raises(PraiError, match=r"needs: found rows in the programme \(3\), expected all rows"):
        recommend_dataset(programme(), folder, tmp_path / "out", on=ON)
    assert not (tmp_path / "out").exists()
