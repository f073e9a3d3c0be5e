"""Texts without their accents, as words are compared."""

from __future__ import annotations

import unicodedata


def without_accents(text: str) -> str:
    """Return a text in which no letter bears an accent; compatible forms are those of plain letters."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
