"""The current language of the library's texts, used if none is given; French by default."""

from contextvars import ContextVar
from typing import Literal

CURRENT: ContextVar[Literal["fr", "en"]] = ContextVar("prai_match.language", default="fr")


class Readable:
    """Base class of objects with a text, which printing shows in the current language."""

    __slots__ = ()

    def text(self, lang: Literal["fr", "en"] | None = None) -> str:
        """Return the object as text in ``lang``; None means the current language."""
        raise NotImplementedError

    def __str__(self) -> str:
        """Return the text in the current language."""
        return self.text()
