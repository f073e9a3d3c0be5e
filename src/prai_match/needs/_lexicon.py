"""The compiled lexicon: every phrase of the file as runs of symbols.

Misspelt words are distinguished from other French words by the list of the npm package ``an-array-of-french-words``
2.0.0 (MIT licence, copyright 2016 Zeke Sikelianos), which comes with this package as stems.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from importlib.resources import files
from itertools import accumulate, count, product
from math import prod
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from prai_match import _arguments as given
from prai_match._later import Later
from prai_match.errors import LexiconError, Problem
from prai_match.model import READ_BY, ContextTable, LexiconTable, ProgrammeData, TermTable, axes_of, item, once
from prai_match.needs._labels import examples_with, labels_of
from prai_match.needs._source import LARGEST, LexiconFile, inherit, phrases
from prai_match.needs._text import Speller, fold
from prai_match.needs._trie import Ensemble, Kind, Rules, Trie
from prai_match.text import Shown, TomlError, bounded

if TYPE_CHECKING:
    import polars as pl

_suggestion, _weighing = Later(".needs._suggestion"), Later(".needs._weighing")  # they read with a lexicon
_SPEECH = tuple(Kind)[Kind.NEGATION - 1 : Kind.PLACE]
_MOST_RUNS = 100_000  # maximum number of runs of words of all phrases together: nested groups multiply
_LINKS = {"et", "ou", "ni", "que"}  # words that separate or continue a list are read with any lexicon
_DEEPEST = 10  # maximum nesting of groups
_COMMON = frozenset(Kind) - {Kind.TERM, Kind.PART, Kind.NEGATION}  # everyday words, not words of computing
_WORD = re.compile(r"@?[^\W_]+(?:-[^\W_]+)*")
_GROUP_OR_WORD = re.compile(r"\{([^{}]*)\}|(@?[^\W_]+(?:-[^\W_]+)*)")
Payload = tuple[Kind, int]
Run = tuple[str, ...]  # symbols of words that follow one another


@dataclass(frozen=True)
class Compiled:
    """The data that the engine reads; payloads hold the numbers of terms and contexts."""

    table: LexiconTable
    speller: Speller
    payloads: tuple[tuple[Payload, ...], ...]  # payloads of phrases, each once: few for thousands of phrases
    runs: dict[str, int]  # symbols of each phrase and of each of its beginnings, with the position of its payload
    parts: dict[str, tuple[int, ...]]  # the same for parts of combinations
    ensembles: dict[int, tuple[Ensemble, ...]]  # combinations by their rarest part
    waking: dict[str, set[str] | None]  # symbols of which any decisive text has one, with the symbols near it
    barring: tuple[frozenset[int], ...]  # for each term, the numbers of contexts that may exclude it

    @cached_property
    def trie(self) -> Trie:
        ensembles = [each for group in self.ensembles.values() for each in group]
        return Trie.of(self.payloads, self.runs, self.parts, ensembles, self.waking, len(Kind))

    @cached_property
    def rules(self) -> Rules:
        return Rules.of(self.table, self.barring)

    @property
    def topics(self) -> tuple[str, ...]:
        """The workshops that the terms name, also those that a catalogue doesn't have."""
        return tuple(dict.fromkeys(term.atelier for term in self.table.terme))


