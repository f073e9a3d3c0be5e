"""The parts of the bundled region that are specific to Occitanie 2026-2027."""
