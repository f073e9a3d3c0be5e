"""A Dask cluster of processes, one of which is killed in the middle of its work."""

from __future__ import annotations

import datetime as dt
import os
import signal
from concurrent.futures import Executor, Future
from typing import TYPE_CHECKING, Any

import pytest
from distributed import Client, LocalCluster

import made
from datasets.histories import history, without_history
from datasets.test_datasets import assert_as_in_memory
from made import ON
from plan.test_plan_regions import planned, same
from prai_match import Programme, recommend_dataset
from prai_match.simulate import Scenario, _entry
from recommend.test_side_by_side import frames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Two worker processes of this machine, reached from it alone."""
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",  # any free port: another suite may run beside this one
            silence_logs=50,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def test_a_cluster_gives_the_same_recommendations(client: Client) -> None:
    region = Programme.example()
    together, apart = region.recommend(ON), region.recommend(ON, executor=client.get_executor())
    assert all(one.equals(two) for one, two in zip(frames(together), frames(apart), strict=True))


class Killing(Executor):
    """Hands tasks on to a cluster, and kills one of its workers once some of them have been sent."""

    def __init__(self, client: Client, after: int) -> None:
        self.executor, self.client, self.left = client.get_executor(), client, after
        self.killed: list[int] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = self.executor.submit(fn, *args, **kwargs)
        self.left -= 1
        if self.left == 0:
            (victim, *_) = self.client.run(os.getpid).values()
            os.kill(victim, signal.SIGKILL)
            self.killed.append(victim)
        return future


def test_a_worker_killed_in_mid_run_loses_nothing(client: Client, tmp_path: Path) -> None:
    region = Programme.example()
    folder = history(tmp_path / "history", region)
    killing = Killing(client, after=12)
    recommend_dataset(without_history(region), folder, tmp_path / "out", on=ON, executor=killing)
    assert len(killing.killed) == 1
    assert_as_in_memory(region, tmp_path / "out", ON)


def test_a_worker_killed_in_mid_simulation_loses_nothing(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_entry, "PART", 2)
    programme, period = made.programme(), (dt.date(2007, 9, 1), dt.date(2007, 10, 31))
    scenarios = (Scenario(name="now"), Scenario.of("busy", sessions_a_month=3.0, asks_a_year=8.0))
    killing = Killing(client, after=3)
    apart = programme.simulate(scenarios, *period, replications=4, folder=tmp_path, executor=killing)
    assert len(killing.killed) == 1
    together = programme.simulate(scenarios, *period, replications=4)
    assert apart.to_polars().equals(together.to_polars())
    files = sorted(path.name for path in together.folder.glob("*.parquet"))
    assert [(tmp_path / name).read_bytes() for name in files] == [
        (together.folder / name).read_bytes() for name in files
    ]


def test_a_cluster_plans_the_same_regions(client: Client) -> None:
    executor = client.get_executor()
    together, apart = planned(), planned(executor=executor)
    assert apart.regions.height == 2
    assert same(together, apart)
