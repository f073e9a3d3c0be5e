"""Départements ranked side by side: the same answers as all at once, wherever they were computed."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

from made import ON, POLICY, data, programme, small
from prai_match import FollowUps, PraiError, Programme, Recommendations
from prai_match._executors import side_by_side
from prai_match.offers import Slicer, on_day
from thorough import examples

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    import polars as pl

SPAWN = multiprocessing.get_context("spawn")


class Here(Executor):
    """Runs what is submitted at once, in this process, as if it were another: all goes through pickle."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        run, given, named = pickle.loads(pickle.dumps((fn, args, kwargs)))  # noqa: S301 - our own
        future.set_result(pickle.loads(pickle.dumps(run(*given, **named))))  # noqa: S301 - our own
        return future


def frames(recs: Recommendations) -> list[pl.DataFrame]:
    return [recs.to_polars("en"), recs.ranking(), recs.why_not("en")]


def assert_same(one: Recommendations, two: Recommendations) -> None:
    """Everything that can be read of them is the same."""
    for first, second in zip(frames(one), frames(two), strict=True):
        assert first.schema == second.schema
        assert first.equals(second)
    assert one.without() == two.without()
    assert [str(rec.why("fr")) for rec in one] == [str(rec.why("fr")) for rec in two]
    assert [rec.alternatives for rec in one] == [rec.alternatives for rec in two]
    assert one.fingerprint == two.fingerprint


@examples(15)
@given(data(), st.dates(ON.replace(year=2006), ON.replace(year=2009)), st.integers(1, 6), st.data())
def test_any_parting_into_departements_gives_the_same(made: dict[str, Any], on: dt.date, top: int, drawn: Any) -> None:
    asked = Programme.model_validate(made)
    known = [territory["id"] for territory in made["territories"]]
    some = drawn.draw(st.none() | st.lists(st.sampled_from(known), unique=True))
    together = asked.recommend(on, top=top, territories=some)
    assert_same(together, asked.recommend(on, top=top, territories=some, executor=Here()))


def two_departements(**changes: Any) -> Programme:
    """The small programme whose second territory lies in the next département."""
    rows = small()
    rows["territories"][1]["departement"] = "31"
    rows["partners"][0]["departements"] = ["09", "31"]
    return Programme.model_validate({**rows, **changes})


def test_people_across_the_border_make_a_workshop_possible() -> None:
    """Six people here and six across the border would come to the site workshop: ten are enough."""
    asked = two_departements()
    apart = asked.recommend(ON, executor=Here())
    assert apart["T1"].next is not None
    assert apart["T1"].next.session == "site_internet"
    here = [need for need in small()["needs"] if need["collectivity"] != "09003"]
    alone = two_departements(needs=here, attendances=[], sessions=[]).recommend(ON, top=9, executor=Here())
    assert "site_internet" not in alone.ranking()["session"]
    assert_same(asked.recommend(ON), apart)


def test_columns_of_the_user_a_policy_and_a_graph_go_along() -> None:
    asked = two_departements()
    policy = POLICY.with_column("keen", "number").prefer("keen", id="keen", kind="buffet", weight=30)
    options: dict[str, Any] = {
        "policy": policy,
        "extra": {"territory": ["T2", "T3"], "keen": [1.0, 0.25]},
        "follow_ups": FollowUps.declared(asked.catalogue),
    }
    together = asked.recommend(ON, **options)
    assert_same(together, asked.recommend(ON, executor=Here(), **options))
    assert together.ranking()["score"].to_list() != asked.recommend(ON).ranking()["score"].to_list()


def test_the_bundled_region_is_the_same_from_two_processes() -> None:
    region = Programme.example()
    with ProcessPoolExecutor(2, mp_context=SPAWN) as processes, ThreadPoolExecutor(3) as threads:
        together = region.recommend(ON)
        for executor in (processes, threads):
            assert_same(together, region.recommend(ON, executor=executor))


def test_a_part_holds_its_territories_and_what_they_need_alone() -> None:
    asked = Programme.example()
    snapshot = on_day(asked, ON)
    parts = list(Slicer(snapshot, asked.policy).parts(snapshot.frames.territories))
    assert sorted(part.departement for part in parts) == sorted({one.departement for one in asked.territories})
    sizes = [part.snapshot.frames.territories.height for part in parts]
    assert sizes == sorted(sizes, reverse=True)
    for name in ("territories", "needs", "attendances", "reach", "covers"):
        assert (
            sum(getattr(part.snapshot.frames, name).height for part in parts) == getattr(snapshot.frames, name).height
        )
    assert max(len(pickle.dumps(part)) for part in parts) < len(pickle.dumps(snapshot)) / 2


def test_few_tasks_exist_at_once_and_each_comes_back_once() -> None:
    sent: list[int] = []
    back: list[int] = []

    def tasks() -> Iterator[tuple[int, tuple[int]]]:
        for number in range(100):
            sent.append(number)
            assert len(sent) - len(back) <= 40
            yield number, (number,)

    with ThreadPoolExecutor(2) as threads:
        for key, result in side_by_side(threads, abs, tasks()):
            assert key == result
            back.append(key)
    assert sorted(back) == list(range(100))


def test_what_has_not_begun_is_cancelled_where_one_fails() -> None:
    class Late(Executor):
        """The first task fails, the others never begin."""

        futures: list[Future[Any]]

        def submit(self, _fn: Callable[..., Any], /, *args: Any, **_kwargs: Any) -> Future[Any]:
            future: Future[Any] = Future()
            if args[0] == 0:
                future.set_exception(KeyboardInterrupt())
            self.futures.append(future)
            return future

    late = Late()
    late.futures = []
    with pytest.raises(KeyboardInterrupt):
        list(side_by_side(late, abs, ((number, (number,)) for number in range(5))))
    assert [future.cancelled() for future in late.futures] == [False, True, True, True, True]


def die(*_arguments: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_a_pool_whose_worker_is_killed_is_told_clearly() -> None:
    class Deadly(ProcessPoolExecutor):
        def submit(self, _fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            return super().submit(die, *args, **kwargs)

    with Deadly(1, mp_context=SPAWN) as pool, pytest.raises(PraiError, match="the work was done: they were killed"):
        programme().recommend(ON, executor=pool)


def test_nobody_asked_for_is_nobody_answered() -> None:
    assert len(programme().recommend(ON, territories=[], executor=Here())) == 0
