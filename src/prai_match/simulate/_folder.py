"""The folder of a simulation: its provenance, and its files, each with some replications of a scenario."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Self

import polars as pl

from prai_match import _version, _words, explain, io, needs
from prai_match.errors import PraiError
from prai_match.files import put, read_record, record_bytes
from prai_match.model import ProgrammeData
from prai_match.simulate._scenario import PACKAGE, Scenario
from prai_match.text import LANGUAGES, both, messages

Owner = Callable[[int, int], str]
words = partial(messages, PACKAGE, "display")
_NAME: Final = re.compile(r"(.+)-(\d{6,})-(\d{3,})\.parquet")


def verify(folder: Path, scenario: str, owner: Owner, part: int) -> dict[int, int]:
    """Return how many replications (at most ``part``) are written from each number; refuse files of another owner."""
    there = parts(folder, scenario)
    for first, count in there.items():
        path = folder / part_name(scenario, first, count)
        if first % part or not 0 < count <= part:
            raise _refusal(path, "other")
        _check(path, owner(first, count))
    return there


def parts(folder: Path, scenario: str) -> dict[int, int]:
    """Return the parts of a scenario from file names, unread; if one was written twice, the larger counts."""
    names = set(_names(folder))
    own = (match for match in map(_NAME.fullmatch, names) if match and match[1] == scenario)
    counts = sorted((int(match[2]), int(match[3])) for match in own)
    return {first: count for first, count in counts if part_name(scenario, first, count) in names}


def files(folder: Path, scenario: str, replications: int, owner: Owner | None) -> list[Path]:
    """Return the files with the first replications of a scenario, in order, checked if an ``owner`` is given."""
    there, paths, at = parts(folder, scenario), [], 0
    while at < replications:
        if not there.get(at):
            if not folder.is_dir():
                raise PraiError.of(PACKAGE, "no_folder", folder=folder)
            raise PraiError.of(PACKAGE, "no_replication", folder=folder, first=at, scenario=scenario)
        paths.append(folder / part_name(scenario, at, there[at]))
        if owner is not None:
            _check(paths[-1], owner(at, there[at]))
        at += there[at]
    return paths


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def part_name(scenario: str, first: int, count: int) -> str:
    """Return the name of the file of ``count`` replications of a scenario from the number ``first``."""
    return f"{scenario}-{first:06}-{count:03}.parquet"


def _check(path: Path, owner: str) -> None:
    if (state := io.seal(path, owner)) != "whole":
        raise _refusal(path, state)


def _refusal(path: Path, fault: str) -> PraiError:
    return PraiError.of(PACKAGE, "refused", path=path, fault=_words.catalogue(PACKAGE, "errors")["faults"][fault])


_MANIFEST, _FORMAT = "simulation.json", 3


@dataclass(frozen=True, slots=True)
class Provenance:
    """The inputs of a simulation; only the number of replications may grow."""

    inputs: Mapping[str, Any]
    scenarios: Mapping[str, str]  # the digest of each, by name

    @classmethod
    def of(
        cls,
        programme: ProgrammeData,
        scenarios: tuple[Scenario, ...],
        settings: Mapping[str, str | int],
        extra: pl.DataFrame | None = None,
    ) -> Self:
        tables = {name: explain.frame_digest(table) for name, table in io.frames(programme).items()}
        own = programme.model_dump(exclude={table.name for table in io.FIELDS})
        whole = explain.digest(
            [tables, explain.unordered(own), needs.lexicon_of(programme).compiled.table.model_dump()]
        )
        inputs = {"format": _FORMAT, "library": _version.__version__, "programme": whole, **settings}
        inputs |= {} if extra is None else {"extra": explain.frame_digest(extra)}
        return cls(inputs, {each.name: explain.digest(_plain(each, programme)) for each in scenarios})

    def owner(self, scenario: str, first: int, count: int) -> str:
        """Return the digest that identifies a part: ``count`` replications of a scenario from the number ``first``."""
        return explain.digest([self.inputs, scenario, self.scenarios[scenario], first, count])

    def claim(self, folder: Path) -> None:
        """Write the provenance into a folder, or check that the folder has the same one."""
        path = folder / _MANIFEST
        data = record_bytes({**self.inputs, "scenarios": {**self._before(folder, path), **self.scenarios}})
        if not path.exists() or path.read_bytes() != data:
            put(path, data)

    def _before(self, folder: Path, path: Path) -> dict[str, str]:
        if not os.path.lexists(path):
            if part := next(filter(_NAME.fullmatch, _names(folder)), ""):
                raise _unclear(folder, PraiError.of(PACKAGE, "manifest", manifest=_MANIFEST, parts=part))
            return {}
        try:
            record = read_record(path)
        except PraiError as error:
            raise _unclear(folder, error) from None
        scenarios = record.pop("scenarios", None)
        if not isinstance(scenarios, dict) or not all(isinstance(each, str) for each in scenarios.values()):
            raise _unclear(folder, PraiError.of(PACKAGE, "no_scenarios", path=path))
        others = [name for name in {**self.inputs, **record} if record.get(name) != self.inputs.get(name)]
        other_scenarios = [name for name, value in self.scenarios.items() if scenarios.get(name, value) != value]
        if others or other_scenarios:
            words = [PraiError.of(PACKAGE, "scenario", name=name) for name in other_scenarios]
            names = {lang: ", ".join([*others, *(word.text(lang) for word in words)]) for lang in LANGUAGES}
            raise PraiError.of(PACKAGE, "other_simulation", folder=folder, names=names)
        return scenarios


def _plain(scenario: Scenario, programme: ProgrammeData) -> Any:  # noqa: ANN401 - plain data
    changes = scenario.model_dump(mode="json", exclude={"changes": {"with_policy"}, "label": True})
    changes["given"] = sorted(scenario.behaviour.model_fields_set)  # given fields aren't estimated from the history
    return [changes, explain.unordered(scenario.policy(programme).rows.model_dump())]


def _unclear(folder: Path, why: PraiError) -> PraiError:
    return PraiError.of(PACKAGE, "unclear", folder=folder, why=both(why.text))
