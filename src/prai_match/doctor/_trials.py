"""The diagnosis: what is installed, then all trials, independently of each other.

A trial returns its result, or raises what the library raises.
"""

import base64
import csv
import datetime as dt
import hashlib
import platform
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from importlib import metadata
from importlib.resources import as_file, files
from pathlib import Path
from traceback import walk_tb
from typing import Final

import polars as pl

from prai_match import _front, errors, register
from prai_match._version import __version__
from prai_match.doctor._diagnosis import PROJECT, Check, Diagnosis, Extra, Package, core_and_extras, version_of

REINSTALL: Final = f"pip install --force-reinstall --no-deps {PROJECT}=={__version__}"
REPORT: Final = "report"  # the remedy if installing something doesn't help
# Rows of the register by kind, then those of the tables of earlier names.
_COUNTS: Final = {
    "commune": 34_969, "arrondissement_municipal": 45, "epci": 1_255, "departement": 109, "region": 26,
    "former_commune": 4_824, "dissolved": 18, "epci_names": 72, "aliases": 4_075,
}  # fmt: skip
_CODES: Final = {"31555": "Toulouse", "243100518": "Toulouse Métropole", "09": "Ariège"}
EXAMPLES: Final = {"midi_pyrenees": 101, "occitanie_2026": 161}  # territories of each bundled region
_ON: Final = dt.date(2007, 9, 3)
_TERRITORY, _SESSION = "200066231", "dematerialisation"
_SEASON: Final = (dt.date(2027, 1, 11), dt.date(2027, 3, 31))  # of the small programme that ``prai-match new`` writes


def _broken(name: str, found: str, facts: Mapping[str, str | int], remedy: str = REINSTALL, extra: str = "") -> Check:
    """Return a failed trial; by default, the remedy is to reinstall this version."""
    return Check(name, "failed", found, facts, remedy, extra)


def library() -> Check:
    if (version := version_of(PROJECT)) is None:
        return _broken("library", "not_installed", {}, f"pip install {PROJECT}")
    if version != __version__:
        return _broken("library", "other_version", {"installed": version, "version": __version__})
    return Check("library", "passed", "library", {"version": __version__})


def dependencies(core: tuple[Package, ...]) -> Check:
    if lacking := [package for package in core if not package.fits]:
        names = {"packages": ", ".join(package.name for package in lacking)}
        requirements = " ".join(f'"{package.wanted}"' for package in lacking)
        return _broken("dependencies", "lacking", names, f"pip install --upgrade {requirements}")
    if not core:
        return Check("dependencies", "skipped", "not_installed")
    return Check("dependencies", "passed", "dependencies", {"count": len(core)})


def installed_files() -> Check:
    # The list itself: `metadata.files` leaves out the files that are missing, on some versions of Python.
    try:
        distribution = metadata.distribution(PROJECT)
    except metadata.PackageNotFoundError:
        return Check("files", "skipped", "not_listed")
    lines = csv.reader((distribution.read_text("RECORD") or "").splitlines())
    sums = {path: checksum for path, checksum, _ in lines if path.startswith("prai_match/") and checksum}
    beside = Path(__file__).parents[1] / "__init__.py"
    own = Path(str(distribution.locate_file(f"prai_match/{beside.name}")))
    if not sums or not own.exists() or not own.samefile(beside):
        return Check("files", "skipped", "not_listed")
    if others := sorted(path for path, sum_ in sums.items() if _checksum(distribution.locate_file(path), sum_) != sum_):
        return _broken("files", "changed", {"count": len(others), "name": others[0]})
    return Check("files", "passed", "files", {"count": len(sums)})


def _checksum(path: object, like: str) -> str:
    kind = like.partition("=")[0]
    try:
        digest = hashlib.new(kind, Path(str(path)).read_bytes()).digest()
    except OSError:
        return ""
    return f"{kind}={base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def official_register() -> Check:
    about = register.about()
    for kind, expected in _COUNTS.items():
        if (count := (about.counts | about.others).get(kind, 0)) != expected:
            return _broken("register", "other_count", {"kind": kind, "found": count, "expected": expected})
    for code, expected_name in _CODES.items():
        if (name := register.get(code).name) != expected_name:
            return _broken("register", "other_entry", {"code": code, "found": name, "expected": expected_name})
    communes, epcis = about.counts["commune"], about.counts["epci"]
    return Check("register", "passed", "register", {"communes": communes, "epcis": epcis, "vintage": about.vintage})


