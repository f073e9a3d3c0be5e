"""A progress bar on work that lasts, where the extra that draws it is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_Item = TypeVar("_Item")

_LONG = 20_000_000
"""Bytes of tables from which reading them is long enough for a bar."""


def tracked(items: Collection[_Item], size: int, label: str = "prai_match") -> Iterable[_Item]:
    """The items, with a bar while they are gone through if ``size`` bytes are many."""
    if size < _LONG:
        return items
    try:
        from tqdm.auto import tqdm  # noqa: PLC0415 - an extra
    except ImportError:
        return items
    bar: Iterable[_Item] = tqdm(items, desc=label, leave=False)
    return bar
