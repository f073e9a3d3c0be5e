"""The lexicon file as an officer writes it: read, checked, every problem collected with its line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from prai_match._words import hint
from prai_match.errors import LexiconError, Problem, nearest
from prai_match.model import problem
from prai_match.text import TomlError, toml

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


Level = Literal["fort", "moyen", "faible"]
Reach = Literal["lieu", "objet", "phrase"]
Shared = Literal["mots_vides", "invariables", "tournures"]
_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_Name = Annotated[str, StringConstraints(max_length=100)]

LARGEST: Final = 1 << 19
"""The most bytes of a lexicon file."""
_MOST_TABLES: Final = 1_000
_SHOWN: Final = 200
_MOST_PROBLEMS: Final = 100  # each is looked for in the text


class _Table(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class TermTable(_Table):
    """``[[terme]]``: words and combinations that say that a workshop is wanted."""

    atelier: _Name
    axe: _Name | None = None
    niveau: Level
    cede: bool = False
    chez_soi: bool = False
    malgre: list[_Name] = Field(default_factory=list)
    mots: list[_Words] = Field(default_factory=list)
    ensembles: list[_Words] = Field(default_factory=list)


class ContextTable(_Table):
    """``[[contexte]]``: places and subjects that are not for a workshop of the programme."""

    nom: _Name
    portee: Reach = "lieu"
    ecarte: list[_Name] = Field(default_factory=list)
    herite: bool = False
    motif: bool = False
    mots: list[_Words] = Field(default_factory=list)
    ensembles: list[_Words] = Field(default_factory=list)


class SpeechTable(_Table):
    """``[tournures]``: the turns of phrase that change what the terms around them mean."""

    negation: list[_Words] = Field(default_factory=list)
    deja: list[_Words] = Field(default_factory=list)
    satisfait: list[_Words] = Field(default_factory=list)
    a_refaire: list[_Words] = Field(default_factory=list)
    souhait: list[_Words] = Field(default_factory=list)
    refus: list[_Words] = Field(default_factory=list)
    opposition: list[_Words] = Field(default_factory=list)
    action: list[_Words] = Field(default_factory=list)
    neutre: list[_Words] = Field(default_factory=list)
    lieu_interne: list[_Words] = Field(default_factory=list)


class LexiconTable(_Table):
    """The whole file."""

    reprend: list[Shared] = Field(default_factory=list)
    mots_vides: list[_Words] = Field(default_factory=list)
    invariables: list[_Words] = Field(default_factory=list)
    sans_faute: list[_Words] = Field(default_factory=list)
    groupes: dict[_Name, list[_Words]] = Field(default_factory=dict)
    terme: list[TermTable] = Field(min_length=1, max_length=_MOST_TABLES)
    contexte: list[ContextTable] = Field(default_factory=list, max_length=_MOST_TABLES)
    tournures: SpeechTable = Field(default_factory=SpeechTable)


_GROUP = re.compile(r"\{([^{}]*)\}")
_HEADER = re.compile(r"^\s*\[+([\w.]+)\]+", re.MULTILINE)


@dataclass(slots=True)
class Source:
    """A lexicon file that is being checked.

    Attributes:
        name: File name, as problems give it.
        text: The file's text.
        problems: What was found wrong so far.
    """

    name: str
    text: str
    problems: list[Problem] = field(default_factory=list)

    def read(self, catalogue: Mapping[str, Collection[str]] | None) -> LexiconTable:
        """Parse and check the file's tables; what needs the compiled phrases is checked later."""
        try:
            raw = toml(self.text, LARGEST)
        except TomlError as error:
            raise LexiconError(self.name, [error.problem(self.name)]) from error
        try:
            table = LexiconTable.model_validate(raw)
        except ValidationError as error:
            for detail in error.errors():
                self._refuse(detail["loc"], detail)
            raise LexiconError(self.name, self.problems) from error
        table = _with_shared(table)
        self._check(table, catalogue)
        return table

    def report(self, path: str, found: str, key: str, **values: object) -> None:
        """Note a problem at a path such as ``terme[3].mots``, with the line that holds ``found``, in words of a key."""
        self._note(Problem.of("prai_match.needs", key, self._place(path, found), _shown(found), **values))

    def _note(self, problem: Problem) -> None:
        self.problems.append(problem)
        if len(self.problems) == _MOST_PROBLEMS:
            self.close()

    def close(self) -> None:
        """Raise with everything that was noted."""
        if self.problems:
            raise LexiconError(self.name, self.problems)

    def _refuse(self, loc: tuple[int | str, ...], detail: Any) -> None:  # noqa: ANN401 - pydantic's record
        path = ".".join(map(str, loc))
        path = re.sub(r"\.(\d+)", r"[\1]", path)
        found, kind = detail["input"], detail["type"]
        key = str(loc[-1])
        owner = _fields_beside(loc)
        if kind == "extra_forbidden":
            self.report(path, key, "unknown_key", known=", ".join(owner), near=hint(nearest(key, owner)))
        elif kind == "literal_error":
            known = [word.strip("' ") for word in re.split(r",| or ", detail["ctx"]["expected"])]
            self.report(
                path, str(found), "unknown_value", known=", ".join(known), near=hint(nearest(str(found), known))
            )
        elif kind == "missing":
            self._note(Problem.of("prai_match.needs", "missing_key", self._place(path, ""), key=key))
        elif kind == "string_too_short":
            self.report(path, str(found), "empty_word")
        else:
            shown = _shown(str(found))
            self._note(replace(problem(detail), where=self._place(path, str(found)), found=shown, found_fr=shown))

    def _check(self, table: LexiconTable, catalogue: Mapping[str, Collection[str]] | None) -> None:
        names = [context.nom for context in table.contexte]
        for index, term in enumerate(table.terme):
            self._check_term(f"terme[{index}]", term, names, catalogue)
        workshops = {term.atelier for term in table.terme} if catalogue is None else catalogue
        for index, context in enumerate(table.contexte):
            for workshop in context.ecarte:
                key = "unknown_name" if catalogue is None else "unknown_workshop"
                self._known(f"contexte[{index}].ecarte", workshop, workshops, key)
        for path, phrase in phrases(table):
            if "+" in phrase and not path.endswith(".ensembles"):
                self.report(path, phrase, "combination")
            for group in _GROUP.findall(phrase):
                self._known(path, group, table.groupes)

    def _check_term(
        self, path: str, term: TermTable, contexts: list[str], catalogue: Mapping[str, Collection[str]] | None
    ) -> None:
        if not term.mots and not term.ensembles:
            self.report(path, term.atelier, "no_words")
        if catalogue is not None:
            self._known(f"{path}.atelier", term.atelier, catalogue, "unknown_workshop")
            if term.axe is not None and term.atelier in catalogue:
                self._known(f"{path}.axe", term.axe, catalogue[term.atelier], "unknown_axis")
        for name in term.malgre:
            self._known(f"{path}.malgre", name, contexts)

    def _known(self, path: str, value: str, known: Collection[str], key: str = "unknown_name") -> None:
        if value not in known:
            self.report(path, value, key, near=hint(nearest(value, known)))

    def _place(self, path: str, found: str) -> str:
        match = re.match(r"(\w+)(?:\[(\d+)\])?", path)
        table, rank = (match[1], int(match[2] or 0)) if match else (path, 0)
        starts = [header for header in _HEADER.finditer(self.text) if header[1] == table]
        start = starts[rank].start() if rank < len(starts) else 0
        after = _HEADER.search(self.text, starts[rank].end()) if rank < len(starts) else None
        end = after.start() if after else len(self.text)
        inside = re.search(rf"(?<!\w){re.escape(found)}(?!\w)", self.text[start:end]) if found.strip() else None
        at = start + inside.start() if inside else start
        at += len(self.text[at:]) - len(self.text[at:].lstrip("\n "))
        line = self.text[:at].count("\n") + 1
        return f"{self.name}:{line} ({path})"


