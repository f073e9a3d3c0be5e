"""The relay gaps of a day and the structures that could take them, as data frames and as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

import polars as pl

from prai_match import _arguments as given, register, text
from prai_match._version import JSON_SCHEMA
from prai_match.explain import rows_of
from prai_match.model import Lang, RelayPartner
from prai_match.recommend import Answers

_NAMED = 3  # number of structures named in a cell
_WAITING = ("territories", "needs", "people")


@dataclass(frozen=True, eq=False, repr=False)
class RelayGaps(text.Shown, text.Tabular):
    """Where relays are missing on a day, who is waiting, and the structures that could organise these sessions.

    Libraries that read Arrow make a data frame of the gaps.

    Attributes:
        answers: The answers of the day.
        gaps: One row per département and session that no relay can organise: ``rank`` (from 1: most people waiting,
            then most needs), ``departement``, ``session``, ``cause`` (the last condition reached that fails:
            ``covers``, no relay covers the département; ``carries``, those that cover it don't carry the session;
            ``room``, those that do both are full), ``partners`` (the relays concerned), ``territories`` (how many could
            be offered the session or need it, but have no seat at it in the set of offers that can be carried out
            together), ``needs`` (their needs that are open or to be confirmed), ``people`` (announced by these needs,
            as far as known) and ``seated`` (territories that do have a seat, at a neighbour's or a booked session).
        waiting: One row per territory and session that can be offered to it or that it needs, with or without a relay:
            ``departement``, ``territory``, ``session``, ``needs``, ``people`` and whether it is ``seated``.
        structures: One row per structure that could take gaps of a département; relays that cover it come first, then
            those that serve most territories: ``departement``, ``structure``, ``name``, ``kind``, ``changes``
            (``covers``, ``carries``, ``room``: what a relay would do in addition; ``new``: it would become a relay),
            ``takes`` (the sessions), ``sessions_a_year`` (maximum; null if unlimited) and, for the offers that can be
            carried out together with it: ``sessions`` that it holds in the département, ``territories`` that these
            serve, how many of these ``waited``, their ``needs`` and ``people``, the ``cost`` (€; null if unknown), and
            ``more_territories``, ``more_seats`` and ``more_people`` (in total, compared with the set without it).

    Example:
        >>> from prai_match import Programme
        >>> gaps = Programme.example().relay_gaps("2007-09-03", top=1)
        >>> gaps.gaps.select("departement", "cause").unique().rows(), gaps.gaps.height
        ([('32', 'carries')], 6)
    """

    answers: Answers
    gaps: pl.DataFrame
    waiting: pl.DataFrame
    structures: pl.DataFrame
    _partners: Mapping[tuple[str, str], RelayPartner]

    def __bool__(self) -> bool:
        """Whether there is any gap."""
        return bool(self.gaps.height)

    def partner(self, departement: str, structure: str) -> RelayPartner:
        """Return a structure as a relay partner, for ``prog.with_partners([gaps.partner("32", "cg32")])``.

        Raises:
            UnknownCodeError: The gaps of the département don't have this structure.
        """
        departement = given.key(departement, "departement")
        own = {code: relay for (place, code), relay in self._partners.items() if place == departement}
        return own[given.code(structure, own, "structure", "structure")]

    def to_polars(self) -> pl.DataFrame:
        """Return the gaps, with relays separated by spaces, since not all libraries that read Arrow read lists."""
        return self.gaps.with_columns(pl.col("partners").list.join(" "))

    def to_json(self) -> dict[str, Any]:
        """Return the gaps as data that JSON can hold (see ``docs/reference/schemas/relay_gaps.json``)."""
        return {
            "schema": JSON_SCHEMA,
            "on": self.answers.on.isoformat(),
            "gaps": rows_of(self.gaps),
            "structures": rows_of(self.structures),
        }

    def text(self, lang: Lang | None = None) -> str:
        """Return, by département, what is missing, who is waiting and who could host it, as plain text.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return document(self, text.current_language(lang)).text()

    def __repr__(self) -> str:
        return f"<RelayGaps on {self.answers.on}: {self.gaps.height} gaps, {self.structures.height} structures>"


def document(gaps: RelayGaps, lang: Lang) -> text.Document:
    words = _Words(gaps, lang)
    title = words.texts["title"].format(day=text.day(gaps.answers.on, lang))
    if not gaps:
        return text.Document(lang, title, (words.texts["none"],), ())
    departements = dict.fromkeys(gaps.gaps["departement"])
    order = (words.texts["order"],) if gaps.structures.filter(pl.col("more_people") < 0).height else ()
    return text.Document(lang, title, (words.texts["lead"], *order), tuple(map(words.section, departements)))


def table(gaps: RelayGaps, lang: Lang) -> pl.DataFrame:
    """Return one row per gap in words, with column headings in the language, to hand to people."""
    words = _Words(gaps, lang)
    texts, rows = words.texts, gaps.gaps.rows(named=True)
    columns = {
        "rank": gaps.gaps["rank"],
        "departement": [register.department_label(row["departement"]) for row in rows],
        "session": [words.names[row["session"]] for row in rows],
        "cause": [texts["label"][row["cause"]] for row in rows],
        "relays": [words.listed(row["partners"]) for row in rows],
        **{name: gaps.gaps[name] for name in _WAITING},
        "structures": [" ".join(islice(words.structures(row["departement"], row["session"]), _NAMED)) for row in rows],
    }
    return pl.DataFrame({texts["table"][name]: values for name, values in columns.items()})


@dataclass(frozen=True, eq=False)
class _Words:
    gaps: RelayGaps
    lang: Lang

    @cached_property
    def texts(self) -> dict[str, Any]:
        return text.messages("prai_match.gaps", "gaps", self.lang)

    @cached_property
    def names(self) -> Mapping[str, str]:
        return text.masked(self.gaps.answers.names[self.lang], self.lang)

    def count(self, name: str, count: int) -> str:
        return text.counted(count, self.texts["counts"][name], self.lang)

    def listed(self, codes: list[str]) -> str:
        return str(self.texts["comma"].join(self.names[code] for code in codes))

    def section(self, departement: str) -> text.Section:
        own = self.gaps.gaps.filter(departement=departement)
        left = self.gaps.waiting.filter(~pl.col("seated")).join(own, on=["departement", "session"], how="semi")
        needs, people = left.select(pl.col("needs", "people").sum()).row(0)
        waits = self.texts["waiting"].format(who=self._who(left["territory"].n_unique(), needs, people))
        sessions = text.Items(tuple(map(self._session, own.iter_rows(named=True))))
        structures = tuple(self.structures(departement))
        could = (self.texts["who"], text.Items(structures)) if structures else ()
        tried = self.gaps.structures.filter(departement=departement).height
        nobody = (self.texts["nobody"],) if tried and not structures else ()
        blocks = (*self._causes(own), waits, sessions, *could, *nobody)
        return text.Section(register.department_label(departement), blocks)

    def _who(self, territories: int, needs: int, people: int) -> str:
        if not territories:
            return str(self.texts["nobody_waits"])
        counts = {"territories": territories} | ({"needs": needs, "announced": people} if needs else {})
        return str(self.texts["comma"].join(self.count(name, count) for name, count in counts.items()))

    def _causes(self, own: pl.DataFrame) -> Iterator[str]:
        every = text.number(len(self.gaps.answers.programme.catalogue.sessions), 0, self.lang)
        for (cause, relays), rows in own.group_by("cause", "partners", maintain_order=True):
            gaps = self.texts["all"].format(gaps=self.count("gaps", rows.height), all=every)
            form = self.texts["cause"][cause]["one" if len(relays) == 1 else "other"]
            yield form.format(relays=self.listed(relays), gaps=gaps)

    def _session(self, row: Mapping[str, Any]) -> str:
        who = [self._who(*(row[name] for name in _WAITING))]
        who += [self.count("seated", row["seated"])] if row["seated"] else []
        return str(self.texts["colon"].join((self.names[row["session"]], self.texts["more"].join(who))))

    def structures(self, departement: str, session: str | None = None) -> Iterator[str]:
        """Say whom each structure would serve, if anybody, for those that take a session; None means any session."""
        own = self.gaps.structures.filter(pl.col("departement") == departement, pl.col("sessions") > 0)
        for row in own.iter_rows(named=True):
            if session is None or session in row["takes"]:
                yield self._structure(row)

    def _structure(self, row: Mapping[str, Any]) -> str:
        words, more = self.texts["structure"], row["more_people"]
        forms = self.texts["whole"]["more" if more > 0 else "fewer" if more else "same"]
        counts = {"gaps": row["sessions"], **{name: row[name] for name in _WAITING}}
        served = words["served"].format(
            **{name: self.count(name, count) for name, count in counts.items()},
            waited=text.number(row["waited"], 0, self.lang),
            cost=text.price(row["cost"], self.lang, cents=False),
            whole=text.counted(abs(more), forms, self.lang),
        )
        is_named = row["name"] != row["kind"]
        name = text.masked(row["name"], self.lang) if is_named else self.texts["kinds"].get(row["kind"], row["kind"])
        changes = self.texts["and"].join(self._changes(row))
        return str(words["said"].format(name=name, changes=changes, served=served))

    def _changes(self, row: Mapping[str, Any]) -> Iterator[str]:
        limit, takes_all = row["sessions_a_year"], len(row["takes"]) == self._gaps[row["departement"]]
        values = {"takes": self.listed(row["takes"]), "limit": self.count("gaps", limit or 0)}
        for change in row["changes"]:
            key = {"carries": "carries" if takes_all else "some", "new": "new" if limit is None else "limited"}
            yield self.texts["structure"]["changes"][key.get(change, change)].format(**values)

    @cached_property
    def _gaps(self) -> Mapping[str, int]:
        return dict(self.gaps.gaps.group_by("departement").len().iter_rows())
