"""Labels of officers: texts with the workshop that each asks for, which become examples of a lexicon."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from prai_match import _arguments as given
from prai_match.model import NamedValues
from prai_match.needs._source import NOTHING

Label = tuple[str, str | None]
_LONGEST: Final = 2_000  # characters of an example
_PAIR: Final = 2
_table = given.table("text", "workshop")


def labels_of(labels: Any, workshops: Collection[str]) -> list[Label]:  # noqa: ANN401 - pairs, or a frame of any library
    """Return the labels that have a text, with known workshops."""
    if isinstance(labels, Iterable) and not isinstance(labels, Mapping) and not hasattr(labels, "__arrow_c_stream__"):
        labels = list(labels)
        if all(isinstance(each, tuple | list) and len(each) == _PAIR for each in labels):
            return _checked(labels, workshops)
    return _checked(_table(labels, "labels").select("text", "workshop").rows(), workshops)


def _checked(rows: Sequence[Sequence[Any]], workshops: Collection[str]) -> list[Label]:
    given.all_known("workshop", (workshop for _, workshop in rows if workshop is not None), workshops)
    return [(given.text(text, "labels"), workshop) for text, workshop in rows if text is not None and str(text).strip()]


def by_text(labels: Iterable[Label]) -> dict[str, set[str | None]]:
    """Return the workshops of each text, {None} for one that asks for none."""
    found: dict[str, set[str | None]] = {}
    for text, workshop in labels:
        found.setdefault(text, set()).add(workshop)
    return found


def examples_of(exemples: Mapping[str, Sequence[str]]) -> list[Label]:
    return [(text, None if name == NOTHING else name) for name, texts in exemples.items() for text in texts]


def examples_with(exemples: Mapping[str, Sequence[str]], labels: Iterable[Label]) -> NamedValues[Any]:
    """Return examples with the labels of texts that have one; they replace those that the texts had."""
    new = {text: of for text, of in by_text((text[:_LONGEST], of) for text, of in labels).items() if len(of) == 1}
    every: dict[str, list[str]] = {}
    for text, workshop in (*(row for row in examples_of(exemples) if row[0] not in new), *_single(new)):
        every.setdefault(workshop or NOTHING, []).append(text)
    return NamedValues({name: tuple(texts) for name, texts in every.items()})


def _single(new: Mapping[str, set[str | None]]) -> Iterable[Label]:
    for text, of in new.items():
        (workshop,) = of
        yield text, workshop
