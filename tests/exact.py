"""A frame to the byte: its values and types, and not how polars has laid them out in memory."""

from __future__ import annotations

import polars as pl


def exact(frame: pl.DataFrame) -> bytes:
    """Return the frame in Arrow's form with texts one after the other.

    The newer form writes texts as they lie in memory: in one buffer or in several, as threads made them.
    """
    return frame.write_ipc(None, compat_level=pl.CompatLevel.oldest()).getvalue()