@dataclass(frozen=True, slots=True, repr=False)
class Lexicon(Shown):
    """The words with which people ask for the workshops of a catalogue; immutable, safe to share between threads.

    Attributes:
        name: Name of the file.
        workshops: Its possible answers: workshops, each with its axes. Empty if it recognises nothing.
        data: The data that it was compiled from, as stored in a programme.
        is_alone: Whether the second reader, which learned from examples, is set aside.

    Example:
        >>> Lexicon.bundled()
        <Lexicon lexique_prai.toml: 5 workshops>
        >>> Lexicon.bundled().workshops["sig"]
        ('adresse', 'cadastre', 'reseaux', 'urbanisme')
    """

    name: str
    workshops: Mapping[str, tuple[str, ...]]
    compiled: Compiled
    data: LexiconTable
    is_alone: bool = False

    @classmethod
    def load(cls, path: str | PathLike[str], catalogue: Mapping[str, Collection[str]] | None = None) -> Lexicon:
        r"""Read a lexicon file (TOML; the bundled one explains each part in its comments).

        With ``catalogue`` (the axes of each workshop), it may only name these; without, anything is accepted.

        Raises:
            LexiconError: The file has problems; all are listed.

        Example:
            >>> from prai_match import LexiconError
            >>> from tempfile import TemporaryDirectory
            >>> with TemporaryDirectory() as folder:
            ...     path = Path(folder, "mon_lexique.toml")
            ...     _ = path.write_text("[[terme]]\natelier = 'sig'\nniveau = 'for'\nmots = ['SIG']")
            ...     try:
            ...         Lexicon.load(path)
            ...     except LexiconError as error:
            ...         print(error.problems[0].text("en"))
            mon_lexique.toml:3 (terme[1].niveau): found 'for', expected one of fort, moyen, faible; did you mean fort?
        """
        path = Path(path)
        try:
            text = bounded(path, LARGEST).decode("utf-8-sig", errors="replace")
        except TomlError as error:
            raise LexiconError(path.name, [error.problem(str(path))]) from None
        except OSError as error:
            problem = Problem.of("prai_match.needs", "unreadable_file", str(path), message=error.strerror or str(error))
            raise LexiconError(path.name, [problem]) from None
        source = LexiconFile(path.name, text)
        return cls._of(source, source.parse(), catalogue)

    @classmethod
    @given.takes(data=given.a(LexiconTable), catalogue=given.mapping)
    def of(cls, data: LexiconTable, catalogue: Mapping[str, Collection[str]], name: str = "lexicon") -> Lexicon:
        """Return the lexicon described by data; errors call it by ``name``.

        Raises:
            LexiconError: The data have problems; all are listed.
        """
        return cls._of(LexiconFile(name, ""), data, catalogue)

    @classmethod
    def _of(cls, file: LexiconFile, data: LexiconTable, catalogue: Mapping[str, Collection[str]] | None) -> Lexicon:
        table = inherit(data, cls.bundled().data) if data.reprend else data
        if "tout" not in data.reprend:
            file.check(table, catalogue)
            return cls._reading(file.name, _Compiler(file, table).compile(), data)
        own, bundled = catalogue or {}, cls.bundled()
        known = {name: {*own.get(name, ()), *bundled.workshops.get(name, ())} for name in {*own, *bundled.workshops}}
        file.check(table, None if catalogue is None else known)
        if data.model_dump(exclude={"reprend", "exemples"}, exclude_defaults=True):
            compiled = _Compiler(file, table).compile()
        else:
            file.close()
            compiled = replace(bundled.compiled, table=table)
        lexicon = cls._reading(file.name, compiled, data)
        return lexicon if catalogue is None else _within(lexicon, catalogue)

    @classmethod
    def _reading(cls, name: str, compiled: Compiled, data: LexiconTable) -> Lexicon:
        axes: dict[str, set[str]] = {}
        for term in compiled.table.terme:
            axes.setdefault(term.atelier, set()).update(() if term.axe is None else (term.axe,))
        return cls(name, {workshop: tuple(sorted(names)) for workshop, names in axes.items()}, compiled, data)

    @classmethod
    @cache
    def bundled(cls) -> Lexicon:
        """Return the lexicon of the model case, which is distributed compiled (`scripts/build_lexicon.py`)."""
        packed = files("prai_match.needs").joinpath("data/lexique_prai.json.gz").read_bytes()
        compiled = TypeAdapter(Compiled).validate_json(gzip.decompress(packed))
        return cls._reading("lexique_prai.toml", compiled, compiled.table)

    @classmethod
    def bundled_for(cls, catalogue: Mapping[str, Collection[str]]) -> Lexicon:
        """Return the bundled lexicon for a catalogue (the axes of each workshop) without its own lexicon.

        It only recognises workshops of the catalogue. If the catalogue has a workshop that it doesn't know, it
        recognises nothing at all, since it would mistake needs for that workshop for others.
        """
        return _within(cls.bundled(), catalogue)

    def learn(self, labels: Iterable[tuple[str, str | None]] | Any) -> Lexicon:  # noqa: ANN401 - or a frame of any library
        """Return the lexicon with labelled texts among its `exemples`, from which the second reader learns.

        A text that was an example already gets the new label. Texts are kept up to 2,000 characters. A lexicon that is
        the bundled one becomes one that takes over everything from it (``reprend = ["tout"]``).

        Args:
            labels: Pairs of a text and the workshop that it asks for, None for none; or a frame with ``text`` and
                ``workshop``. A text with several workshops is no example.

        Raises:
            UnknownCodeError: The lexicon doesn't recognise a workshop.

        Example:
            >>> lexicon = Lexicon.bundled().learn([("poser des repères sur un fond de plan", "sig")])
            >>> dict(lexicon.data.exemples)
            {'sig': ('poser des repères sur un fond de plan',)}
        """
        bundled = type(self).bundled().data
        data = LexiconTable.model_validate({"reprend": ("tout",)}) if self.data is bundled else self.data
        examples = examples_with(data.exemples, labels_of(labels, self.workshops))
        data = data.model_copy(update={"exemples": examples})
        table = self.compiled.table.model_copy(update={"reprend": data.reprend, "exemples": examples})
        return replace(self, data=data, compiled=replace(self.compiled, table=table))

    def suggest(self, labels: Iterable[tuple[str, str | None]] | Any) -> pl.DataFrame:  # noqa: ANN401 - as for `learn`
        """Propose terms with which texts that are read wrongly would be read right, the best first.

        Words and pairs of words of these texts are tried one by one as strong terms of the workshop of the label: with
        each, all labelled texts and all `exemples` of the lexicon are read again. Those that mend more than they break
        are returned.

        Args:
            labels: As for `learn`.

        Returns:
            ``term``, ``workshop``, ``mended`` (number of texts that would be read right), ``texts`` (these texts) and
            ``worse`` (the texts that are read right and would no longer be).

        Raises:
            UnknownCodeError: The lexicon doesn't recognise a workshop.

        Example:
            >>> labels = [("recenser les puits", "sig"), ("un puits", None)]
            >>> Lexicon.bundled().suggest(labels).select("term", "workshop", "mended", "worse").row(0)
            ('recenser', 'sig', 1, [])
        """
        found: pl.DataFrame = _suggestion.suggest(self, labels_of(labels, self.workshops))
        return found

    @given.takes(text=given.text)
    def weigh(self, text: str) -> pl.DataFrame:
        """Show which words of a text counted, in both readers, and how much.

        Returns:
            One row per word that counted, the largest points first: ``word`` (null for what counts whatever the words,
            and for the silence of the lexicon), ``reader`` ("lexicon" or "examples"), ``workshop`` (what won; null for
            none), ``against`` (what came next) and ``points`` (in log-odds). The points of a workshop add up to the
            logarithm of how much more probable it was than what came next. A text with several needs has such rows
            for each of its parts.

        Example:
            >>> Lexicon.bundled().weigh("un nouveau site internet")["word", "reader", "workshop"].row(0)
            ('site', 'examples', 'site_internet')
        """
        rows: pl.DataFrame = _weighing.weigh(self, text)
        return rows

    def __repr__(self) -> str:
        return f"<Lexicon {self.name}: {len(self.workshops)} workshops>"


