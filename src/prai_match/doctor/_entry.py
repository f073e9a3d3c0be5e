"""The diagnosis: what is installed, then each trial, whatever the others found."""

from __future__ import annotations

import platform
import warnings
from functools import partial
from traceback import walk_tb
from typing import TYPE_CHECKING

import polars as pl

from prai_match._version import __version__
from prai_match.doctor import _trials
from prai_match.doctor._diagnosis import Check, Diagnosis
from prai_match.doctor._installed import Extra, core_and_extras
from prai_match.errors import RejectedRowsWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


def check() -> Diagnosis:
    """Look at what is installed, and try it: the register, the bundled regions, a recommendation, a plan, a chart.

    Nothing is written and nothing leaves the machine. It takes a few seconds; no trial that fails stops the others.

    Example:
        >>> diagnosis = check()
        >>> print(diagnosis.text("en").splitlines()[0])
        prai_match 0.1.0
        >>> [str(trial.text("en")) for trial in diagnosis.checks if trial.id == "register"]
        ['✓ Official register: 34,969 communes, 1,255 EPCI, year 2026']
    """
    core, extras = core_and_extras()
    checks = (
        _attempt("library", _trials.library),
        _attempt("dependencies", partial(_trials.dependencies, core)),
        _attempt("files", _trials.installed_files),
        _attempt("register", _trials.official_register),
        *(_attempt(name, partial(_trials.example, name)) for name in _trials.EXAMPLES),
        _attempt("recommendation", _trials.recommendation),
        *_of_extras(extras),
    )
    return Diagnosis(
        version=__version__,
        python=f"{platform.python_implementation()} {platform.python_version()}",
        platform=f"{platform.system()} {platform.release()} ({platform.machine()})",
        core=core,
        extras=extras,
        checks=checks,
    )


def _of_extras(extras: Iterable[Extra]) -> Iterator[Check]:
    trials: dict[str, Callable[[], Check]] = {"plan": _trials.plan, "viz": _trials.chart}
    for extra in extras:
        if extra.name in trials and extra.installed:
            yield _attempt(extra.name, trials[extra.name], extra)
        elif extra.name in trials:
            yield Check(extra.name, "skipped", "missing", remedy=extra.command, extra=extra.name)


def _attempt(name: str, trial: Callable[[], Check], extra: Extra | None = None) -> Check:
    """Try it; an error is told by its type and its place in the library, as messages may name folders."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RejectedRowsWarning)  # counted
            return trial()
    except (Exception, pl.exceptions.PanicException) as error:  # noqa: BLE001 - whatever is broken is to be told
        facts: dict[str, str | int] = {"error": type(error).__name__, "place": _place(error)}
        remedy = _trials.reinstall() if extra is None else extra.command.replace("install", "install --force-reinstall")
        return Check(name, "failed", "error", facts, remedy, extra.name if extra else "")


def _place(error: BaseException) -> str:
    """Return the last line of the library that an error went through, as ``prai_match.register._data:94``."""
    frames = ((frame.f_globals.get("__name__", ""), line) for frame, line in walk_tb(error.__traceback__))
    places = [f"{module}:{line}" for module, line in frames if module.partition(".")[0] == "prai_match"]
    return places[-1] if places else ""
