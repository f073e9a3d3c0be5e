"""What a simulation is made from, and the folder that is kept for it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from prai_match._version import __version__
from prai_match.errors import PraiError
from prai_match.explain import digest, frame_digest, unordered
from prai_match.files import put, read_record, record_bytes
from prai_match.io import FIELDS, frames
from prai_match.needs import lexicon_of
from prai_match.simulate._parts import PACKAGE, parts_of_any
from prai_match.text import LANGUAGES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from prai_match.model import ProgrammeData
    from prai_match.simulate._scenario import Scenario

_MANIFEST: Final = "simulation.json"
_FORMAT: Final = 2


@dataclass(frozen=True, slots=True)
class Origin:
    """What a simulation is made from; the number of replications may grow."""

    inputs: Mapping[str, Any]
    scenarios: Mapping[str, str]  # the digest of each, by name

    @classmethod
    def of(  # noqa: PLR0913, PLR0917 - as `simulate` is called
        cls,
        programme: ProgrammeData,
        scenarios: tuple[Scenario, ...],
        start: dt.date,
        end: dt.date,
        seed: int,
        part: int,
    ) -> Origin:
        """Return what a simulation is made from."""
        tables = {name: frame_digest(table) for name, table in frames(programme).items()}
        settings = programme.model_dump(exclude={table.name for table in FIELDS})
        lexicon = lexicon_of(programme).compiled.table.model_dump()
        inputs = {
            "format": _FORMAT,
            "library": __version__,
            "programme": digest([tables, unordered(settings), lexicon]),
            "start": start.isoformat(),
            "end": end.isoformat(),
            "seed": seed,
            "part": part,
        }
        return cls(inputs, {each.name: digest(_plain(each, programme)) for each in scenarios})

    def owner(self, scenario: str, first: int, count: int) -> str:
        """Return the digest of what a part is of: ``count`` replications of a scenario from the number ``first``."""
        return digest([self.inputs, scenario, self.scenarios[scenario], first, count])

    def claim(self, folder: Path) -> None:
        """Write what a folder is for, or see that it is for the same."""
        path = folder / _MANIFEST
        before = self._before(folder, path)
        scenarios = {**before, **self.scenarios}
        data = record_bytes({**self.inputs, "scenarios": scenarios})
        if not path.exists() or path.read_bytes() != data:
            put(path, data)

    def _before(self, folder: Path, path: Path) -> dict[str, str]:
        """Return the scenarios that a folder has already."""
        if not os.path.lexists(path):
            if part := parts_of_any(folder):
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
    changes = scenario.model_dump(mode="json", exclude={"changes": {"policy"}, "label": True})
    return [changes, unordered(scenario.policy(programme).rows.model_dump())]


def _unclear(folder: Path, why: PraiError) -> PraiError:
    return PraiError.of(PACKAGE, "unclear", folder=folder, why={lang: why.text(lang) for lang in LANGUAGES})
