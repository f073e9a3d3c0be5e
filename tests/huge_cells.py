"""Texts of needs that would take long to read, were the time not that of their length."""

from __future__ import annotations

UNITS = (
    "site internet ",
    "cantine en ligne, ",
    "a",
    "é",
    "a.",
    "\n",
    "-",
    "(",
    "pas besoin de site déjà refait, ",
    "l'école et la mairie et ",
    "dématérialisaton informatik numérisaton ",
)


def huge(unit: str, length: int = 100_000) -> str:
    """Return ``length`` characters of a unit said again and again; what opens is closed."""
    text = (unit * (length // len(unit) + 1))[:length]
    return text[: length // 2] + ")" * (length // 2) if unit == "(" else text
