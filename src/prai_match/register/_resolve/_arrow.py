"""Tables of other libraries."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Arrow"]


class Arrow(Protocol):
    """A table that can be read as an Arrow stream (pandas, pyarrow, DuckDB…)."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The stream."""
        ...
