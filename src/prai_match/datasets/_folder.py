"""The folder of a run: what it is of, what was counted, and the answers of each département as they come."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prai_match.errors import PraiError
from prai_match.explain import Fingerprint
from prai_match.io._writing._atomic import put_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RUN = "run.json"
RECOMMENDATIONS, RANKING = "recommendations", "ranking"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Run:
    """What the answers of a folder are of.

    Attributes:
        fingerprint: Of all that they are computed from.
        departements: Those that have rows in each file of the history, by the digest of the file.
    """

    fingerprint: Fingerprint
    departements: Mapping[str, list[str]]

    def begin(self, folder: Path) -> None:
        """Make the folder and say in it what it is of."""
        folder.mkdir(parents=True, exist_ok=True)
        data = {"format": _FORMAT, "fingerprint": self.fingerprint.parts, "departements": self.departements}
        text = json.dumps(data, ensure_ascii=False, indent=1)
        put_files(folder, {RUN: (text + "\n").encode()})


def begun(folder: Path, fingerprint: Fingerprint) -> Run | None:
    """Return the run that was begun in a folder; None: none was.

    Raises:
        PraiError: The folder has something else, or a run of something else.
    """
    if not folder.exists() or (folder.is_dir() and all(path.name.startswith(".") for path in folder.iterdir())):
        return None
    try:
        data = json.loads((folder / RUN).read_text("utf-8"))
        run = Run(Fingerprint(dict(data["fingerprint"])), dict(data["departements"]))
    except (OSError, ValueError, KeyError, TypeError):
        raise PraiError(
            f"{folder} has files, and no {RUN} of recommendations: give a new folder",
            f"{folder} contient des fichiers, mais aucun {RUN} de recommandations : indiquer un autre dossier",
        ) from None
    if changed := run.fingerprint.changed(fingerprint):
        names = ", ".join(changed)
        raise PraiError(
            f"{folder} has the recommendations of another run ({names} differ): give a new folder",
            f"{folder} contient les recommandations d'un autre calcul (écarts : {names}) : indiquer un autre dossier",
        )
    return run


def make_places(folder: Path) -> None:
    """Make the folders of the answers where they aren't there yet."""
    for name in (RECOMMENDATIONS, RANKING):
        (folder / name).mkdir(exist_ok=True)


def is_done(folder: Path, departement: str) -> bool:
    """Whether the answers of a département are there: they are written last."""
    return (folder / RECOMMENDATIONS / f"{departement}.parquet").exists()
