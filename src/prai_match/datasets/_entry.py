"""Recommendations from a dataset to a dataset: check, count, rank and write, département by département.

A first count covers events, ratings, follow-ups and interest in sessions; a second one who may attend what.
"""

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from prai_match import _arguments as given, offers
from prai_match._executors import side_by_side
from prai_match.datasets import _folders
from prai_match.datasets._folders import RecommendationDataset, check, owner, verify
from prai_match.errors import PraiError, Problem, ProgrammeError
from prai_match.explain import Fingerprint, digest, ranking, table_of
from prai_match.files import digest as digest_of, lock, make_folder, put, put_all
from prai_match.followups import FollowUps, territory_of
from prai_match.io import fingerprint, sealed
from prai_match.model import Lang, ProgrammeData
from prai_match.needs import Lexicon, lexicon_of
from prai_match.policy import Policy, policy_of
from prai_match.recommend import named, rank, reasons_of
from prai_match.text import both, current_language, number

WHOLE, CROWD = "whole", "crowd"  # the folders of the counts
Tally = dict[str, pl.DataFrame]
# The counts of a part, or of all parts, by folder and file name: key columns and count columns.
_COUNTS: Final[dict[str, dict[str, tuple[tuple[str, ...], tuple[str, ...]]]]] = {
    WHOLE: {
        "served": ((), ("events",)),
        "ratings": (("s", "rating"), ("times",)),
        "began": (("s",), ("territories",)),
        "followed": (
            ("reading", "group", "source", "target", "days", "followed"),
            ("territories",),
        ),  # see `FollowUps.tally`
        "interested": (("council", "z", "s"), ("people",)),
    },
    CROWD: {"crowd": (("council", "z", "x", "lag"), ("people",))},
}


@dataclass(frozen=True, eq=False, slots=True)
class Parcel:
    """A département and the location of its facts, as sent to a worker."""

    part: offers.Part  # the day of its territories, without facts
    members: pl.DataFrame  # ``collectivity`` and its numbers ``c``, ``t`` and ``z`` in the part
    needs: list[Path]  # files with needs of the part
    attendances: list[Path]
    lexicon: Lexicon | None  # None: the bundled one, which workers have

    def snapshot(self, attendances: pl.DataFrame) -> offers.Snapshot:
        day = self.part.snapshot
        needs = _folders.read("needs", self.needs, self.members["collectivity"])
        needs = offers.reading(needs, self.lexicon or Lexicon.bundled())
        frames = offers.with_facts(day.frames, self.members, needs, attendances)
        return offers.Snapshot(frames, day.on, day.follow_ups, day.extra, day.wider, day.around, day.crowd)

    def came(self) -> pl.DataFrame:
        return _folders.read("attendances", self.attendances, self.members["collectivity"])


def count(source: Parcel) -> Tally:
    """Count a département; its squares are numbered as in the whole programme."""
    attendances = source.came()
    day = source.snapshot(attendances)
    # There are no counts of the whole yet: interest is read from the facts.
    alone = offers.Snapshot(day.frames, day.on, day.follow_ups, day.extra)
    by_territory = attendances.join(source.members, on="collectivity").select("session", "date", territory="t")
    grid = np.stack([each.interest for each in alone.views])
    council, z, s = np.nonzero(grid)
    people, squares = grid[council, z, s], source.part.squares.gather(z)
    return {
        "served": pl.DataFrame({"events": [offers.events_by(alone)]}),
        "ratings": pl.DataFrame(dict(zip(("s", "rating", "times"), offers.rating_counts(alone), strict=True))),
        "began": pl.DataFrame({"territories": offers.beginnings(alone)[0]}).with_row_index("s"),
        "followed": day.follow_ups.tally(by_territory, day.on, day.frames.calendar.blackouts),
        "interested": pl.DataFrame({"council": council, "z": squares, "s": s, "people": people}),
    }


def count_crowd(source: Parcel, policy: Policy) -> Tally:
    """Count who in a département may attend what, based on the counts of the whole."""
    crowd = offers.crowd(source.snapshot(source.came()), policy)
    return {CROWD: pl.DataFrame({**crowd, "z": source.part.squares.gather(crowd["z"])})}


