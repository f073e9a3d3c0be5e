"""Measure how needs are read, and write what comes out into the pages on needs, ``docs/explanation/needs.md``.

Run it from the root of the repository after a change of the lexicons, of what reads needs or of the readers::

    python scripts/build_reliability.py

It reads the texts that no reader learned from: those set aside and those of the tables ``…_unseen``. It prints and
writes totals only, so that nobody reads the texts set aside.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

import numpy as np

from _french import spaced
from build_readers import TEXTS, texts
from prai_match import Programme
from prai_match.needs import Lexicon, _shown, read_needs
from prai_match.needs._reader import NONE
from prai_match.needs._readers import reader_of
from prai_match.needs._runs import evidence
from prai_match.needs._texts import texts_of
from prai_match.text import LANGUAGES, number, signed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from _needs.learning import Labelled
    from prai_match.errors import Lang

ROOT = Path(__file__).parents[1]
PAGES: dict[Lang, Path] = {"en": ROOT / "docs/explanation/needs.md", "fr": ROOT / "docs/fr/guides/lire_les_besoins.md"}
_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
SETS = {
    "everyday": ("midi_pyrenees", "everyday/midi_pyrenees_aside_*.csv"),
    "officials": ("midi_pyrenees", "officials_unseen.csv"),
    "grants": ("midi_pyrenees", "grants_unseen.csv"),
    "everyday_2026": ("occitanie_2026", "everyday/occitanie_2026_aside_*.csv"),
    "phrases_2026": ("occitanie_2026", "occitanie_unseen.csv"),
}
"""The texts that no reader learned from, each with the region whose lexicon reads them."""
_TENTHS, _LEAST_SHOWN = 10, 0.1
_WANTED = {"wanted": "wanted", "question": "wanted", "refused": "refused", "there_already": "has"}


@dataclass(frozen=True)
class Reading:
    """How texts were read.

    Attributes:
        named: The score, as a share, of each workshop that was named, and whether it was right.
        first: What each text with one need or none asks for, and what was read; `NONE` for nothing.
        several: Needs of the other texts that were found, that were found wrongly, and that were missed.
        kept_out: Workshops refused or there already that made no need, and all of them.
    """

    named: list[tuple[float, bool]]
    first: list[tuple[str, str]]
    several: tuple[int, int, int]
    kept_out: tuple[int, int]

    @property
    def accuracy(self) -> float:
        """The share of the texts with one need or none that were read right."""
        return fmean(wanted == read for wanted, read in self.first)

    @property
    def macro_f1(self) -> float:
        """The mean of the F1 scores of the classes that the texts have."""
        return fmean(
            2 * self.first.count((name, name)) / sum((wanted == name) + (read == name) for wanted, read in self.first)
            for name in sorted({wanted for wanted, _ in self.first})
        )


def read(labelled: Sequence[Labelled], lexicon: Lexicon) -> Reading:
    """Read texts, and compare with their labels."""
    rows: list[list[dict[str, Any]]] = [[] for _ in labelled]
    for row in read_needs([each.text for each in labelled], lexicon).iter_rows(named=True):
        if row["workshop"] is not None:
            rows[row["text"]].append(row)
    named, first, several, kept_out = [], [], np.zeros(3, int), np.zeros(2, int)
    for (_, needs, _), found in zip(labelled, rows, strict=True):
        named += [(row["score"] / 100, (row["workshop"], _WANTED[row["polarity"]]) in needs) for row in found]
        got = [row["workshop"] for row in sorted(found, key=lambda row: row["rank"] or 0) if row["rank"]]
        wanted = [workshop for workshop, stance in needs if stance == "wanted"]
        if len(needs) <= 1:
            first.append(((*wanted, NONE)[0], (*got, NONE)[0]))
        else:
            right = {*got} & {*wanted}
            several += np.array([len(right), len({*got} - right), len({*wanted} - right)])
        others = {workshop for workshop, stance in needs if stance != "wanted"} - {*wanted}
        kept_out += np.array([len(others - {*got}), len(others)])
    return Reading(named, first, tuple(several.tolist()), tuple(kept_out.tolist()))


def tenths(named: Sequence[tuple[float, bool]]) -> list[tuple[int, int, float, float]]:
    """Return for each tenth of the score that occurs: its number, how many, the mean score and the share right."""
    groups: dict[int, list[tuple[float, bool]]] = {}
    for score, is_right in named:
        groups.setdefault(min(int(score * _TENTHS), _TENTHS - 1), []).append((score, is_right))
    return [
        (tenth, len(own), fmean(score for score, _ in own), fmean(is_right for _, is_right in own))
        for tenth, own in sorted(groups.items())
    ]


def calibration_error(named: Sequence[tuple[float, bool]]) -> float:
    """Return the expected calibration error: the mean distance of score and share right, over what was named."""
    return sum(count * abs(score - right) for _, count, score, right in tenths(named)) / len(named)


def measured() -> dict[str, Reading]:
    """Read all texts that no reader learned from."""
    return {
        name: read(
            [labelled for path in sorted(TEXTS.glob(pattern)) for labelled in texts(path)],
            Programme.example(region).lexicon,
        )
        for name, (region, pattern) in SETS.items()
    }


def blocks(readings: dict[str, Reading], lang: Lang) -> dict[str, str]:
    """Return what the page of a language tells, by the name of its markers."""
    return {
        "measured": _measured(readings, lang),
        "reliability": _reliability([each for reading in readings.values() for each in reading.named], lang),
        "words": "\n".join(_weighed(text, lang) for text in _WORDS["texts"]),
    }


def _measured(readings: dict[str, Reading], lang: Lang) -> str:
    rows = [_WORDS[lang]["measured"]]
    for name, reading in readings.items():
        found, wrong, missed = reading.several
        shares = (
            [found / (found + wrong), found / (found + missed), reading.kept_out[0] / reading.kept_out[1]]
            if found
            else [None] * 3
        )
        cells = [
            _WORDS[lang]["sets"][name],
            number(len(reading.first), 0, lang),
            _percent(reading.accuracy, lang),
            number(reading.macro_f1, 3, lang),
            *("–" if share is None else _percent(share, lang) for share in shares),
        ]
        rows.append(f"| {' | '.join(cells)} |\n")
    return "".join(rows)


def _reliability(named: Sequence[tuple[float, bool]], lang: Lang) -> str:
    rows = [_WORDS[lang]["reliability"]]
    for tenth, count, score, right in tenths(named):
        bounds = _WORDS[lang]["tenth"].format(10 * tenth, 10 * tenth + 10)
        cells = (bounds, number(count, 0, lang), number(100 * score, 1, lang), _percent(right, lang))
        rows.append(f"| {' | '.join(cells)} |\n")
    return "".join([*rows, "\n", _WORDS[lang]["error"].format(number(calibration_error(named), 3, lang)), "\n"])


def _percent(share: float, lang: Lang) -> str:
    return f"{number(100 * share, 1, lang)} %"


def _weighed(text: str, lang: Lang) -> str:
    """Return what each word of a text added to what the text names, in both readers."""
    words, lexicon = _WORDS[lang], Lexicon.bundled()
    parts = [f"« {text} »\n" if lang == "fr" else f"*{text}*\n"]
    for row in read_needs(text, lexicon).iter_rows(named=True):
        told = words["polarity"][row["polarity"]].format(row["workshop"], number(row["score"], 1, lang))
        parts.append(f"\n{told}\n\n{words['words']}")
        for word, term, points in weights(row["workshop"], text[row["start"] : row["end"]], lexicon):
            cells = (
                word,
                "" if term is None else number(term, 2, lang),
                "" if points is None else signed(points, 2, lang),
            )
            parts.append(f"| {' | '.join(cells)} |\n")
    return "".join(parts)


def weights(workshop: str, part: str, lexicon: Lexicon) -> Iterator[tuple[str, float | None, float | None]]:
    """Yield the words of a part that counted for a workshop: by the lexicon's terms, then by the examples.

    The first number is the weight of a term. The second is by how much a word makes the workshop likelier than the
    mean of all classes, as the logarithm of a factor.
    """
    reader = reader_of(lexicon)
    columns = texts_of([part], lexicon.compiled, reader.classes[:-1])
    rules, tokens = lexicon.compiled.rules, [columns.tokens[each] for each in columns.token]
    row = np.nonzero(rules.workshop[columns.terms.ref] == rules.workshops.index(workshop))[0]
    terms: dict[str, float] = {}
    strengths = -np.log1p(-rules.chance[columns.terms.ref[row]])
    for rank, words in _shown.words(columns, np.arange(len(row)), row).items():
        terms[words] = max(terms.get(words, 0.0), float(strengths[rank]))
    yield from ((words, strength, None) for words, strength in terms.items())
    points = np.diff(evidence(columns, reader).topics, axis=0)
    count = max(int((columns.word >= 0).sum()), 1)
    share = points[:, reader.classes.index(workshop)] - points.mean(axis=1)
    factor = share * reader.topics.scale * reader.blend[0] / np.sqrt(count)
    for place in np.argsort(-np.abs(factor), kind="stable"):
        if abs(factor[place]) >= _LEAST_SHOWN:
            yield tokens[place], None, float(factor[place])


def page(text: str, written: dict[str, str]) -> str:
    """Return a page in which what stands between its markers is written anew."""
    for name, block in written.items():
        marks = rf"(?<=<!-- {name}: )([^\n]*-->\n).*?(?=<!-- end -->)"
        anew = f"\n{block}\n".replace("\\", r"\\")
        text, count = re.subn(marks, rf"\g<1>{anew}", text, count=1, flags=re.DOTALL)
        if not count:
            raise ValueError(f"the page has no markers for {name}")
    return text


def pages() -> dict[Path, str]:
    """Return the pages on needs with what is measured today."""
    readings = measured()
    written = {PAGES[lang]: page(PAGES[lang].read_text("utf-8"), blocks(readings, lang)) for lang in LANGUAGES}
    return written | {PAGES["fr"]: spaced(written[PAGES["fr"]])}


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, "utf-8")
        print(path)
