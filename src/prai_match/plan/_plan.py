"""A plan: dated sessions and participants, its objective and bound, its checks, edits and differences."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from prai_match import _arguments as given
from prai_match._version import JSON_SCHEMA
from prai_match.errors import ArgumentError, Problem, ProgrammeError
from prai_match.explain import Brief, brief, json_value, rows_of
from prai_match.io import full_years, loose_date
from prai_match.model import Lang
from prai_match.packing import SEATS, SESSIONS, Inputs, Weights
from prai_match.plan import _files, _text
from prai_match.plan._comparison import comparison
from prai_match.plan._conditions import names, sentences, violations
from prai_match.plan._schedule import Numbers, Schedule
from prai_match.plan._unserved_demands import unserved
from prai_match.recommend import Answered
from prai_match.text import Shown, Tabular, counted, current_language, day, messages, plain

_CHANGES = ("date", "trainer", "partner")


@dataclass(frozen=True, eq=False)
class PlanDifference(Shown):
    """What changed between two plans; true if anything did.

    Attributes:
        before: The plan before.
        after: The plan after.

    Example:
        >>> from prai_match import Programme
        >>> season = Programme.example().plan("2007-09-03", "2007-09-28", time_limit=0)
        >>> fewer = season.with_sessions(season.sessions.head(1))
        >>> bool(fewer - season), bool(season - season)
        (True, False)
        >>> sorted((fewer - season).changes())
        ['added', 'changed', 'removed']
    """

    before: Plan
    after: Plan

    def __bool__(self) -> bool:
        return bool(self.sessions.height)

    @cached_property
    def sessions(self) -> pl.DataFrame:
        """The sessions that changed, by identifier.

        Columns: ``id``, ``session``, ``host``, ``change`` (``added``, ``removed`` or ``changed``), ``date_before``,
        ``date_after``, ``trainer_before``, ``trainer_after``, ``partner_before``, ``partner_after``, ``joined`` and
        ``left`` (territories newly invited, and no longer invited).
        """
        before, after = (
            plan.sessions.select("id", "session", "host", *(pl.col(name).alias(f"{name}_{side}") for name in _CHANGES))
            for plan, side in ((self.before, "before"), (self.after, "after"))
        )
        counts = self.seats.group_by(id="session").agg(
            joined=(pl.col("change") == "joined").sum().cast(pl.Int64),
            left=(pl.col("change") == "left").sum().cast(pl.Int64),
        )
        out, new = pl.col("host_after").is_null(), pl.col("host").is_null()
        other = pl.any_horizontal(*(pl.col(f"{name}_before").ne_missing(pl.col(f"{name}_after")) for name in _CHANGES))
        change = pl.when(new).then(pl.lit("added")).when(out).then(pl.lit("removed")).otherwise(pl.lit("changed"))
        return (
            before.join(after, on="id", how="full", coalesce=True, suffix="_after")
            .join(counts, on="id", how="left")
            .with_columns(pl.col("joined", "left").fill_null(0))
            .filter(new | out | other | (pl.col("joined") + pl.col("left") > 0))
            .select(
                "id",
                pl.coalesce("session", "session_after"),
                pl.coalesce("host", "host_after"),
                change.alias("change"),
                *(f"{name}_{side}" for name in _CHANGES for side in ("before", "after")),
                "joined",
                "left",
            )
            .sort("id")
        )

    @cached_property
    def seats(self) -> pl.DataFrame:
        """The territories newly invited (``joined``), or no longer invited (``left``).

        Columns: ``session`` (its id), ``territory`` and ``change``.
        """
        keys = ["session", "territory"]
        sides = {"joined": (self.after, self.before), "left": (self.before, self.after)}
        return pl.concat(
            [
                one.seats.select(keys).join(other.seats, on=keys, how="anti").with_columns(change=pl.lit(change))
                for change, (one, other) in sides.items()
            ]
        ).sort(*keys)

    def changes(self) -> dict[str, int]:
        """Number of sessions ``added``, ``removed`` and ``changed``."""
        return {name: self.sessions.filter(change=name).height for name in ("added", "removed", "changed")}

    def text(self, lang: Lang | None = None) -> str:
        """Return what changed, one session per line."""
        words = messages("prai_match.plan", "difference", lang := current_language(lang))
        if not self:
            return str(words["same"])
        return "\n".join([counted(self.sessions.height, words["title"], lang), *self._lines(words, lang)])

    def _lines(self, words: Mapping[str, Any], lang: Lang) -> Iterator[str]:
        codes = names(self.before.inputs.programme, lang) | names(self.after.inputs.programme, lang)
        for row in self.sessions.iter_rows(named=True):
            texts = {name: _cell(value, codes, lang) for name, value in row.items()}
            what = ", ".join(_what(row, texts, words["what"]))
            yield "- " + words["change"][row["change"]].format(what=what, **texts)

    def __repr__(self) -> str:
        return f"<PlanDifference: {', '.join(f'{count} {name}' for name, count in self.changes().items())}>"


def _what(row: Mapping[str, Any], texts: Mapping[str, str], words: Mapping[str, str]) -> Iterator[str]:
    for name in _CHANGES:
        if row[f"{name}_before"] != row[f"{name}_after"]:
            yield words[name].format(before=texts[f"{name}_before"], after=texts[f"{name}_after"])
    if row["joined"] or row["left"]:
        yield words["seats"].format(joined=row["joined"], left=row["left"])


def _cell(value: Any, codes: Mapping[str, str], lang: Lang) -> str:  # noqa: ANN401 - a cell
    if isinstance(value, str | int):
        return codes.get(str(value), plain(str(value)))
    return "-" if value is None else day(value, lang)


_REQUIRED = {
    "sessions": ("id", "session", "date", "host", "partner", "trainer"),
    "seats": ("session", "territory", "elected", "technicians"),
}
_OPTIONAL = {"axis", "cost"}  # columns read if given; all others are computed

# The expected kinds of values, by their keys in the catalogue of errors.
_EXPECTED: dict[Any, str] = {pl.String: "text", pl.Date: "day", pl.Int64: "whole", pl.Decimal(12, 2): "amount"}


def read_tables(inputs: Inputs, sessions: Any, seats: Any) -> tuple[pl.DataFrame, pl.DataFrame]:  # noqa: ANN401
    """Return the frames of a plan from tables of sessions and seats (see `Plan.with_sessions`)."""
    tables = {"sessions": pl.DataFrame(sessions), "seats": pl.DataFrame(seats)}
    problems = [
        Problem.of("prai_match.plan", "no_column", f"{name}.{column}")
        for name, columns in _REQUIRED.items()
        for column in columns
        if column not in tables[name].columns
    ]
    if problems:
        raise ProgrammeError("Plan", problems)
    booked = inputs.places.filter("booked")["id"]
    rows = _cast("sessions", tables["sessions"], SESSIONS).with_columns(booked=pl.col("id").is_in(booked.implode()))
    came = _cast("seats", tables["seats"], SEATS)
    if rows["cost"].null_count():
        due = Numbers.read(inputs, rows, came).costs.select("id", due=pl.col("due").cast(pl.Decimal(12, 2)))
        record = inputs.record.select("id", was=pl.col("cost").cast(pl.Decimal(12, 2)))
        rows = (
            rows.join(due.unique("id"), on="id", how="left", maintain_order="left")
            .join(record, on="id", how="left", maintain_order="left")
            .with_columns(cost=pl.coalesce("cost", "due", "was"))
            .drop("due", "was")
        )
    return rows, came.with_columns(pl.col("elected", "technicians").fill_null(0))


def _cast(name: str, table: pl.DataFrame, schema: Mapping[str, Any]) -> pl.DataFrame:
    """Return the columns of ``schema``; null if the table doesn't have them or if they are always computed."""
    columns, problems = [], []
    for column, kind in schema.items():
        if column not in table.columns or column not in {*_REQUIRED[name], *_OPTIONAL}:
            columns.append(pl.Series(column, [None], kind).new_from_index(0, table.height))
            continue
        columns.append(_read(table[column], kind))
        problems += [
            Problem.of("prai_match.plan", _EXPECTED[kind], f"{name}.{column}, row {row + 1}", repr(table[column][row]))
            for row in (table[column].is_not_null() & columns[-1].is_null()).arg_true()
        ]
    if problems:
        raise ProgrammeError("Plan", problems)
    return pl.DataFrame(columns)


