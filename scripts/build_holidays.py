"""Build the table of French public holidays, by day and, where only some départements have one, by département.

Run it from the root of the repository, with the development dependencies::

    python scripts/build_holidays.py

The days come from the Python package `holidays` (MIT licence); loading it takes longer than a first answer. A test
compares the table with the installed package.
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

import holidays
import polars as pl

TARGET = Path(__file__).parents[1] / "src/prai_match/calendar/data/public_holidays.parquet"
YEARS = range(1900, 2101)
# The package's subdivision for each département with its own days.
SUBDIVISIONS = {
    "57": "57", "67": "6AE", "68": "6AE", "971": "971", "972": "972", "973": "973", "974": "974", "975": "PM",
    "976": "976", "977": "BL", "978": "MF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip


def days(subdivision: str | None, language: str) -> dict[dt.date, str]:
    """Return the names of public holidays in the whole country, or in a subdivision."""
    every = holidays.country_holidays("FR", subdiv=subdivision, years=YEARS, language=language)
    return {day: name.replace("Labor ", "Labour ") for day, name in every.items()}


def table() -> pl.DataFrame:
    """Return every day, ``date``, with its names ``fr`` and ``en``; ``departement`` is null if all have it."""
    parts = []
    everywhere = days(None, "fr")
    places: list[tuple[str | None, str | None]] = [(None, None), *SUBDIVISIONS.items()]
    for departement, subdivision in places:
        names = {lang: days(subdivision, code) for lang, code in (("fr", "fr"), ("en", "en_US"))}
        if missing := everywhere.keys() - names["fr"].keys():
            raise SystemExit(f"{subdivision} lacks days that the country has: {sorted(missing)[:3]}")
        own = sorted(day for day in names["fr"] if departement is None or day not in everywhere)
        columns = {lang: [names[lang][day] for day in own] for lang in names}
        parts.append(pl.DataFrame({"date": own, "departement": [departement] * len(own), **columns}))
    return pl.concat([part.cast({"departement": pl.String}) for part in parts])


def main() -> None:
    """Write the table, and print its content."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--output", type=Path, default=TARGET)
    options = parser.parse_args()
    rows = table()
    rows.write_parquet(options.output, compression="zstd")
    size = options.output.stat().st_size / 1e3
    print(f"{options.output}: {rows.height} days, {YEARS[0]} to {YEARS[-1]}, {size:.0f} kB")


if __name__ == "__main__":
    main()
