"""The lexicon file as officers write it: read and checked, with all problems collected with their lines."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pydantic import ValidationError

from prai_match._words import hint, quoted
from prai_match.errors import LexiconError, Problem, nearest
from prai_match.model import ContextTable, LexiconTable, Model, SpeechTable, TermTable, items, path_of, problem
from prai_match.text import TomlError, toml

NOTHING: Final = "aucun"  # the key of examples that name no workshop
LARGEST: Final = 1 << 19  # maximum size of a lexicon file, in bytes
_LONGEST: Final = 200
_MOST_PROBLEMS: Final = 100  # limited, as each is searched in the text
_TABLES: Final[dict[object, type[Model]]] = {"terme": TermTable, "contexte": ContextTable, "tournures": SpeechTable}
_LISTS: Final = ("mots_vides", "invariables", "sans_faute", "terme", "contexte")
_GROUP = re.compile(r"\{([^{}]*)\}")
_HEADER = re.compile(r"^\s*\[+([\w.]+)\]+", re.MULTILINE)


@dataclass(slots=True)
class LexiconFile:
    """A lexicon being checked, with the name used in problems; data without a file have no text."""

    name: str
    text: str
    problems: list[Problem] = field(default_factory=list)

    def parse(self) -> LexiconTable:
        try:
            return LexiconTable.model_validate(toml(self.text, LARGEST))
        except TomlError as error:
            raise LexiconError(self.name, [error.problem(self.name)]) from error
        except ValidationError as error:
            details = error.errors()
            for detail in details:
                loc = detail["loc"]
                # A list with only invalid items seems empty: it isn't reported twice.
                if detail["type"] != "too_short" or all(
                    each["loc"][: len(loc)] != loc for each in details if each != detail
                ):
                    self._refuse(loc, detail)
            raise LexiconError(self.name, self.problems) from error

    def check(self, table: LexiconTable, catalogue: Mapping[str, Collection[str]] | None) -> None:
        """Check a lexicon after inheritance; checks that need compiled phrases come later."""
        names = [context.nom for context in table.contexte]
        for where, term in items("terme", table.terme):
            self._check_term(where, term, names, catalogue)
        workshops = {term.atelier for term in table.terme} if catalogue is None else catalogue
        for where, context in items("contexte", table.contexte):
            for workshop in context.ecarte:
                key = "unknown_name" if catalogue is None else "unknown_workshop"
                self._check_name(f"{where}.ecarte", workshop, workshops, key)
        if not table.terme:
            self._note(Problem.of("prai_match.needs", "missing_key", self._place("terme", ""), key="terme"))
        for name in table.exemples:
            self._check_name("exemples", name, {NOTHING, *(term.atelier for term in table.terme)})
        for path, phrase in phrases(table):
            if "+" in phrase and not path.endswith(".ensembles"):
                self.report(path, phrase, "combination")
            for group in _GROUP.findall(phrase):
                self._check_name(path, group, table.groupes)

    def report(self, path: str, text: str, key: str, **values: object) -> None:
        """Record a problem at a path such as ``terme[3].mots``, at the line with ``text``, in the words of a key."""
        self._note(Problem.of("prai_match.needs", key, self._place(path, text), _excerpt(text), **values))

    def _note(self, problem: Problem) -> None:
        self.problems.append(problem)
        if len(self.problems) == _MOST_PROBLEMS:
            self.close()

    def close(self) -> None:
        if self.problems:
            raise LexiconError(self.name, self.problems)

    def _refuse(self, loc: tuple[int | str, ...], detail: Any) -> None:  # noqa: ANN401 - pydantic's record
        path, key, text = path_of(loc), str(loc[-1]), str(detail["input"])
        match detail["type"]:
            case "extra_forbidden":
                keys = sorted((_TABLES.get(loc[0], LexiconTable) if loc[1:] else LexiconTable).model_fields)
                self.report(path, key, "unknown_key", known=", ".join(keys), near=hint(nearest(key, keys)))
            case "literal_error":
                words = [word.strip("' ") for word in re.split(r",| or ", detail["ctx"]["expected"])]
                self.report(path, text, "unknown_value", known=", ".join(words), near=hint(nearest(text, words)))
            case "missing":
                self._note(Problem.of("prai_match.needs", "missing_key", self._place(path, ""), key=key))
            case "string_too_short":
                self.report(path, text, "empty_word")
            case _:
                found = quoted(_excerpt(text))
                where = self._place(path, text)
                self._note(replace(problem(detail), where=where, found=found["en"], found_fr=found["fr"]))

    def _check_term(
        self, path: str, term: TermTable, contexts: list[str], catalogue: Mapping[str, Collection[str]] | None
    ) -> None:
        if not term.mots and not term.ensembles:
            self.report(path, term.atelier, "no_words")
        if catalogue is not None:
            self._check_name(f"{path}.atelier", term.atelier, catalogue, "unknown_workshop")
            if term.axe is not None and term.atelier in catalogue:
                self._check_name(f"{path}.axe", term.axe, catalogue[term.atelier], "unknown_axis")
        for name in term.malgre:
            self._check_name(f"{path}.malgre", name, contexts)

    def _check_name(self, path: str, name: str, names: Collection[str], key: str = "unknown_name") -> None:
        if name not in names:
            self.report(path, name, key, near=hint(nearest(name, names)))

    def _place(self, path: str, text: str) -> str:
        if not self.text:
            return f"{self.name}.{path}"
        match = re.match(r"(\w+)(?:\[(\d+)\])?", path)
        table, rank = (match[1], int(match[2] or 1) - 1) if match else (path, 0)
        starts = [header for header in _HEADER.finditer(self.text) if header[1] == table]
        start = starts[rank].start() if rank < len(starts) else 0
        after = _HEADER.search(self.text, starts[rank].end()) if rank < len(starts) else None
        end = after.start() if after else len(self.text)
        inside = re.search(rf"(?<!\w){re.escape(text)}(?!\w)", self.text[start:end]) if text.strip() else None
        at = start + inside.start() if inside else start
        at += len(self.text[at:]) - len(self.text[at:].lstrip("\n "))
        line = self.text[:at].count("\n") + 1
        return f"{self.name}:{line} ({path})"


def _excerpt(text: str) -> str:
    return repr(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


def inherit(table: LexiconTable, bundled: LexiconTable) -> LexiconTable:
    """Add what a lexicon inherits from the bundled one; its own groups replace those with the same name."""
    is_whole = "tout" in table.reprend
    taken = _LISTS if is_whole else [name for name in _LISTS if name in table.reprend]
    update: dict[str, Any] = {name: (*getattr(table, name), *getattr(bundled, name)) for name in taken}
    if is_whole or "tournures" in table.reprend:
        own, speech, groups = dict(table.tournures), dict(bundled.tournures), bundled.groupes
        update["tournures"] = SpeechTable(**{name: (*own[name], *speech[name]) for name in speech})
        names = (
            [*groups] if is_whole else [group for each in speech.values() for group in _GROUP.findall(" ".join(each))]
        )
        for group in names:  # grows while iterating, by groups that groups name
            names += [each for phrase in groups[group] for each in _GROUP.findall(phrase) if each not in names]
        update["groupes"] = {**{group: groups[group] for group in names}, **table.groupes}
    return table.model_copy(update=update)


def phrases(table: LexiconTable) -> list[tuple[str, str]]:
    """Return all phrases of the file with their paths, each combination as a whole."""
    lists = {f"groupes.{name}": group for name, group in table.groupes.items()}
    for name, entries in table.entries.items():
        for where, entry in items(name, entries):
            lists |= {f"{where}.mots": entry.mots, f"{where}.ensembles": entry.ensembles}
    lists |= {f"tournures.{name}": words for name, words in table.tournures}
    return [(path, phrase) for path, words in lists.items() for phrase in words]
