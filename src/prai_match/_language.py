"""The language in which people read what the library says, where none is named: French."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Literal

CURRENT: ContextVar[Literal["fr", "en"]] = ContextVar("prai_match.language", default="fr")