def _read(values: pl.Series, kind: Any) -> pl.Series:  # noqa: ANN401 - a type of polars
    """Convert values to ``kind``, null if impossible; days are also read from the formats that offices write."""
    if kind == pl.Date and values.dtype == pl.String:
        texts = values.str.strip_chars()
        days = full_years(texts.str.to_date("%Y-%m-%d", strict=False))
        odd = (days.is_null() & texts.is_not_null()).arg_true()
        return days.scatter(odd, loose_date(texts.gather(odd))) if odd.len() else days
    try:
        return values.cast(kind, strict=False)
    except pl.exceptions.PolarsError:
        return pl.Series(values.name, [None], kind).new_from_index(0, values.len())


@dataclass(frozen=True, eq=False)
class Plan(Shown, Tabular, Schedule):
    """Dated sessions and the territories invited to each.

    Libraries that read Arrow make a data frame of its sessions.

    Attributes:
        inputs: The inputs that it was made from.
        weights: The weights of the objective.
        sessions: One row per session, by date: ``id``, ``session``, ``axis`` (the one that most participants asked
            for), ``date``, ``host`` (territory), ``partner``, ``trainer``, ``cost`` (€) and ``booked``.
        seats: One row per territory invited, by session: ``session`` (its id), ``territory``, ``axis`` (asked for),
            ``elected``, ``technicians``, ``km`` (to the host) and ``value`` (points).
        bound: Upper bound of the objective of all plans from these inputs.
        status: How the plan was made: ``optimal``, ``bounded``, ``limit``, ``at_once``, ``by_priority``,
            ``interrupted``, ``empty`` or ``edited``.

    Example:
        >>> from prai_match import Programme
        >>> season = Programme.example().plan("2007-09-03", "2007-09-28", time_limit=0)
        >>> season.check().height, 0 <= season.gap <= 1, abs(sum(season.parts.values()) - season.objective) < 1e-6
        (0, True, True)
        >>> season.sessions.columns
        ['id', 'session', 'axis', 'date', 'host', 'partner', 'trainer', 'cost', 'booked']
    """

    def check(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return the violations of conditions, found from its frames only; no row if the plan is valid.

        Columns: ``label`` (of the condition), ``session``, ``territory``, ``trainer``, ``partner``, ``date``,
        ``found``, ``wanted`` and ``sentence``.
        """
        faults = violations(self.numbers)
        texts = sentences(faults, self.sessions, self.inputs.programme, current_language(lang))
        return faults.with_columns(pl.Series("sentence", texts, dtype=pl.String))

    def unserved(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return the demands not served, each with the condition that blocks it and what would serve it.

        Columns: ``territory``, ``session``, ``axis``, ``score``, ``elected`` and ``technicians`` (who would attend),
        ``label`` (of the condition; ``better`` if other sessions bring more points; ``policy`` for a rule of the
        policy, named in ``rule``), ``rule`` and ``sentence``.
        """
        return unserved(self, current_language(lang))

    @given.takes()
    def compare(self, recs: Answered, lang: Lang | None = None) -> pl.DataFrame:
        """Return what became of the first-choice offer of each territory, and which territories had precedence.

        Args:
            recs: Recommendations for the programme on the day of planning.
            lang: Language of the sentences.

        Columns, one row per territory with an offer, in the order of priority: ``territory``, ``session``, ``axis`` and
        ``host`` (of its first-choice offer), ``priority``, ``outcome`` (``first``: it keeps this offer; ``elsewhere``:
        it attends this session at another host; ``other``: it attends another one; ``none``), ``id``, ``at``, ``date``
        and ``km`` (of the session that it attends), ``label`` (of the condition that blocks the first-choice offer),
        ``before`` (the sessions that took what it needed, by decreasing priority of their hosts) and ``sentence``.

        Example:
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend("2007-09-03")
            >>> recs.together().compare(recs)["outcome"].unique().sort().to_list()
            ['elsewhere', 'first', 'none', 'other']
        """
        if (on := recs.answers.on) != self.inputs.request.day:
            raise ArgumentError.of("prai_match.plan", "other_day", on=on, day=self.inputs.request.day)
        return comparison(self, recs.answers, current_language(lang))

    def replacements(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return the sessions that officers chose in place of offers; nothing else is planned for these territories.

        Columns: ``territory``, ``session`` (the one chosen), ``instead_of``, ``date``, ``why``, ``planned`` (whether it
        has a seat here) and ``sentence``.
        """
        return _text.replacements(self, current_language(lang))

    @given.takes(sessions=given.frame, seats=given.optional(given.frame))
    def with_sessions(self, sessions: Any, seats: Any = None) -> Plan:  # noqa: ANN401 - whatever speaks Arrow
        """Return the plan with sessions and seats that were edited or loaded from a table.

        Args:
            sessions: A frame with ``id``, ``session``, ``date``, ``host``, ``partner`` and ``trainer``; ``cost`` is
                computed unless given, and all other columns are always computed. Values may be texts, as in a CSV file,
                with days as 2007-10-08 or 08/10/2007.
            seats: A frame with ``session`` (the id), ``territory``, ``elected`` and ``technicians``; None keeps those
                of this plan.

        Raises:
            ProgrammeError: A column is missing or has values that can't be read; each problem gives its row.
        """
        frames = read_tables(self.inputs, sessions, self.seats if seats is None else seats)
        return Plan.made(self.inputs, self.weights, frames, self.bound, "edited")

    @given.takes(weights=given.a(Weights))
    def with_weights(self, weights: Weights) -> Plan:
        """Return the same sessions valued with other weights, without a bound."""
        return Plan.made(self.inputs, weights, (self.sessions, self.seats), float("inf"), "edited")

    def __sub__(self, before: Plan) -> PlanDifference:
        """Return what changed since the plan ``before``."""
        return PlanDifference(before, self)

    def to_polars(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return one row per session, by date, with names in ``lang``.

        Columns: ``id``, ``date``, ``session``, ``axis``, ``host``, ``partner``, ``trainer``, ``territories``,
        ``elected``, ``technicians``, ``cost`` and ``booked``.
        """
        return _text.table(self, current_language(lang))

    def to_json(self) -> dict[str, Any]:
        """Return the plan with codes, as data that JSON can hold: dates and amounts are texts.

        The format is in ``docs/reference/schemas/plan.json``.
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

    def invitations(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return one row per invited territory, by date, with names in ``lang``; never names of persons.

        Columns: ``id`` (of the session), ``date``, ``kind``, ``session``, ``host``, ``territory`` (its identifier),
        ``name``, ``departement``, ``axis`` (asked for), ``elected``, ``technicians`` and ``km``.
        """
        return _text.invitations(self, current_language(lang))

    @given.takes(id=given.key, public=given.yes)
    def brief(self, id: str, lang: Lang | None = None, *, public: bool = False) -> Brief:  # noqa: A002 - as its column
        """Return the preparation sheet of a session: its content, participants, their needs, and deadlines.

        Args:
            id: Identifier of the session.
            lang: Language of the brief.
            public: Whether the words of needs are left out.

        Raises:
            UnknownCodeError: The plan has no such session, or the session or host of an edited plan is unknown.

        Example:
            >>> from prai_match import Programme
            >>> season = Programme.example().recommend("2007-09-03").together()
            >>> print(season.brief("2007-09-20-09", "en").document.title)
            Brief – Workshop: Geographic information system (GIS) – CC des Portes d'Ariège Pyrénées, 20 September 2007
        """
        return brief(occasion=_text.occasion(self, id), lang=current_language(lang), public=public)

    @given.takes(previous=given.optional(given.a("Plan", bytes)))
    def to_icalendar(self, lang: Lang | None = None, previous: Plan | bytes | None = None) -> bytes:
        """Return its sessions as an iCalendar file with all-day events, which calendars update when they read it again.

        Args:
            lang: Language of the texts.
            previous: The plan or file that was sent before: events no longer planned are cancelled, changed ones get a
                higher ``SEQUENCE``, and unchanged ones stay the same.

        Raises:
            PraiError: The extra ``plan`` is not installed, or the file can't be read.
        """
        return _files.icalendar(self, current_language(lang), previous)

    @given.takes(previous=given.optional(given.a("Plan", bytes)))
    def save(
        self, path: str | os.PathLike[str], lang: Lang | None = None, previous: Plan | bytes | None = None
    ) -> tuple[Path, ...]:
        """Write the plan in the format given by the suffix; no file is ever written in part.

        ``.xlsx`` has a sheet of sessions and one of invitations; ``.csv`` has the sessions, and a second file the
        invitations; ``.ics`` is a calendar. Texts are never written as formulas.

        Args:
            path: The file; an existing file is replaced.
            lang: Language of column headings and names.
            previous: As for `to_icalendar`.

        Returns:
            The files written.

        Raises:
            PraiError: The suffix is another one, or the extra ``io`` is not installed.
            OSError: A file can't be written; existing files are unchanged.
        """
        return _files.save(self, path, current_language(lang), previous)

    def summary(self, lang: Lang | None = None) -> tuple[str, ...]:
        """Return a heading, then sentences on its totals, how good it is and what would improve it."""
        return _text.summary(self, current_language(lang))

    def text(self, lang: Lang | None = None) -> str:
        """Return its totals, and its sessions by month, as lines of text."""
        return _text.text(self, current_language(lang))

    def __repr__(self) -> str:
        new = self.sessions.filter(~pl.col("booked")).height
        return (
            f"<Plan {self.start} to {self.end}: {new} sessions, {self.seats.height} of {self.inputs.demands.height} "
            f"demands served, objective {self.objective:.1f}, {self.status}>"
        )


def euros_in_json(amount: float | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
