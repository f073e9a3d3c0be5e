"""An installation whose metadata are known, whatever is installed where the tests run."""

from __future__ import annotations

import base64
import hashlib
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import prai_match

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pytest

SOURCE = Path(prai_match.__file__).parent
CORE = {
    "networkx": "3.6.1", "numpy": "2.4.6", "polars": "2.1.0", "pydantic": "2.14.4", "rapidfuzz": "3.14.6",
    "snowballstemmer": "3.1.1",
}  # fmt: skip
PLAN = {"highspy": "1.16.0", "icalendar": "7.3.2", "vacances-scolaires-france": "0.12.0"}
VIZ = {"altair": "6.3.0", "vl-convert-python": "1.9.0.post1"}
REQUIRED = """\
Requires-Dist: networkx>=3.4
Requires-Dist: numpy>=2.0
Requires-Dist: polars>=2.0
Requires-Dist: pydantic>=2.11
Requires-Dist: rapidfuzz>=3.10
Requires-Dist: snowballstemmer
Requires-Dist: ruff>=0.15; extra == 'dev'
Requires-Dist: distributed>=2026.1; extra == 'dask'
Requires-Dist: highspy>=1.11; extra == 'plan'
Requires-Dist: icalendar>=6.0; extra == 'plan'
Requires-Dist: vacances-scolaires-france>=0.10; extra == 'plan'
Requires-Dist: prai-match[viz]; extra == 'report'
Requires-Dist: jinja2>=3.1; (python_version >= "3.11") and extra == 'report'
Requires-Dist: altair>=6.0; extra == 'viz'
Requires-Dist: vl-convert-python>=1.8; extra == 'viz'
"""


def install(
    folder: Path, patch: pytest.MonkeyPatch, versions: Mapping[str, str], files: Iterable[str] = (), own: str = ""
) -> Path:
    """Make the metadata of the library, in a version (its own), and say that these packages alone are installed.

    Args:
        folder: Where the library is installed; it links to the sources.
        patch: Undoes it.
        versions: Of the packages installed.
        files: Those that the installation lists with their checksums, from the folder of the library.
        own: The version of the library; empty: the one that runs.

    Returns:
        The list of files, to change.
    """
    own = own or prai_match.__version__
    known = {**versions, "prai-match": own}
    real = metadata.version
    about = folder / f"prai_match-{own}.dist-info"
    about.mkdir()
    (folder / "prai_match").symlink_to(SOURCE, target_is_directory=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.4\nName: prai-match\nVersion: {own}\n{REQUIRED}", "utf-8")
    record = about / "RECORD"
    record.write_text("".join(f"prai_match/{name},{_checksum(SOURCE / name)},\n" for name in files), "utf-8")

    def version(name: str) -> str:
        if name in known:
            return known[name]
        if f"Requires-Dist: {name}" in REQUIRED:
            raise metadata.PackageNotFoundError(name)
        return real(name)  # asked for by other libraries

    patch.syspath_prepend(str(folder))
    patch.setattr(metadata, "version", version)
    return record


def uninstall(patch: pytest.MonkeyPatch) -> None:
    """Say that nothing is installed."""

    def unknown(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    for name in ("version", "requires", "distribution"):
        patch.setattr(metadata, name, unknown)


def _checksum(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).decode().rstrip("=")