def _shown(found: str) -> str:
    return repr(found if len(found) <= _SHOWN else f"{found[:_SHOWN]}…")


@cache
def _shared() -> LexiconTable:
    """The bundled lexicon, for what it says of the language."""
    text = files("prai_match.needs").joinpath("data/lexique_prai.toml").read_text("utf-8")
    return LexiconTable.model_validate(toml(text, LARGEST))


def _with_shared(table: LexiconTable) -> LexiconTable:
    """Add what a lexicon takes over from the bundled one; groups of its own take the place of those of that name."""
    update: dict[str, Any] = {}
    for name in {"mots_vides", "invariables"} & set(table.reprend):
        update[name] = [*getattr(table, name), *getattr(_shared(), name)]
    if "tournures" in table.reprend:
        own, bundled = dict(table.tournures), dict(_shared().tournures)
        update["tournures"] = SpeechTable(**{name: [*own[name], *bundled[name]] for name in bundled})
        groups = _shared().groupes
        wanted = [group for words in bundled.values() for phrase in words for group in _GROUP.findall(phrase)]
        for group in wanted:  # grows by the groups that groups name
            wanted += [each for phrase in groups[group] for each in _GROUP.findall(phrase) if each not in wanted]
        update["groupes"] = {**{group: groups[group] for group in wanted}, **table.groupes}
    return table.model_copy(update=update)


def phrases(table: LexiconTable) -> list[tuple[str, str]]:
    """Every phrase of the file with its path, ensembles whole."""
    found = [(f"groupes.{name}", phrase) for name, group in table.groupes.items() for phrase in group]
    for index, term in enumerate(table.terme):
        found += [(f"terme[{index}].mots", phrase) for phrase in term.mots]
        found += [(f"terme[{index}].ensembles", phrase) for phrase in term.ensembles]
    for index, context in enumerate(table.contexte):
        found += [(f"contexte[{index}].mots", phrase) for phrase in context.mots]
        found += [(f"contexte[{index}].ensembles", phrase) for phrase in context.ensembles]
    for name in SpeechTable.model_fields:
        found += [(f"tournures.{name}", phrase) for phrase in getattr(table.tournures, name)]
    return found


def _fields_beside(loc: tuple[int | str, ...]) -> list[str]:
    tables: dict[str, type[BaseModel]] = {"terme": TermTable, "contexte": ContextTable, "tournures": SpeechTable}
    model = tables.get(str(loc[0]), LexiconTable) if len(loc) > 1 else LexiconTable
    return sorted(model.model_fields)