@given.takes()
def recommend_dataset(  # noqa: PLR0913 - all but the folders by keyword
    programme: ProgrammeData,
    history: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    on: dt.date,
    top: int = 3,
    policy: Policy | None = None,
    follow_ups: FollowUps | None = None,
    extra: Any = None,  # noqa: ANN401 - whatever speaks Arrow
    lang: Lang | None = None,
    executor: Executor | None = None,
) -> RecommendationDataset:
    """Recommend from a history that is larger than memory, in Parquet files, to a dataset of Parquet files.

    The programme has everything except needs and attendances, which are never loaded as a whole: each département is
    counted separately, twice, and then ranked with the territories within travel distance. The answers are identical to
    those of `Programme.recommend` on all data, except ``because``: it holds the sentence of the rule with most points,
    not a fact, since names and texts aren't kept with the numbers.

    A stopped run resumes when it is called again with the same arguments: computed files are kept after checking that
    they belong to this run and are undamaged. Only one run at a time writes to a folder.

    Args:
        programme: The programme, without needs and attendances.
        history: The folder of the files: ``needs.parquet`` or files below ``needs/``, and the same for ``attendances``,
            with the fields of `model.Need` and `model.Attendance` as columns. Rows may be in any order and file; as
            each département reads all files with rows of it, one file per département is fastest.
        out: The folder of the answers: a new one, or that of the run to resume.
        on: The day; nothing later is used.
        top: Number of sessions kept for each territory.
        policy: Rules and weights; those of the programme by default.
        follow_ups: The graph to use; the one learned until ``on`` by default.
        extra: A data frame with ``territory`` and the columns that the policy declares.
        lang: Language of the sentences in the answers.
        executor: Computes départements in parallel; None computes them in this process, one after the other. Workers
            read the files and write to ``out``: workers on other machines need access to both folders. Start worker
            processes with ``spawn`` or ``forkserver``, since the computation uses threads.

    Raises:
        ProgrammeError: A file of the history can't be read or has problems: each gives the number of rows concerned,
            and the first of them. Also if the programme has needs or attendances itself.
        PraiError: ``out`` has other files, damaged answers or those of another run; another run is writing to it; or
            workers of the executor stopped before they finished.
        PolicyError: The policy names a session that isn't in the catalogue.
        UnknownCodeError: The language is neither ``fr`` nor ``en``.
        ValueError: ``top`` is less than 1.

    Example:
        >>> import datetime as dt, tempfile
        >>> from pathlib import Path
        >>> from prai_match import Programme
        >>> whole = Programme.example()
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     history = Path(folder, "history")
        ...     history.mkdir()
        ...     for table in ("needs", "attendances"):
        ...         getattr(whole, table).to_polars().write_parquet(history / f"{table}.parquet")
        ...     small = whole.model_copy(update={"needs": (), "attendances": ()})
        ...     made = recommend_dataset(small, history, Path(folder, "out"), on=dt.date(2007, 9, 3))
        ...     made.scan().collect().drop("because").sort("territory").equals(
        ...         whole.recommend(dt.date(2007, 9, 3)).to_polars().drop("because").sort("territory")
        ...     )
        True
    """
    lang, folder = current_language(lang), Path(out).absolute()
    policy = (policy or policy_of(programme)).checked(programme)
    _without_history(programme)
    frames = offers.prepare(programme)
    graph = follow_ups or FollowUps.declared(programme.catalogue, horizon_days=programme.offer_horizon_days)
    day = offers.Snapshot(frames, on, graph, offers.extra_columns(extra, policy, frames))
    files = _folders.history(Path(history).absolute())
    digests = {name: digest_of(path) or "" for some in files.values() for name, path in some.items()}
    parts = {
        **fingerprint(programme, policy, day, top).parts,
        **{table: digest(sorted(map(digests.__getitem__, some))) for table, some in files.items()},
        "lang": lang,
    }
    if follow_ups is None:
        parts["follow_ups"] = "learned"
    run = Fingerprint(parts)
    places = None if folder.exists() else check(programme, files, str(history))
    make_folder(folder)
    with lock(folder):
        departements = _folders.departements_of(folder, run)
        if departements is None:
            places = places or check(programme, files, str(history))
            departements = {digests[name]: codes for name, codes in places.items()}
            _folders.begin(folder, run, departements)
        key = run.digest
        kept = _folders.complete(folder, key, frames.departements["departement"])
        places = {name: departements[each] for name, each in digests.items()}
        sources = partial(_sources, programme, files, places)

        def tasks(*more: Policy) -> Iterator[tuple[None, tuple[Any, ...]]]:
            return ((None, (each, *more)) for each in sources(offers.Slicer(day).parts(frames.territories)))

        tally = _tally(folder / WHOLE, key, executor, count, tasks)
        if follow_ups is None:
            graph = FollowUps.counted(programme.catalogue, tally["followed"], horizon_days=graph.horizon_days)
        day = replace(day, follow_ups=graph)
        around = np.zeros((len(day.councils[0]), frames.squares, frames.sessions.height))
        *cells, people = (column.to_numpy() for column in tally["interested"]["council", "z", "s", "people"])
        around[tuple(cells)] = people
        ratings = (column.to_numpy() for column in tally["ratings"]["s", "rating", "times"])
        began = np.zeros((1, frames.sessions.height + 1), np.int64)
        began[0, tally["began"]["s"].to_numpy()] = tally["began"]["territories"].to_numpy()
        whole = offers.Whole.from_counts(day, tally["served"].item(), *ratings)._replace(began=began)
        day = replace(day, wider=whole, around=around)
        crowd = _tally(folder / CROWD, key, executor, count_crowd, lambda: tasks(policy))[CROWD]
        day = replace(day, crowd={name: crowd[name].to_numpy() for name in crowd.columns})
        codes = dict(frames.departements.select("departement", "d").iter_rows())
        left = frames.territories.filter(~pl.col("d").is_in([codes[code] for code in kept]))
        around_each = offers.Slicer(day).parts(left, with_hosts=True)
        left_to_do = ((None, (each, policy, top, lang, folder, key)) for each in sources(around_each))
        computed = [code for _, code in side_by_side(executor, answer, left_to_do)]
    return RecommendationDataset(folder, on, run, tuple(sorted(computed)), tuple(sorted(kept)))


