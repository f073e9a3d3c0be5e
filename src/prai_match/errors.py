"""Every error that the library raises on purpose.

    PraiError               also raised itself: an extra is not installed
    ├── ProgrammeError      a programme, or the folder it is read from, has problems (all of them listed)
    ├── PolicyError         a policy has problems (all of them listed)
    ├── LexiconError        a lexicon file has problems (all of them listed)
    ├── BacktestError       a history can't show how good recommendations are (all the reasons listed)
    ├── UnknownCodeError    a code, an identifier or a name is unknown
    └── ArgumentError       an argument is invalid; also a TypeError and a ValueError

    UserWarning
    ├── RejectedRowsWarning     rows of a table were left out: the load report lists which and why
    ├── UnknownFactsWarning     accepted rows leave something unknown: the load report lists what, and for how many
    └── InterruptedSaveWarning  a folder's last save had been interrupted: it was finished or undone

Stability: stable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

from prai_match._language import CURRENT, Readable
from prai_match._version import JSON_SCHEMA
from prai_match._words import catalogue, filled, hint, quoted

__all__ = [
    "ArgumentError", "BacktestError", "InterruptedSaveWarning", "Lang", "LexiconError", "PolicyError", "PraiError",
    "Problem", "ProgrammeError", "RejectedRowsWarning", "UnknownCodeError", "UnknownFactsWarning", "did_you_mean",
    "excerpt", "missing_extra", "nearest", "suggested",
]  # fmt: skip

Lang = Literal["fr", "en"]
"""A language of messages, sentences and tables."""

_SHOWN = 80  # characters of a value that a message shows
_PART = re.compile(r", (column|row|rule|territory|weights|without)(?= ['\"\d])")


@dataclass(frozen=True, slots=True)
class Problem(Readable):
    """One problem in an input, with its place and how to fix it.

    Attributes:
        where: File and line, or the path of the field; lines and rows are counted from 1 (``needs[3].date``).
        found: The value found, as it was written.
        expected: What would have been right, or what to do.
        expected_fr: ``expected`` in French; if empty, the English text is used.
        found_fr: ``found`` in French; if empty, ``found`` is used.
        form: How the sentence is built: ``words`` (``found`` is a description), ``value`` (``found`` is not accepted)
            or ``is`` (``found`` is not what was expected).

    Example:
        >>> problem = Problem("needs[3].date", "'soon'", "a valid date", "une date valide", "« soon »", "is")
        >>> problem.text("en")
        "needs[3].date: 'soon' is not a valid date"
        >>> str(problem)
        'needs[3].date : « soon » n’est pas une date valide'
    """

    where: str
    found: str
    expected: str
    expected_fr: str = ""
    found_fr: str = ""
    form: Literal["words", "value", "is"] = "words"

    @classmethod
    def of(cls, package: str, key: str, where: str, /, found: object = None, **values: object) -> Problem:
        """Return the problem whose texts are under a key of ``data/errors.toml`` of a package.

        Args:
            package: The package, as ``prai_match.io``.
            key: Key of a table with ``expected`` or, for a problem of that form, ``is``; with ``found`` if it is a
                description; each in both languages.
            where: File and line, or the path of the field.
            found: The value found, as Python writes it, unless ``found`` is a description; empty if there is neither.
            **values: Values for the names in braces in the texts; a value that differs by language maps both.
        """
        texts = catalogue(package, "errors")[key]
        expected = filled(texts["is"] if "is" in texts else texts["expected"], values)
        if found is None:
            value = filled(texts.get("found", catalogue("prai_match", "errors")["nothing"]), values)
            return cls(where, value["en"], expected["en"], expected["fr"], value["fr"])
        value = quoted(str(found))
        return cls(where, value["en"], expected["en"], expected["fr"], value["fr"], "is" if "is" in texts else "value")

    def text(self, lang: Lang | None = None) -> str:
        """Return one line in ``lang``: where it is, unless that is empty, and a sentence."""
        lang, words = _current_language(lang), catalogue("prai_match", "errors")
        sentence = filled(words["sentences"][self.form], self.to_json(lang))[lang]
        where = _PART.sub(lambda match: f", {words['parts'][match[1]][lang]}", self.where)
        return (
            filled(words["problem"], {"where": quoted(where)[lang], "sentence": sentence})[lang] if where else sentence
        )

    def to_json(self, lang: Lang | None = None) -> dict[str, str]:
        """Return ``where``, ``found`` and ``expected``, in ``lang``, as data that JSON can hold."""
        french = _current_language(lang) == "fr"
        return {
            "where": self.where,
            "found": (french and self.found_fr) or self.found,
            "expected": (french and self.expected_fr) or self.expected,
        }


class PraiError(Readable, Exception):
    """The base class of all errors of this library: catch it to catch them all.

    It is raised itself if an optional dependency is missing; the message names the extra to install.

    Attributes:
        problems: All problems of an input, in its order; empty if the message is complete.
        suggestions: Known values similar to an unknown one, the nearest first.

    Example:
        >>> error = PraiError("the folder has files", "le dossier contient des fichiers")
        >>> error.text("en"), str(error)
        ('the folder has files', 'le dossier contient des fichiers')
    """

    problems: tuple[Problem, ...] = ()
    suggestions: tuple[str, ...] = ()

    def __init__(self, message: str = "", french: str = "") -> None:
        """Say what is wrong and how to fix it, in English and, if available, in French."""
        super().__init__(message)
        self._french = french

    @classmethod
    def of(cls, package: str, key: str, /, **values: object) -> Self:
        """Return the error whose text is under a key of ``data/errors.toml`` of a package (see `Problem.of`)."""
        if "found" in values:
            values["found"] = quoted(str(values["found"]))
        texts = filled(catalogue(package, "errors")[key], values)
        return cls(texts["en"], texts["fr"])

    def text(self, lang: Lang | None = None) -> str:
        """Return the message in ``lang``; None means the current language (see `prai_match.language`)."""
        return (_current_language(lang) == "fr" and self._french) or Exception.__str__(self)

    def to_json(self, lang: Lang | None = None) -> dict[str, Any]:
        """Return ``message``, ``problems`` and ``suggestions``, in ``lang``, as data that JSON can hold.

        The format is in ``docs/reference/schemas/error.json``. Texts repeat input as written: a web page must escape
        them.
        """
        return {
            "schema": JSON_SCHEMA,
            "message": self.text(lang),
            "problems": [problem.to_json(lang) for problem in self.problems],
            "suggestions": list(self.suggestions),
        }


class ArgumentError(PraiError, TypeError, ValueError):
    """An argument is invalid: the message names the argument and says what is expected.

    Example:
        >>> from prai_match import Programme
        >>> try:
        ...     Programme.example().recommend(on="next week")
        ... except ArgumentError as error:
        ...     print(error.text("en"))
        on: 'next week' is not a day; give a date, or text such as 2007-09-03
    """


class _ProblemsError(PraiError):
    """An input has problems: all are in ``problems``, in the order of the input."""

    def __init__(self, subject: str, problems: Iterable[Problem]) -> None:
        self.subject = subject
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(subject)

    def text(self, lang: Lang | None = None) -> str:
        """Return the subject and its problems in ``lang``, one per line."""
        count, words = len(self.problems), catalogue("prai_match", "errors")
        subject = words["subjects"].get(self.subject, self.subject)
        head = filled(words["problems"]["other" if count > 1 else "one"], {"subject": subject, "count": count})
        return "\n".join([head[_current_language(lang)], *(f"  - {problem.text(lang)}" for problem in self.problems)])

    def __reduce__(self) -> tuple[type, tuple[str, tuple[Problem, ...]]]:
        """Pickle by subject and problems, so that nothing is lost between processes."""
        return type(self), (self.subject, self.problems)


class ProgrammeError(_ProblemsError):
    """A programme, or the folder it is read from, has problems.

    Example:
        >>> from prai_match import Programme
        >>> try:
        ...     Programme.load("no_such_folder")
        ... except ProgrammeError as error:
        ...     print(error.problems[0].text("en"))
        no_such_folder: found no such folder, expected a folder with programme.toml and its tables
    """


class PolicyError(_ProblemsError):
    """A policy has problems: an unknown column or session, a rule that can never be met, a bad weight.

    Example:
        >>> from prai_match import Policy
        >>> try:
        ...     Policy.default().require("popullation <= 20000", id="small_only")
        ... except PolicyError as error:
        ...     error.problems[0].found
        "unknown column 'popullation'"
    """


class LexiconError(_ProblemsError):
    """A lexicon file has problems: an unknown workshop, a term given twice, a missing field.

    Example:
        >>> import pathlib, tempfile
        >>> from prai_match.needs import Lexicon
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = pathlib.Path(folder, "lexicon.toml")
        ...     _ = path.write_text("workshop = 1")
        ...     try:
        ...         Lexicon.load(path)
        ...     except LexiconError as error:
        ...         len(error.problems) > 0
        True
    """


class BacktestError(_ProblemsError):
    """A history can't show how good recommendations are: too few cases, or days whose future isn't known yet.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> try:
        ...     Programme.example().backtest([dt.date(2006, 9, 1)])
        ... except BacktestError as error:
        ...     print(error.problems[0].text("en"))
        splits: 2006-09-01: found no attendance by that day, expected a day with at least one attendance before it
    """


class UnknownCodeError(PraiError, KeyError):
    """A code, an identifier or a name is unknown.

    Attributes:
        kind: The kind of thing looked for, such as ``"commune"`` or ``"territory"``.
        value: The value asked for.
        suggestions: Known values similar to it, the nearest first.

    Example:
        >>> from prai_match import Programme
        >>> try:
        ...     Programme.example("midi_pyrennees")
        ... except UnknownCodeError as error:
        ...     print(error.text("en"))
        unknown example: 'midi_pyrennees'; did you mean midi_pyrenees?
    """

    def __init__(self, kind: str, value: object, suggestions: Iterable[str] = ()) -> None:
        """Set the kind of thing looked for, the value, and similar known values."""
        super().__init__()
        self.kind = kind
        self.value = value
        self.suggestions: tuple[str, ...] = tuple(suggestions)
        self.args: tuple[object, ...] = (kind, value, self.suggestions)

    def text(self, lang: Lang | None = None) -> str:
        """Name the value in ``lang`` and, if there are similar values, ask 'did you mean'."""
        words = catalogue("prai_match", "errors")
        what = filled(words["unknown"].get(self.kind, words["unknown"]["other"]), {"kind": self.kind})
        values = {"what": what, "value": quoted(excerpt(self.value)), "near": hint(self.suggestions)}
        return filled(words["unknown_code"], values)[_current_language(lang)]


class _BilingualWarning(Readable, UserWarning):
    """A warning with a message in English and in French."""

    def __init__(self, message: str, french: str) -> None:
        """Set the message in English and in French."""
        super().__init__(message, french)

    def text(self, lang: Lang | None = None) -> str:
        """Return the message in ``lang``; None means the current language."""
        return str(self.args[_current_language(lang) == "fr"])


class RejectedRowsWarning(_BilingualWarning):
    """Rows of a table were left out of a programme: its load report lists which and why.

    Example:
        >>> import warnings
        >>> from prai_match import Programme
        >>> with warnings.catch_warnings(action="error", category=RejectedRowsWarning):  # as a service may want it
        ...     prog = Programme.example()
        >>> prog.load_report.rejected
        0
    """


class UnknownFactsWarning(_BilingualWarning):
    """Accepted rows leave something unknown that their files may hold: the load report lists what and how often.

    Example:
        >>> import warnings
        >>> from prai_match import Programme
        >>> with warnings.catch_warnings(action="error", category=UnknownFactsWarning):  # as a service may want it
        ...     prog = Programme.example()
        >>> prog.load_report.consequences("en")
        []
    """


class InterruptedSaveWarning(_BilingualWarning):
    """The last save of a folder had been interrupted, and was finished or undone when the folder was loaded.

    Example:
        >>> warning = InterruptedSaveWarning("the last save is finished", "le dernier enregistrement est achevé")
        >>> warning.text("en"), str(warning)
        ('the last save is finished', 'le dernier enregistrement est achevé')
    """


def excerpt(value: object, most: int = _SHOWN) -> str:
    """Return a value as written, cut if long; if it can't be written, the name of its type.

    Example:
        >>> excerpt("x" * 1_000, 5)
        "'xxxx…"
    """
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - of whatever object; a whole number may have more digits than Python writes
        text = type(value).__name__
    cut = text[:most]
    return text if text == cut else f"{cut}…"


def missing_extra(purpose: str, extra: str, package: str = "") -> PraiError:
    """Return the error for a missing optional dependency.

    Args:
        purpose: What needs the dependency: a key of ``data/extras.toml``.
        extra: Name of the extra to install.
        package: The missing package of this extra; if empty, only the extra is named.

    Example:
        >>> print(missing_extra("plan", "plan", "highspy").text("fr"))
        pour établir un plan, installer l’extra « plan » (highspy) : pip install "prai-match[plan]"
    """
    texts, name = catalogue("prai_match", "extras"), f" ({package})" if package else ""
    if not isinstance(purpose, str) or purpose not in texts:
        raise UnknownCodeError("purpose", purpose, texts)
    return PraiError.of("prai_match", "missing_extra", purpose=texts[purpose], extra=str(extra), package=name)


def did_you_mean(value: str, known: Iterable[str], lang: Lang) -> str:
    """Return the end of a message that suggests known values similar to ``value``; empty if there are none.

    Example:
        >>> did_you_mean("need_scor", ["need_score", "people", "needs"], "en")
        '; did you mean need_score, needs?'
        >>> did_you_mean("need_scor", ["need_score", "people", "needs"], "fr")
        ' ; vouliez-vous dire need_score, needs ?'
    """
    return suggested(nearest(value, known), lang)


def suggested(found: Iterable[str], lang: Lang) -> str:
    """Return the end of a message that suggests the values found; empty if there are none.

    Example:
        >>> suggested(["Lot"], "en"), suggested([], "fr")
        ('; did you mean Lot?', '')
    """
    return hint(found)[_current_language(lang)]


def _current_language(lang: Lang | None = None) -> Lang:
    """Return the given language or, if None, the current one."""
    if lang is None:
        return CURRENT.get()
    if not isinstance(lang, str) or lang not in get_args(Lang):
        raise UnknownCodeError("language", lang, get_args(Lang))
    return lang


def nearest(value: str, known: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """Return known values similar to ``value``, the nearest first.

    Example:
        >>> nearest("need_scor", ["need_score", "people", "needs"])
        ('need_score', 'needs')
    """
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - most programs have no error

    matches = process.extract(str(value), sorted(known), scorer=fuzz.ratio, limit=None, score_cutoff=60)
    return tuple(name for name, _, _ in matches[:limit])
