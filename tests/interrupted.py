"""Work on files that is interrupted: an operation that fails, or a process that is killed before one or at any instant.

As a program, it forks a process for each kill, and kills it: ``python interrupted.py MODULE FOLDER KILLS [SEED]``. The
module has ``prepare(folder)`` and ``act(folder)``. Nothing may use polars before the fork, or it waits for ever for threads
that aren't there: so the module is imported after it, and before it only what merely takes long to import.
"""

from __future__ import annotations

import importlib
import os
import random
import signal
import subprocess
import sys
import time
import warnings
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_EVENTS = ("open", "os.", "shutil.")
_LONG_TO_IMPORT = ("highspy", "hypothesis", "pytest", "prai_match", "prai_match.simulate", "prai_match.testing")
_LOOKS = frozenset({"os.listdir", "os.scandir", "os.listxattr", "os.getxattr"})
_watching: list[Callable[[str, tuple[object, ...]], None]] = []
_hooked = False


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _watching and event.startswith(_EVENTS) and event not in _LOOKS:
        _watching[-1](event, arguments)


@contextmanager
def at(number: int, do: Callable[[], None], below: Path) -> Iterator[Callable[[], int]]:
    """Do something before an operation on files, counted from 1; give how many there were.

    Args:
        number: Which.
        do: What.
        below: The folder whose files and folders count, and those below it.
    """
    global _hooked  # noqa: PLW0603 - a hook stays for ever
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked = True
    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        if count == number:
            do()

    def watch(_event: str, arguments: tuple[object, ...]) -> None:
        if arguments and isinstance(arguments[0], str | Path) and str(arguments[0]).startswith(str(below)):
            step()

    fsync = os.fsync

    def watched(file: int) -> None:
        step()
        fsync(file)

    os.fsync = watched  # type: ignore[assignment]
    _watching.append(watch)
    try:
        yield lambda: count
    finally:
        _watching.pop()
        os.fsync = fsync


def kills(module: str, folder: Path, how: str, seed: int = 0) -> list[Path]:
    """Run a module's ``act`` in processes that are killed, and return the folder of each.

    Args:
        module: Has ``prepare(folder)`` and ``act(folder)``.
        folder: Where the folders are made.
        how: ``every:3`` kills before every third operation, ``times:100`` at 100 instants.
        seed: Of the instants.
    """
    command = [sys.executable, __file__, module, str(folder), how, str(seed)]
    paths = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": paths, "POLARS_MAX_THREADS": "1"})
    return sorted(path for path in folder.iterdir() if path.name.startswith("kill-"))


def killed(act: Callable[[], object], number: int, below: Path) -> None:
    """Do something in a fork that is killed before an operation on files; nothing of it may use polars.

    Args:
        act: What is done.
        number: Before which operation, counted from 1.
        below: The folder whose files and folders count, and those below it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # a fork of a process that has threads
        child = os.fork()
    if not child:
        with suppress(BaseException), at(number, lambda: os.kill(os.getpid(), signal.SIGKILL), below):
            act()
        os._exit(0)
    os.waitpid(child, 0)


def _main(module: str, folder: str, how: str, seed: str) -> None:
    for name in _LONG_TO_IMPORT:
        importlib.import_module(name)
    kind, _, number = how.partition(":")
    if kind == "every":
        place = int(seed) or 1
        while _seconds(module, Path(folder, f"kill-{place:04}"), place, None) is None:
            place += int(number)
        return
    drawn = random.Random(int(seed))  # noqa: S311 - instants
    whole = _seconds(module, Path(folder, "kill-0000"), 0, None)
    assert whole is not None
    for place in range(1, int(number) + 1):
        _seconds(module, Path(folder, f"kill-{place:04}"), 0, drawn.random() * whole)


def _seconds(module: str, folder: Path, number: int, instant: float | None) -> float | None:
    """Run it in a fork, and return how long its act took; None where it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            acting = importlib.import_module(module)
            acting.prepare(folder)
            os.write(writing, b".")
            with at(number, lambda: os.kill(os.getpid(), signal.SIGKILL), folder):
                acting.act(folder)
        except BaseException:  # noqa: BLE001 - a process of its own ends with it
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    os.close(writing)
    os.read(reading, 1)
    os.close(reading)
    since = time.monotonic()
    if instant is not None:
        time.sleep(instant)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return None
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{folder} failed")
    return time.monotonic() - since


if __name__ == "__main__":
    _main(*sys.argv[1:])