def _within(lexicon: Lexicon, catalogue: Mapping[str, Collection[str]]) -> Lexicon:
    workshops = {
        workshop: tuple(axis for axis in axes if axis in catalogue[workshop])
        for workshop, axes in lexicon.workshops.items()
        if workshop in catalogue and catalogue.keys() <= lexicon.workshops.keys()
    }
    return lexicon if workshops == lexicon.workshops else replace(lexicon, workshops=workshops)


def with_term(lexicon: Lexicon, term: TermTable) -> Lexicon:
    """Return a lexicon with one more term; raises `LexiconError` if it is another workshop's."""
    table = lexicon.compiled.table.model_copy(update={"terme": (*lexicon.compiled.table.terme, term)})
    return replace(lexicon, compiled=_Compiler(LexiconFile(lexicon.name, ""), table).compile())


def lexicon_of(programme: ProgrammeData) -> Lexicon:
    """Return the compiled lexicon of a programme: its own, or the bundled one for its catalogue."""
    data, axes = programme.lexicon_table, axes_of(programme.catalogue)
    compiled = partial(Lexicon.bundled_for, axes) if data is None else partial(Lexicon.of, data, axes)

    def make() -> Lexicon:
        lexicon = compiled()
        return replace(lexicon, is_alone=True) if programme.reader == "lexicon" else lexicon

    return once(programme, "lexicon", make, reads=READ_BY["lexicon"])