def _tally(
    place: Path,
    run: str,
    executor: Executor | None,
    count: Callable[..., Tally],
    tasks: Callable[[], Iterator[tuple[None, tuple[Any, ...]]]],
) -> Tally:
    """Return the sums of the counts of all parts, read from the folder or, if new, computed."""
    counts = _COUNTS[place.name]
    files = {name: f"{name}.parquet" for name in counts}
    if not place.exists():
        parts = [part for _, part in side_by_side(executor, count, tasks())]
        sums: Tally = {}
        for name, (keys, numbers) in counts.items():
            frame = pl.concat(part[name] for part in parts)
            sums[name] = frame.group_by(keys).agg(pl.col(numbers).sum()).sort(keys) if keys else frame.sum()
        put_all(place, {file: sealed(sums[name], owner(run, place.name, file)) for name, file in files.items()})
    if not all(verify(place / file, run) for file in files.values()):
        raise PraiError.of("prai_match.datasets", "lacking_files", folder=place)
    return {name: pl.read_parquet(BytesIO((place / file).read_bytes())) for name, file in files.items()}


def answer(  # noqa: PLR0913, PLR0917 - as a task is sent
    source: Parcel, policy: Policy, top: int, lang: Lang, folder: Path, run: str
) -> str:
    day = source.snapshot(source.came())
    territories = day.frames.territories[source.part.own]
    day = offers.by_council(day, policy, territories["t"])
    ranks = rank(day, policy, top, territories)
    judgement = offers.Assessment(policy, offers.candidates(day, ranks.offers, policy))
    ranked = named(ranks.offers, judgement)
    territories = territories.with_columns(priority=offers.priorities(day, policy, territories["t"]).totals)
    table = table_of(territories, ranked, judgement, reasons_of(ranks, policy), lang)
    name = f"{source.part.departement}.parquet"
    for place, frame in ((_folders.RANKING, ranking(ranked)), (_folders.RECOMMENDATIONS, table)):
        put(folder / place / name, sealed(frame, owner(run, place, name)))
    return source.part.departement


def _sources(
    programme: ProgrammeData,
    files: Mapping[str, Mapping[str, Path]],
    places: Mapping[str, list[str]],
    parts: Iterable[offers.Part],
) -> Iterator[Parcel]:
    """Yield the parts of a day with the ``files`` that have rows of their territories."""
    members = territory_of(programme).sort("collectivity")
    # Every worker has the bundled lexicon.
    lexicon = None if lexicon_of(programme) is Lexicon.bundled() else lexicon_of(programme)
    for part in parts:
        own = part.snapshot.frames.territories
        here, departements = own.select("territory", "t", "z"), {*own["departement"]}
        inside = members.join(here, on="territory", maintain_order="left").drop("territory")
        needs, attendances = (
            [path for name, path in files[table].items() if departements.intersection(places[name])]
            for table in ("needs", "attendances")
        )
        yield Parcel(part, inside.with_row_index("c"), needs, attendances, lexicon)


def _without_history(programme: ProgrammeData) -> None:
    problems = [
        Problem.of("prai_match.datasets", "two_histories", table, rows=both(number, rows, 0))
        for table, rows in {"needs": len(programme.needs), "attendances": len(programme.attendances)}.items()
        if rows
    ]
    if problems:
        raise ProgrammeError("programme", problems)
