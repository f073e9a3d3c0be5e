"""What a process takes of memory, itself: Linux's peak of its own pages, which begins again where measuring begins.

``ru_maxrss`` doesn't do: it outlives fork and exec, so that a child says its parent's peak where that was higher.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = TypeVar("Answer")

_CHILD = """
import sys
sys.path.insert(0, {folder!r})
{script}
import dataclasses, json, _memory
print(json.dumps(dataclasses.asdict(_memory.taken(run)[0])))
"""


@dataclass(frozen=True)
class Memory:
    """What a run took, in MB: at its peak, what this process had more than before, and what it had in all."""

    added: float
    whole: float


def held(name: Literal["VmRSS", "VmHWM"]) -> float:
    """The MB that this process has now (``VmRSS``), or had at its peak (``VmHWM``)."""
    kilobytes = re.search(rf"^{name}:\s+(\d+) kB$", Path("/proc/self/status").read_text("utf-8"), re.MULTILINE)
    assert kilobytes, f"the kernel tells no {name}"
    return int(kilobytes[1]) / 1024


def taken(run: Callable[[], Answer]) -> tuple[Memory, Answer]:
    """Run something here, and return what this process took for it, and the answer."""
    Path("/proc/self/clear_refs").write_text("5", "utf-8")  # the peak starts again from here
    before = held("VmRSS")
    answer = run()
    peak = held("VmHWM")
    return Memory(peak - before, peak), answer


def taken_alone(script: str, *arguments: str) -> Memory:
    """Return what ``run`` of a script takes, in a new process that has no freed memory to use again.

    The script imports what lies in this folder by its name, and reads the arguments in ``sys.argv``.
    """
    code = _CHILD.format(folder=str(Path(__file__).parent), script=script)
    child = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return Memory(**json.loads(child.stdout))
