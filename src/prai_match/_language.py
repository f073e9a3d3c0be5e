"""The language in which people read what the library says, where none is named: French."""

from contextvars import ContextVar
from typing import Literal

CURRENT: ContextVar[Literal["fr", "en"]] = ContextVar("prai_match.language", default="fr")


class Readable:
    """What reads as text: printed, in the current language."""

    __slots__ = ()

    def text(self, lang: Literal["fr", "en"] | None = None) -> str:
        """Return it as text in ``lang``; None: in the current language."""
        raise NotImplementedError

    def __str__(self) -> str:
        """Read in the current language."""
        return self.text()
