"""Small JSON files that the library writes for itself; others may have damaged them."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any, Final

from prai_match.errors import PraiError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LONGEST: Final = 64 * 2**20


def record_bytes(record: Mapping[str, Any]) -> bytes:
    r"""Return the bytes of a record: the same one gives the same."""
    return (json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def read_record(path: Path) -> dict[str, Any]:
    """Read a record.

    Raises:
        PraiError: It isn't there, is no file, or is no JSON object.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode) or path.stat().st_size > _LONGEST:
            raise _damaged(path)
        record = json.loads(path.read_bytes().decode())
    except FileNotFoundError:
        raise PraiError.of("prai_match.files", "missing", path=path) from None
    except (OSError, ValueError, RecursionError):
        raise _damaged(path) from None
    if not isinstance(record, dict):
        raise _damaged(path)
    return record


def _damaged(path: Path) -> PraiError:
    return PraiError.of("prai_match.files", "damaged", path=path)
