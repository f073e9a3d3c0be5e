"""Objects that notebooks show: how a thing is shown is registered beside the words for it, so that it needn't know."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

from prai_match.text._language import current_language

if TYPE_CHECKING:
    from prai_match.errors import Lang


@singledispatch
def shown(thing: object, lang: Lang) -> str:
    """Return what a notebook shows of an object, in ``lang``; each folder registers its own types."""
    msg = f"nothing says how a {type(thing).__name__} is shown in {lang}"
    raise TypeError(msg)


class Shown:
    """What a notebook shows, in the way registered with `shown`."""

    __slots__ = ()

    def html(self, lang: Lang | None = None) -> str:
        """Return what notebooks show, as an HTML fragment.

        Args:
            lang: Its language; None: that in which it was asked for, where it was in one, else the current one.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return shown(self, current_language(lang or getattr(self, "lang", None)))

    def _repr_html_(self) -> str:
        """The same, for notebooks."""
        return self.html()
