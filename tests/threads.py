"""What Python prints of some code on one thread, and on several."""

from __future__ import annotations

import os
import subprocess
import sys


def printed(code: str) -> set[bytes]:
    """Return what is printed with one thread and with four: one thing, if threads decide nothing."""
    path = os.pathsep.join(filter(None, sys.path))
    names = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    return {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | dict.fromkeys(names, count) | {"PYTHONHASHSEED": "0", "PYTHONPATH": path},
            capture_output=True,
            check=True,
        ).stdout
        for count in ("1", "4")
    }
