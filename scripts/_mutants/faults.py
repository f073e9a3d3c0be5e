"""The faults of ``faults.toml``: leaks from the future, each with the test that names it, and breaches of laws."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple


class Leak(NamedTuple):
    """A fault that leaks the future: its description, place, texts before and after, and the test that must fail."""

    name: str
    file: str
    old: str
    new: str
    test: str


class Breach(NamedTuple):
    """A fault that breaks a law: its description, place, texts before and after, and the laws that must find it."""

    name: str
    file: str
    old: str
    new: str
    laws: list[str]


def faults() -> list[Leak | Breach]:
    """Return all faults, leaks first."""
    table = tomllib.loads(Path(__file__).with_name("faults.toml").read_text("utf-8"))
    return [*(Leak(**row) for row in table["leak"]), *(Breach(**row) for row in table["breach"])]
