"""The folder of a run: what it is of, what was counted, and the answers of each département as they come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from prai_match.errors import PraiError
from prai_match.explain import Fingerprint, digest
from prai_match.files import make_folder, put, read_record, record_bytes
from prai_match.io import seal, sealed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import polars as pl

RUN = "run.json"
RECOMMENDATIONS, RANKING = "recommendations", "ranking"
_FORMAT: Final = 2


@dataclass(frozen=True, slots=True)
class DatasetRun:
    """What the answers of a folder are of."""

    fingerprint: Fingerprint
    departements: Mapping[str, list[str]]  # those that have rows in each file of the history, by the digest of the file

    def begin(self, folder: Path) -> None:
        """Say in a folder what it is of."""
        data = {"fingerprint": self.fingerprint.parts, "departements": self.departements}
        put(folder / RUN, record_bytes({"format": _FORMAT, **data, "digest": digest(data)}))


def owner(run: str, place: str, name: str) -> str:
    """Return the digest of what a file is of: its run, its folder and its name."""
    return digest([_FORMAT, run, place, name])


def run_of(folder: Path, fingerprint: Fingerprint) -> DatasetRun | None:
    """Return the run that was begun in a folder; None: none was."""
    if all(path.name.startswith(".") for path in folder.iterdir()):
        return None
    try:
        record = read_record(folder / RUN)
        data = {"fingerprint": record["fingerprint"], "departements": record["departements"]}
        whole = record["format"] == _FORMAT and digest(data) == record["digest"]
    except (PraiError, KeyError, TypeError):
        whole = False
    if not whole:
        raise PraiError.of("prai_match.datasets", "no_run", folder=folder, file=RUN)
    if changed := Fingerprint(data["fingerprint"]).changed(fingerprint):
        raise PraiError.of("prai_match.datasets", "other_run", folder=folder, names=", ".join(changed))
    return DatasetRun(fingerprint, data["departements"])


def put_answers(path: Path, frame: pl.DataFrame, run: str) -> None:
    """Write answers of a run."""
    put(path, sealed(frame, owner(run, path.parent.name, path.name)))


def verify(path: Path, run: str) -> bool:
    """Return whether a file of a run is there, and refuse a damaged or foreign one."""
    match seal(path, owner(run, path.parent.name, path.name)):
        case "whole":
            return True
        case "missing":
            return False
        case "damaged" | "foreign" as wrong:
            raise PraiError.of("prai_match.datasets", wrong, path=path)


def complete(folder: Path, run: str, departements: Iterable[str]) -> list[str]:
    """Return the départements whose answers are there; make the folders of the answers where they aren't yet."""
    codes = list(departements)
    files = {f"{code}.parquet" for code in codes}
    places = [folder / RECOMMENDATIONS, folder / RANKING]
    for place in places:
        make_folder(place)
        for path in sorted(place.glob("*.parquet")):
            if path.name not in files and not path.name.startswith("."):
                raise PraiError.of("prai_match.datasets", "no_departement", path=path)
    missing = {name for place in places for name in files if not verify(place / name, run)}
    return [code for code in codes if f"{code}.parquet" not in missing]
