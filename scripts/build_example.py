"""Make a bundled example region: Midi-Pyrénées 2006-2008, or Occitanie 2026-2027.

The collectivities are real and come from the official register. For Midi-Pyrénées, what the programme's final report
publishes is met exactly; everything else is invented, drawn from a fixed seed: the same seed gives the same bytes.

Run from the root of the repository: ``python scripts/build_example.py [region]`` (saving needs the extra ``io``).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from _example import places
from _midi_pyrenees import region as midi_pyrenees
from _occitanie import region as occitanie_2026
from prai_match import io

REGIONS = {"midi_pyrenees": midi_pyrenees, "occitanie_2026": occitanie_2026}
DATA = Path(__file__).parents[1] / "src" / "prai_match" / "data"


def main() -> None:
    """Build and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("region", nargs="?", choices=REGIONS, default="midi_pyrenees")
    parser.add_argument("--seed", type=int, help="seed of every draw")
    parser.add_argument("--out", type=Path, help="folder to write")
    arguments = parser.parse_args()
    region = REGIONS[arguments.region]
    seed = region.SEED if arguments.seed is None else arguments.seed
    folder = arguments.out or DATA / arguments.region
    programme = region.build(seed)
    io.save(programme, folder)
    (folder / ".manifest.json").unlink()  # bundled files are also edited by people
    settings = folder / "programme.toml"
    settings.write_bytes(region.BY_HAND + settings.read_bytes())
    left = len(places.left_out(region.recipe().departements))
    print(f"{len(programme.territories)} territories, {len(programme.collectivities)} collectivities, {left} left out")
    print(f"{len(programme.sessions)} sessions, {len(programme.attendances)} attendances, {len(programme.needs)} needs")


if __name__ == "__main__":
    main()