class _Compiler:
    def __init__(self, source: LexiconFile, table: LexiconTable) -> None:
        self._source, self._table = source, table
        empty = {fold(word) for text in table.mots_vides for word in text.split()}
        words = _LINKS | {
            fold(form)
            for _, phrase in phrases(table)
            for word in _WORD.findall(re.sub(r"\{[^{}]*\}", " ", phrase))
            for form in (word.replace("-", ""), *word.split("-"))
        }
        self._speller = Speller.of(words, [*map(fold, table.invariables)], empty, [*map(fold, table.sans_faute)])
        self._ends: dict[str, tuple[Payload, ...]] = {}
        self._pieces: dict[str, tuple[int, ...]] = {}
        self._parts: dict[str, int] = {}
        self._runs: dict[Payload, set[Run]] = {}
        self._common: set[str] = set()
        self._owners: dict[Run, str] = {}
        self._left = _MOST_RUNS

    def compile(self) -> Compiled:
        ensembles: list[Ensemble] = []
        for kind, (name, entries) in zip((Kind.TERM, Kind.CONTEXT), self._table.entries.items(), strict=True):
            for index, entry in enumerate(entries):
                ensembles += self._entry(item(name, index), entry, (kind, index))
        for kind, (name, turns) in zip(_SPEECH, self._table.tournures, strict=True):
            for phrase in turns:
                self._add(f"tournures.{name}", phrase, (kind, 0))
        self._source.close()
        self._common = {
            symbol for (kind, _), runs in self._runs.items() if kind in _COMMON for run in runs for symbol in run
        }
        by_part: dict[int, list[Ensemble]] = {}
        for ensemble in ensembles:
            # The rarest part comes first: without it, the others needn't be searched.
            rarest, *others = sorted(ensemble.parts, key=self._frequency)
            by_part.setdefault(rarest, []).append(ensemble._replace(parts=(rarest, *others), others=frozenset(others)))
        groups, barring = {part: tuple(group) for part, group in by_part.items()}, map(self._barring, self._table.terme)
        ends = dict(zip(dict.fromkeys(self._ends.values()), count(), strict=False))
        runs, waking = {run: ends[payloads] for run, payloads in self._ends.items()}, self._waking(by_part)
        return Compiled(self._table, self._speller, tuple(ends), runs, self._pieces, groups, waking, tuple(barring))

    def _barring(self, term: TermTable) -> frozenset[int]:
        return frozenset(
            number
            for number, context in enumerate(self._table.contexte)
            if context.nom not in term.malgre and (not context.ecarte or term.atelier in context.ecarte)
        )

    def _entry(self, path: str, table: TermTable | ContextTable, payload: Payload) -> Iterator[Ensemble]:
        for phrase in table.mots:
            self._add(f"{path}.mots", phrase, payload)
        for phrase in table.ensembles:
            parts, *others = re.split(r"\s-\s", phrase)
            numbers = tuple(self._part(path, part) for part in parts.split("+"))
            yield Ensemble(numbers, frozenset(self._part(path, part) for part in others), *payload)

    def _waking(self, keys: Collection[int]) -> dict[str, set[str] | None]:
        """Choose symbols of which each decisive phrase has one, with the symbols near it; None if one decides alone."""
        runs = [run for payload, group in self._runs.items() if self._decides(payload, keys) for run in group]
        waking: dict[str, set[str] | None] = {}
        for run in sorted(runs, key=lambda run: (len(run), run)):
            rarest = sorted(run, key=lambda symbol: (symbol in self._common, -len(symbol), symbol))
            if (beside := waking.setdefault(rarest[0], set() if rarest[1:] else None)) is not None:
                beside.add(rarest[1])
        return waking

    def _decides(self, payload: Payload, keys: Collection[int]) -> bool:
        kind, ref = payload
        if kind is Kind.CONTEXT:
            return self._table.contexte[ref].motif
        return kind in (Kind.TERM, Kind.NEGATION) or (kind is Kind.PART and ref in keys)

    def _frequency(self, part: int) -> tuple[int, int]:
        runs = self._runs[Kind.PART, part]
        return sum(1 for run in runs if self._common.issuperset(run)), len(runs)

    def _part(self, path: str, text: str) -> int:
        text = text.strip()
        if text not in self._parts:
            self._parts[text] = len(self._parts)
            self._add(f"{path}.ensembles", text, (Kind.PART, self._parts[text]))
        return self._parts[text]

    def _add(self, path: str, phrase: str, payload: Payload) -> None:
        for symbols in self._expand(path, phrase, ()):
            if not symbols:
                self._source.report(path, phrase, "common_words")
                continue
            kind, ref = payload
            if kind is Kind.TERM:
                workshop = self._table.terme[ref].atelier
                if (owner := self._owners.setdefault(symbols, workshop)) != workshop:
                    self._source.report(path, phrase, "term_twice", owner=owner)
            self._runs.setdefault(payload, set()).add(symbols)
            for run in accumulate(symbols, "{} {}".format):
                self._ends.setdefault(run, ())
            if kind is Kind.PART:
                self._pieces[run] = tuple(dict.fromkeys((*self._pieces.get(run, ()), ref)))
            elif payload not in self._ends[run]:
                self._ends[run] = (*self._ends[run], payload)

    def _expand(self, path: str, phrase: str, trail: tuple[str, ...]) -> Iterator[Run]:
        """Yield all runs of symbols that a phrase stands for: groups replaced, hyphens split and joined."""
        choices: list[list[Run]] = []
        for group, word in _GROUP_OR_WORD.findall(phrase):
            if word:
                forms = [word.replace("-", "")], word.split("-")
                runs = (tuple(self._speller.symbol(fold(part)) for part in form) for form in forms)
                choices.append(list(dict.fromkeys(runs)))
            elif group in trail or len(trail) == _DEEPEST:
                self._source.report(path, group, "group_of_itself" if group in trail else "deep_group", most=_DEEPEST)
                return
            else:
                members = self._table.groupes.get(group, ())  # unknown groups are already reported
                choices.append([run for member in members for run in self._expand(path, member, (*trail, group))])
        self._left -= prod(map(len, choices))
        if self._left < 0:
            self._source.report(path, phrase, "many_runs", most=_MOST_RUNS)
            self._source.close()
        for sequence in product(*choices):
            yield tuple(symbol for run in sequence for symbol in run if symbol)
