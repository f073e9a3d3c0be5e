"""A plan: dated sessions and who comes, with what it is worth, the bound that proves it, and its checks."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match import _arguments as given
from prai_match._version import JSON_SCHEMA
from prai_match.explain import json_value, rows_of
from prai_match.plan import _files, _text
from prai_match.plan._conditions import sentences, violations
from prai_match.plan._difference import PlanDifference
from prai_match.plan._edit import read_tables
from prai_match.plan._options import Weights
from prai_match.plan._schedule import Schedule
from prai_match.plan._unserved_demands import unserved
from prai_match.text import Shown, current_language

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from prai_match.model import Lang


@dataclass(frozen=True, eq=False)
class Plan(Shown, Schedule):
    """Dated sessions and who comes to each.

    Reads as a frame of sessions wherever Arrow is spoken.

    Attributes:
        inputs: What it was made from.
        weights: What it was made for.
        sessions: One row a session, by date: ``id``, ``session``, ``axis`` (the one that most of those who come asked
            for), ``date``, ``host`` (territory), ``partner``, ``trainer``, ``cost`` (€) and ``booked``.
        seats: One row a territory invited, by session: ``session`` (its id), ``territory``, ``axis`` (asked for),
            ``elected``, ``technicians``, ``km`` (to the host) and ``value`` (points).
        bound: No plan from these inputs has a higher objective.
        status: How it came about.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> season = Programme.example().plan(dt.date(2007, 9, 3), dt.date(2007, 9, 28), time_limit=0)
        >>> season.check().height, 0 <= season.gap <= 1, abs(sum(season.parts.values()) - season.objective) < 1e-6
        (0, True, True)
        >>> season.sessions.columns
        ['id', 'session', 'axis', 'date', 'host', 'partner', 'trainer', 'cost', 'booked']
    """

    def check(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return where it breaks a condition, read from its frames alone; no row where it is valid.

        Columns: ``label`` (of the condition), ``session``, ``territory``, ``trainer``, ``partner``, ``date``,
        ``found``, ``wanted`` and ``sentence``.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> season = Programme.example().plan(dt.date(2007, 9, 3), dt.date(2007, 9, 28), time_limit=0)
            >>> season.check().is_empty()
            True
            >>> on_saturday = season.sessions.with_columns(date=dt.date(2007, 9, 29))
            >>> sorted(set(season.with_sessions(on_saturday).check("en")["label"]))[:3]
            ['booked', 'day', 'relay_day']
        """
        faults = violations(self.numbers)
        texts = sentences(faults, self.sessions, self.inputs.programme, current_language(lang))
        return faults.with_columns(pl.Series("sentence", texts, dtype=pl.String))

    def unserved(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return the demands that it doesn't serve, each with the condition that blocks it and what would serve it.

        Columns: ``territory``, ``session``, ``axis``, ``score``, ``elected`` and ``technicians`` (who would come),
        ``label`` (of the condition; ``better``: other sessions bring more; ``policy``: a rule of the policy, named in
        ``rule``), ``rule`` and ``sentence``.
        """
        return unserved(self, current_language(lang))

    @given.takes(sessions=given.frame, seats=given.optional(given.frame))
    def with_sessions(self, sessions: Any, seats: Any = None) -> Plan:  # noqa: ANN401 - whatever speaks Arrow
        """Return the plan with sessions, and seats, edited by hand or loaded from a table.

        Args:
            sessions: A frame with ``id``, ``session``, ``date``, ``host``, ``partner`` and ``trainer``; ``cost`` is
                computed where it isn't given, the other columns always are. Values may be texts, as a CSV file has
                them, with days as 2007-10-08 or 08/10/2007.
            seats: A frame with ``session`` (the id), ``territory``, ``elected`` and ``technicians``; None: those of
                this plan.

        Raises:
            ProgrammeError: A column is missing, or has values that can't be read; each has its row.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> season = Programme.example().plan(dt.date(2007, 9, 3), dt.date(2007, 9, 28), time_limit=0)
            >>> by_hand = season.with_sessions(season.sessions.filter("booked"), season.seats.head(0))
            >>> by_hand.status, by_hand.sessions.height
            ('edited', 3)
        """
        frames = read_tables(self.inputs, sessions, self.seats if seats is None else seats)
        return Plan.made(self.inputs, self.weights, *frames, bound=self.bound, status="edited")

    @given.takes(weights=given.a(Weights))
    def with_weights(self, weights: Weights) -> Plan:
        """Return the same sessions valued with other weights; nothing is known of a bound."""
        return Plan.made(self.inputs, weights, self.sessions, self.seats, bound=float("inf"), status="edited")

    def __sub__(self, before: Plan) -> PlanDifference:
        """Return what changed since the plan ``before``."""
        return PlanDifference(before, self)

    def to_polars(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return one row a session, by date, with names in ``lang``.

        Columns: ``id``, ``date``, ``session``, ``axis``, ``host``, ``partner``, ``trainer``, ``territories``,
        ``elected``, ``technicians``, ``cost`` and ``booked``.
        """
        return _text.table(self, current_language(lang))

    def to_json(self) -> dict[str, Any]:
        """Return it in codes, as data that JSON can hold: dates and amounts are texts.

        It is as ``docs/reference/schemas/plan.json`` says.
        """
        return {
            "schema": JSON_SCHEMA,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "on": self.inputs.request.day.isoformat(),
            "budget": euros_in_json(self.inputs.budget),
            "status": self.status,
            "objective": self.objective,
            "bound": json_value(self.bound),
            "gap": self.gap,
            "weights": asdict(self.weights),
            "parts": self.parts,
            "sessions": rows_of(self.sessions),
            "seats": rows_of(self.seats),
        }

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand the table over as an Arrow stream, without a copy."""
        return self.to_polars().__arrow_c_stream__(requested_schema)

    def invitations(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return one row a territory invited, by date, with names in ``lang``: numbers, and never names of persons.

        Columns: ``id`` (of the session), ``date``, ``kind``, ``session``, ``host``, ``territory`` (its identifier),
        ``name``, ``departement``, ``axis`` (asked for), ``elected``, ``technicians`` and ``km``.
        """
        return _text.invitations(self, current_language(lang))

    @given.takes(previous=given.optional(lambda value, name: given.instance(value, (Plan, bytes), name)))
    def to_icalendar(self, lang: Lang | None = None, previous: Plan | bytes | None = None) -> bytes:
        """Return its sessions as an iCalendar file: events of a day, which calendars update when they read it again.

        Args:
            lang: Language of its texts.
            previous: The plan, or the file, that was sent before: what is no longer planned becomes cancelled, what
                changed has a higher ``SEQUENCE``, and what didn't is as it was.

        Raises:
            PraiError: The extra ``plan`` is not installed, or the file can't be read.
        """
        return _files.icalendar(self, current_language(lang), previous)

    @given.takes(folder=given.path)
    def save(
        self, path: str | os.PathLike[str], lang: Lang | None = None, previous: Plan | bytes | None = None
    ) -> tuple[Path, ...]:
        """Write it for an office, in the format that the suffix says; each file appears whole or not at all.

        ``.xlsx`` has a sheet of sessions and one of invitations; ``.csv`` has the sessions, and a file beside it the
        invitations; ``.ics`` is a calendar. Their texts are never formulas.

        Args:
            path: The file; what stood there is replaced.
            lang: Language of labels and names.
            previous: As for `to_icalendar`.

        Returns:
            The files written.

        Raises:
            PraiError: The suffix is none of these, or the extra ``io`` is not installed.
            OSError: A file can't be written; what stood there is whole.

        Example:
            >>> import datetime as dt, tempfile
            >>> from prai_match import Programme
            >>> season = Programme.example().plan(dt.date(2007, 9, 3), dt.date(2007, 9, 28), time_limit=0)
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     [path.name for path in season.save(f"{folder}/season.csv", "en")]
            ['season.csv', 'season-invitations.csv']
        """
        return _files.save(self, path, current_language(lang), previous)

    def summary(self, lang: Lang | None = None) -> tuple[str, ...]:
        """Return a heading, then sentences: what it comes to, how good it is and what would make it better."""
        return _text.summary(self, current_language(lang))

    def text(self, lang: Lang | None = None) -> str:
        """Return what it comes to, and its sessions by month, as lines of text."""
        return _text.text(self, current_language(lang))

    def __repr__(self) -> str:
        """How many sessions and demands served, and how good it is."""
        new = self.sessions.filter(~pl.col("booked")).height
        return (
            f"<Plan {self.start} to {self.end}: {new} sessions, {self.seats.height} of {self.inputs.demands.height} "
            f"demands served, objective {self.objective:.1f}, {self.status}>"
        )


def euros_in_json(amount: float | None) -> str | None:
    """Return an amount as JSON has it."""
    return None if amount is None else f"{amount:.2f}"
