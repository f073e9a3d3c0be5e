"""The difference of two answers: what changed, territory by territory and by cause."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import polars as pl

from prai_match.errors import UnknownCodeError, nearest
from prai_match.explain._difference import _words as words
from prai_match.explain._difference._causes import causes
from prai_match.explain._difference._frames import changed
from prai_match.explain._difference._history import history_facts
from prai_match.explain._difference._inputs import input_facts
from prai_match.explain._difference._text import first_causes, head, told
from prai_match.text import LANGUAGES, Shown, current_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prai_match.explain._difference._cause import Cause
    from prai_match.explain._difference._frames import Change
    from prai_match.model import Lang
    from prai_match.recommend import Answers

AnswersT = TypeVar("AnswersT")

_OUTCOME = ("session", "axis", "partner", "trainer", "score", "cost")
"""Empty where there is no recommendation now."""


@dataclass(frozen=True, slots=True)
class TerritoryDifference(Shown):
    """How the answer for one territory changed.

    Attributes:
        territory: Identifier of the territory.
        name: Its name.
        change: ``entered``, ``left``, ``gained``, ``lost``, ``reason``, ``session``, ``axis``, ``partner``, ``trainer``
            or ``details`` (only the score, the cost or the day).
        causes: Why, the first cause first. Points are those of the offer where it stays the same; where it doesn't,
            they are the lead of the new offer over the old one.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> prog = Programme.example()
        >>> changed = prog.recommend(on=dt.date(2007, 12, 3)) - prog.recommend(on=dt.date(2007, 9, 3))
        >>> first = next(iter(changed))
        >>> first.name, first.change, len(first.causes) > 1
        ('CC Tarn-Agout', 'session', True)
    """

    territory: str
    name: str
    change: Change
    causes: tuple[Cause, ...]
    _text: Mapping[Lang, str]

    def text(self, lang: Lang | None = None) -> str:
        """Say what changed and why, in ``lang``."""
        return self._text[current_language(lang)]

    def __str__(self) -> str:
        """What changed and why, in French."""
        return self.text()


@dataclass(frozen=True, eq=False, repr=False)
class Difference(Shown, Generic[AnswersT]):
    """What changed between two answers: ``after - before``.

    Iterates over the territories that changed, in the order of their identifiers; empty, and false, where none did.
    Sessions, axes, relay partners, trainers, scores, costs, days and reasons are compared; alternatives aren't.

    Attributes:
        before: The recommendations before.
        after: The recommendations after.
        sides: What is compared of each.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> programme = Programme.example()
        >>> autumn, winter = (programme.recommend(on=dt.date(2007, month, 3)) for month in (9, 12))
        >>> difference = winter - autumn
        >>> len(difference), bool(autumn - autumn)
        (96, False)
        >>> next(iter(difference)).change
        'session'
    """

    before: AnswersT
    after: AnswersT
    sides: tuple[Answers, Answers]

    @cached_property
    def _changed(self) -> pl.DataFrame:
        return changed(*self.sides)

    @cached_property
    def _rows(self) -> dict[str, dict[str, Any]]:
        return {row["territory"]: row for row in self._changed.iter_rows(named=True)}

    @cached_property
    def by_territory(self) -> dict[str, tuple[Cause, ...]]:
        """The causes for each territory that changed, by its identifier."""
        return causes(*self.sides, self._changed)

    @cached_property
    def facts(self) -> tuple[Cause, ...]:
        """What differs between the two inputs: the day, the policy, the settings, the actors, the history."""
        return *input_facts(*self.sides), *history_facts(*self.sides)

    def __len__(self) -> int:
        """Number of territories that changed."""
        return self._changed.height

    def __iter__(self) -> Iterator[TerritoryDifference]:
        """Territories that changed, in the order of their identifiers."""
        return (self[territory] for territory in self._rows)

    def __contains__(self, territory: object) -> bool:
        """Whether a territory changed."""
        return territory in self._rows

    def __getitem__(self, territory: str) -> TerritoryDifference:
        """Return what changed for a territory.

        Raises:
            UnknownCodeError: The territory isn't there, or nothing changed for it.
        """
        if territory not in self._rows:
            kind = "changed territory"
            raise UnknownCodeError(kind, territory, nearest(str(territory), self._rows))
        row, found = self._rows[territory], self.by_territory[territory]
        text = {lang: told(self.sides, row, found, lang) for lang in LANGUAGES}
        return TerritoryDifference(territory, row["name"], row["change"], found, text)

    def changes(self) -> dict[Change, int]:
        """Return the number of territories by change, the most frequent first.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Policy, Programme
            >>> on, few, programme = dt.date(2007, 9, 3), ["200066231", "200034023"], Programme.example()
            >>> before = programme.recommend(on, territories=few)
            >>> after = programme.recommend(on, policy=Policy.default().with_weights(equity=40), territories=few)
            >>> (after - before).changes()
            {'details': 2}
        """
        counts = Counter(self._changed["change"])
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def to_polars(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return one row a territory that changed, in the order of the identifiers.

        Columns: ``territory``, ``name``, ``change`` (code), ``said`` (the change in words) and, before and after
        (``session_before``, ``session_after``…), ``session``, ``axis``, ``partner``, ``trainer``, ``score`` (0 to 100),
        ``cost`` (€), ``earliest`` and ``reason`` (code, where there is no recommendation); ``because`` is the first
        cause as a sentence, null where there is none.
        """
        lang = current_language(lang)
        masked = [
            pl.when(pl.col(f"reason_{side}").is_null()).then(f"{name}_{side}").alias(f"{name}_{side}")
            for name in _OUTCOME
            for side in ("before", "after")
        ]
        first = [found[0].sentence(lang) if found else None for found in map(self.by_territory.__getitem__, self._rows)]
        named = [words.said("named", change, lang) for change in self._changed["change"]]
        return self._changed.select(
            "territory",
            "name",
            "change",
            pl.Series("said", named, pl.String),
            *masked,
            *(f"{name}_{side}" for name in ("earliest", "reason") for side in ("before", "after")),
            pl.Series("because", first, pl.String),
        )

    def causes(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return one row a cause.

        Columns: ``territory`` (null: the inputs as a whole), ``kind``, ``code``, ``subject``, ``before``, ``after`` and
        ``sentence`` (see `Cause`).

        Example:
            >>> import datetime as dt
            >>> from prai_match import Policy, Programme
            >>> on, few, programme = dt.date(2007, 9, 3), ["200066231", "200034023"], Programme.example()
            >>> before = programme.recommend(on, territories=few)
            >>> after = programme.recommend(on, policy=Policy.default().with_weights(equity=40), territories=few)
            >>> (after - before).causes("en").columns
            ['territory', 'kind', 'code', 'subject', 'before', 'after', 'sentence']
        """
        lang = current_language(lang)
        found: list[tuple[str | None, Cause]] = [(None, cause) for cause in self.facts]
        found += [(territory, cause) for territory in self._rows for cause in self.by_territory[territory]]
        return pl.DataFrame(
            [
                (code, cause.kind, cause.code, cause.subject, cause.before, cause.after, cause.sentence(lang))
                for code, cause in found
            ],
            schema={
                **dict.fromkeys(("territory", "kind", "code", "subject"), pl.String),
                **dict.fromkeys(("before", "after"), pl.Float64),
                "sentence": pl.String,
            },
            orient="row",
        )

    def text(self, lang: Lang | None = None) -> str:
        """Say what changed and why: how many territories, what differs, the first causes, then each territory."""
        lang = current_language(lang)
        lines = [head(self.sides, self.changes(), lang)]
        blocks = {
            "facts": [cause.sentence(lang) for cause in self.facts],
            "causes": first_causes(self.by_territory.values(), lang),
            "territories": [territory.text(lang).replace("\n", "\n  ") for territory in self],
        }
        for title, block in blocks.items():
            if block:
                lines += ["", words.said("texts", title, lang), *(f"  {line}" for line in block)]
        return "\n".join(lines)

    def __str__(self) -> str:
        """What changed and why, in French."""
        return self.text()

    def __repr__(self) -> str:
        """The days and how many territories changed."""
        before, after = self.sides
        return f"<Difference {before.on} → {after.on}: {len(self)} territories changed>"

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand the table over as an Arrow stream, without a copy."""
        return self.to_polars().__arrow_c_stream__(requested_schema)