def example(name: str) -> Check:
    programme = _front.Programme.example(name)
    counts = {"territories": len(programme.territories), "sessions": len(programme.sessions)}
    rejections = programme.load_report.rejected if programme.load_report else 0
    if rejections or counts["territories"] != EXAMPLES[name]:
        return _broken(name, "other_example", counts | {"rejected": rejections, "expected": EXAMPLES[name]})
    return Check(name, "passed", "example", counts)


def recommendation() -> Check:
    rec = _front.Programme.example().recommend(on=_ON, territories=_TERRITORY)[_TERRITORY]
    answer: dict[str, str | int] = {"session": str(rec.session or rec.reason), "territory": rec.name}
    if rec.session != _SESSION:
        return _broken("recommendation", "other_answer", answer | {"expected": _SESSION}, REPORT)
    return Check("recommendation", "passed", "recommendation", answer)


def plan() -> Check:
    with as_file(files("prai_match.io").joinpath("templates", "fr")) as folder:
        season = _front.Programme.load(folder).plan(*_SEASON, progress=lambda _: None)
    facts: dict[str, str | int] = {"sessions": season.sessions.height, "status": season.status}
    if season.status != "optimal" or not season.sessions.height or season.check().height:
        return _broken("plan", "other_plan", facts, REPORT, "plan")
    return Check("plan", "passed", "plan", facts, extra="plan")


def chart() -> Check:
    from prai_match import charts  # noqa: PLC0415 - it takes what most programmes never need

    if not charts.svg(charts.need_counts(_front.Programme.example())).startswith("<svg"):
        return _broken("viz", "other_chart", {}, REPORT, "viz")
    return Check("viz", "passed", "viz", extra="viz")


_OF_EXTRAS: Final = {"plan": plan, "viz": chart}


def check() -> Diagnosis:
    """Check what is installed by trying it: the register, the bundled regions, a recommendation, a plan, a chart.

    Nothing is written and nothing leaves the machine. It takes a few seconds; a failed trial doesn't stop the others.

    Example:
        >>> diagnosis = check()
        >>> print(diagnosis.text("en").splitlines()[0])
        prai_match 0.1.0
        >>> [str(trial.text("en")) for trial in diagnosis.checks if trial.id == "register"]
        ['✓ Official register: 34,969 communes, 1,255 EPCI, year 2026']
    """
    core, extras = core_and_extras()
    trials: dict[str, Callable[[], Check]] = {
        "library": library,
        "dependencies": partial(dependencies, core),
        "files": installed_files,
        "register": official_register,
        **{name: partial(example, name) for name in EXAMPLES},
        "recommendation": recommendation,
    }
    checks = [_attempt(name, trial) for name, trial in trials.items()]
    checks += [_attempt(extra.name, _OF_EXTRAS[extra.name], extra) for extra in extras if extra.name in _OF_EXTRAS]
    python = f"{platform.python_implementation()} {platform.python_version()}"
    system = f"{platform.system()} {platform.release()} ({platform.machine()})"
    return Diagnosis(__version__, python, system, core, extras, tuple(checks))


def _attempt(name: str, trial: Callable[[], Check], extra: Extra | None = None) -> Check:
    """Run a trial; errors are reported by type and place in the library, since messages may name folders."""
    if extra is not None and not extra.installed:
        return Check(name, "skipped", "missing", remedy=extra.command, extra=name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", errors.RejectedRowsWarning)  # counted
            return trial()
    except (Exception, pl.exceptions.PanicException) as error:  # noqa: BLE001 - whatever is broken is to be told
        facts: dict[str, str | int] = {"error": type(error).__name__, "place": _place(error)}
        remedy = REINSTALL if extra is None else extra.command.replace("install", "install --force-reinstall")
        return _broken(name, "error", facts, remedy, extra.name if extra else "")


def _place(error: BaseException) -> str:
    """Return the last line of the library that an error went through, as ``prai_match.register._data:94``."""
    frames = ((frame.f_globals.get("__name__", ""), line) for frame, line in walk_tb(error.__traceback__))
    places = [f"{module}:{line}" for module, line in frames if module.partition(".")[0] == "prai_match"]
    return places[-1] if places else ""
