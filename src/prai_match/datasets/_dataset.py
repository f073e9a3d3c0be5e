"""The recommendations of a dataset: the folder that they are in, what it is of, and what was done to have them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from prai_match.errors import PraiError
from prai_match.explain import Fingerprint, digest
from prai_match.files import make_folder, put, read_record, record_bytes
from prai_match.io import seal
from prai_match.model import Lang
from prai_match.text import Facts, Shown, counted, day, display, messages, shown

RUN = "run.json"
RECOMMENDATIONS, RANKING = "recommendations", "ranking"
_FORMAT: Final = 2


@dataclass(frozen=True, eq=False)
class RecommendationDataset(Shown):
    """Recommendations in Parquet files, one a département, that any tool reads as a dataset.

    Attributes:
        folder: Where they are: ``recommendations/09.parquet`` has the columns of `Recommendations.to_polars`,
            ``ranking/09.parquet`` those of `Recommendations.ranking`, with the alternatives.
        on: The day.
        fingerprint: What they were computed from.
        computed: The départements that this call computed.
        kept: Those that an earlier call, which was stopped, had computed.

    Example:
        >>> import datetime as dt, tempfile
        >>> from pathlib import Path
        >>> from prai_match import Programme
        >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     Path(folder, "recommendations").mkdir()
        ...     recs.to_polars().write_parquet(f"{folder}/recommendations/76.parquet")
        ...     answers = RecommendationDataset(Path(folder), recs.on, recs.fingerprint, computed=("76",), kept=())
        ...     answers.scan().collect().height, answers.without()
        (101, {'no_trainer': 5, 'all_attended': 1, 'no_relay': 1})
    """

    folder: Path
    on: dt.date
    fingerprint: Fingerprint
    computed: tuple[str, ...]
    kept: tuple[str, ...]

    def scan(self) -> pl.LazyFrame:
        """Return one row a territory, département by département (see `Recommendations.to_polars`).

        Raises:
            PraiError: The answers of a département are gone.
        """
        return self._scan(RECOMMENDATIONS)

    def ranking(self) -> pl.LazyFrame:
        """Return one row a territory and rank (see `Recommendations.ranking`).

        Raises:
            PraiError: The ranking of a département is gone.
        """
        return self._scan(RANKING)

    def without(self) -> dict[str, int]:
        """Return the number of territories without an offer, by reason, the most frequent first."""
        reasons = self.scan().drop_nulls("reason").group_by("reason").len()
        counts = reasons.sort(pl.col("len"), "reason", descending=[True, False]).collect(engine="streaming")
        return dict(counts.iter_rows())

    def _scan(self, place: str) -> pl.LazyFrame:
        paths = [self.folder / place / f"{code}.parquet" for code in sorted({*self.computed, *self.kept})]
        for path in paths:
            if not path.is_file():
                raise PraiError.of("prai_match.datasets", "gone", path=path)
        return pl.scan_parquet(paths)


def begin(folder: Path, fingerprint: Fingerprint, departements: Mapping[str, list[str]]) -> None:
    """Say in a folder what its answers are of, and the départements that have rows in each file, by its digest."""
    data = {"fingerprint": fingerprint.parts, "departements": departements}
    put(folder / RUN, record_bytes({"format": _FORMAT, **data, "digest": digest(data)}))


def owner(run: str, place: str, name: str) -> str:
    """Return the digest of what a file is of: its run, its folder and its name."""
    return digest([_FORMAT, run, place, name])


def departements_of(folder: Path, fingerprint: Fingerprint) -> Mapping[str, list[str]] | None:
    """Return the départements of each file that the run begun in a folder was given, by digest; None: none was."""
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
    departements: Mapping[str, list[str]] = data["departements"]
    return departements


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


@shown.register(RecommendationDataset)
def recommendations(dataset: RecommendationDataset, lang: Lang) -> str:
    texts = messages("prai_match.datasets", "display", lang)
    territories = int(dataset.scan().select(pl.len()).collect().item())
    counts = counted(territories, texts["all"], lang), counted(sum(dataset.without().values()), texts["without"], lang)
    facts = {
        "folder": dataset.folder.name,
        "computed": ", ".join(dataset.computed),
        "kept": ", ".join(dataset.kept),
        "fingerprint": dataset.fingerprint.short,
    }
    return display(
        texts["title"].format(day=day(dataset.on, lang)),
        f"{', '.join(counts)}.",
        Facts(tuple((texts[name], text) for name, text in facts.items())),
        lang=lang,
    )
