"""The brief of a session: its data, then its text on two pages."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Literal

from prai_match import _version
from prai_match.explain._place import Absent
from prai_match.model import Lang
from prai_match.text import Document, Items, Section, Table, Written, counted, day, messages, number, price

GuestState = Literal["asked", "registered", "planned", "could_come"]
_GUESTS, _NEEDS, _PAST, _WORDS = 14, 10, 5, 180  # how many lines of each, and characters of a need, fit on two pages
_TEXTS = partial(messages, "prai_match.explain", "brief")


@dataclass(frozen=True, slots=True)
class TimedModule:
    """A module of the half-day, or one for which no time is left.

    Attributes:
        title: Its subject.
        minutes: Its duration.
        start: Minutes from the opening until it begins; None if there is no time for it.
        axis: Name of its axis; empty if it belongs to the common core.
        people: How many participants want it.
        material: The material it needs; empty if none.

    Example:
        >>> from prai_match import Programme
        >>> brief = Programme.example().recommend("2007-09-03")["200066231"].brief("en")
        >>> sum(module.minutes for module in brief.modules) <= brief.minutes
        True
    """

    title: str
    minutes: int
    start: int | None
    axis: str
    people: int
    material: str


@dataclass(frozen=True, slots=True)
class QuotedNeed:
    """A need of a participant, in its original words.

    Attributes:
        subject: Name of the axis that it asks for or, for a buffet, of the workshop; empty if it names no axis.
        words: Its original words, without what identifies a person; empty if forgotten, or left out for the public.
        collectivity: Name of the collectivity that expressed it.
        day: Day on which it was expressed.
        state: ``open``, or ``to_confirm`` if the council was renewed since.
        since: First day of the state: for an open need, its day or that of its last confirmation.

    Example:
        >>> from prai_match import Programme
        >>> brief = Programme.example().recommend("2007-09-03")["200066231"].brief("en")
        >>> {need.state for need in brief.needs} <= {"open", "to_confirm"}
        True
    """

    subject: str
    words: str
    collectivity: str
    day: dt.date
    state: Literal["open", "to_confirm"]
    since: dt.date


@dataclass(frozen=True, slots=True)
class Guest:
    """A territory that attends a session, or could.

    Attributes:
        territory: Its identifier.
        name: Its name.
        axis: Name of the axis that it chose; empty if none.
        people: Number of people expected; None if unknown.
        elected: Elected officials among them; None if unknown.
        technicians: Technicians among them; None if unknown.
        km: Distance to the host, in kilometres.
        state: ``asked``: it is offered the session; ``registered``; ``planned``: it has a seat in the plan;
            ``could_come``: it is interested and near, and should be invited.
        missing: Who hasn't attended any session since the council was renewed: ``elected`` officials, a ``technician``
            or ``both``; None if both have, or if it is unknown.

    Example:
        >>> from prai_match import Programme
        >>> guest = Programme.example().recommend("2007-09-03")["200066231"].brief("en").guests[0]
        >>> guest.name, guest.state
        ("CC des Portes d'Ariège Pyrénées", 'asked')
    """

    territory: str
    name: str
    axis: str
    people: int | None
    elected: int | None
    technicians: int | None
    km: float
    state: GuestState
    missing: Absent | None


@dataclass(frozen=True, slots=True)
class PastSession:
    """A past session of the same kind that was held near the host.

    Attributes:
        day: Day on which it was held.
        place: Name of the host territory.
        km: Distance from there to the host, in kilometres.
        organisations: Relay partner and organisation of the trainer, as far as known.
        people: How many attended; None if unknown.
        rating: Mean of the ratings, out of 4; None if there is none.

    Example:
        >>> from prai_match import Programme
        >>> past = Programme.example().recommend("2007-09-03")["200066231"].brief("en").past
        >>> all(session.km <= 60 for session in past)
        True
    """

    day: dt.date
    place: str
    km: float
    organisations: tuple[str, ...]
    people: int | None
    rating: float | None


@dataclass(frozen=True, slots=True)
class Task:
    """A task that the relay has to do to prepare the session.

    Attributes:
        what: The task, in a sentence.
        days: Minimum number of days before the session.
        by: Its deadline; None if the day of the session is unknown.

    Example:
        >>> from prai_match import Programme
        >>> brief = Programme.example().recommend("2007-09-03")["200066231"].brief("en")
        >>> all(brief.on <= task.by <= brief.day for task in brief.tasks)
        True
    """

    what: str
    days: int
    by: dt.date | None


@dataclass(frozen=True, slots=True)
class Brief(Written):
    """The preparation sheet of a session: its content, participants and their needs, and the relay's tasks.

    Attributes:
        lang: Language of the texts.
        public: Whether the words of needs are left out.
        on: The day on which it is written; nothing later is used.
        programme: Name of the programme.
        id: Identifier of the session, if it is planned or booked.
        session: Identifier of the buffet or workshop.
        name: Kind and name of the session.
        core: Subject of its common core.
        axes: Names of the axes that participants want, the most wanted first.
        day: The day on which it is held; for an offer, the first possible day; None if unknown.
        booked: Whether it is booked already.
        host: Name of the territory where it is held.
        partner: Name of the relay partner, or a text saying that none is named.
        trainer: Organisation and role of the trainer, or a text saying that none is named.
        cost: Cost in euros; None if unknown.
        minutes: Its duration.
        seats: Minimum and maximum number of people.
        modules: Modules of the half-day, in order: first the common core, then the axes.
        later: Modules that don't fit, left for a follow-up.
        needs: Needs of the participants that aren't met yet, by axis.
        guests: Territories that attend, or could.
        radius: Kilometres around the host within which past sessions are listed.
        past: Sessions of this kind held there, the latest first.
        tasks: Tasks of the relay, in order.

    Example:
        >>> from prai_match import Programme
        >>> brief = Programme.example().recommend("2007-09-03")["200066231"].brief("en")
        >>> brief.name, brief.minutes, brief.seats
        ('Workshop: Paperless procedures', 180, (10, 20))
        >>> print(brief.document.title)
        Brief – Workshop: Paperless procedures – CC des Portes d'Ariège Pyrénées, 24 September 2007
    """

    lang: Lang
    public: bool
    on: dt.date
    programme: str
    id: str | None
    session: str
    name: str
    core: str
    axes: tuple[str, ...]
    day: dt.date | None
    booked: bool
    host: str
    partner: str
    trainer: str
    cost: Decimal | None
    minutes: int
    seats: tuple[int, int]
    modules: tuple[TimedModule, ...]
    later: tuple[TimedModule, ...]
    needs: tuple[QuotedNeed, ...]
    guests: tuple[Guest, ...]
    radius: float
    past: tuple[PastSession, ...]
    tasks: tuple[Task, ...]

    @property
    def document(self) -> Document:
        """The brief as a document; long lists are cut, with the number of lines left out."""
        texts = _TEXTS(self.lang)
        parts = {
            "half_day": self._half_day,
            "needs": self._needs,
            "guests": self._guests,
            "past": self._past,
            "tasks": self._tasks,
        }
        values = {"day": day(self.on, self.lang), "programme": self.programme}
        lead = (texts["made"].format_map(values), Items(tuple(self._case(texts["case"]))))
        sections = (Section(texts[key]["title"], tuple(part(texts[key]))) for key, part in parts.items())
        when = texts["no_day"] if self.day is None else day(self.day, self.lang)
        return Document(
            self.lang, texts["title"].format(name=self.name, host=self.host, day=when), lead, tuple(sections)
        )

    def to_json(self) -> dict[str, Any]:
        """Return the data of the brief and, as ``document``, its texts, as data that JSON can hold.

        The format is in ``docs/reference/schemas/brief.json``.
        """
        data = {"schema": _version.JSON_SCHEMA, **asdict(self), "document": asdict(self.document)}
        return dict(json.loads(json.dumps(data, default=str)))

    def _case(self, texts: dict[str, str]) -> Iterator[str]:
        when = "unknown" if self.day is None else "booked" if self.booked else "planned" if self.id else "first"
        away = [guest.km for guest in self.guests]
        values = {
            "day": "" if self.day is None else day(self.day, self.lang),
            "axes": ", ".join(self.axes),
            "host": self.host,
            "partner": self.partner,
            "trainer": self.trainer,
            "length": self._length(self.minutes),
            "cost": price(self.cost, self.lang),
            "mean": number(sum(away) / max(1, len(away)), 0, self.lang),
            "most": number(max(away, default=0), 0, self.lang),
        }
        keys = (when, *(["axes"] if self.axes else []), "host", "partner", "trainer", "length", "cost")
        yield from (texts[key].format_map(values) for key in (*keys, *(["travel"] if max(away, default=0) else [])))

    def _half_day(self, texts: dict[str, Any]) -> Iterator[str | Items | Table]:
        yield texts["core"].format(core=self.core)
        if not self.modules:
            yield texts["none"]
            return
        rows = tuple(
            (
                module.title,
                texts["times"].format(start=self._clock(module.start), end=self._clock(module.start + module.minutes)),
                self._for(module, texts),
                module.material,
            )
            for module in self.modules
            if module.start is not None
        )
        yield Table(texts["caption"], tuple(texts["header"]), rows)
        if rest := self.minutes - sum(module.minutes for module in self.modules):
            yield texts["rest"].format(rest=self._length(rest))
        if self.later:
            left = (
                texts["left"].format(title=m.title, axis=m.axis, length=self._length(m.minutes)) for m in self.later
            )
            yield texts["later"].format(modules=texts["and"].join(left))

    def _for(self, module: TimedModule, texts: dict[str, Any]) -> str:
        key = "all" if not module.axis else "wanted" if module.people else "booked"
        return str(texts[key]).format(axis=module.axis, people=self._people(module.people))

    def _needs(self, texts: dict[str, Any]) -> Iterator[str | Items]:
        if not self.needs:
            yield texts["none"]
        shown = self.needs[:_NEEDS]
        for subject in dict.fromkeys(need.subject for need in shown):
            yield texts["about" if subject else "core"].format(subject=subject)
            yield Items(tuple(self._need(need, texts) for need in shown if need.subject == subject))
        yield from self._more(self.needs, shown, texts)

    def _need(self, need: QuotedNeed, texts: dict[str, Any]) -> str:
        short = need.words if len(need.words) <= _WORDS else f"{need.words[:_WORDS].rstrip()}…"
        said = texts["said" if need.words else "silent"]
        text = str(said).format(words=short, who=need.collectivity, day=day(need.day, self.lang))
        if need.state == "to_confirm":
            return f"{text}{texts['to_confirm']}"
        confirmed = str(texts["confirmed"]).format(since=day(need.since, self.lang))
        return text + confirmed if need.since > need.day else text

    def _guests(self, texts: dict[str, Any]) -> Iterator[str | Items | Table]:
        shown, columns = self.guests[:_GUESTS], 5 if any(guest.axis for guest in self.guests) else 4
        rows = (
            (
                guest.name,
                texts["states"][guest.state],
                self._head_count(guest),
                texts["km"].format(km=number(guest.km, 0, self.lang)),
                guest.axis,
            )
            for guest in shown
        )
        if shown:
            yield Table(texts["caption"], tuple(texts["header"][:columns]), tuple(row[:columns] for row in rows))
        yield from self._more(self.guests, shown, texts)
        known = sum(guest.people or 0 for guest in self.guests)
        yield texts["total"].format(people=self._people(known), least=self.seats[0], most=self.seats[1])
        if (few := self.seats[0] - known) > 0:
            yield counted(few, texts["few"], self.lang)
        absent = {key: [guest.name for guest in self.guests if guest.missing == key] for key in texts["missing"]}
        who = (texts["missing"][key].format(names=", ".join(names)) for key, names in absent.items() if names)
        yield texts["pair"]
        if sentences := tuple(who):
            yield Items(sentences)

    def _past(self, texts: dict[str, Any]) -> Iterator[str | Items]:
        km, shown = number(self.radius, 0, self.lang), self.past[:_PAST]
        if not shown:
            yield texts["none"].format(km=km)
            return
        items = (
            texts["one"].format(
                day=day(held.day, self.lang),
                place=held.place,
                km=number(held.km, 0, self.lang),
                facts=texts["and"].join(
                    [
                        *held.organisations,
                        texts["unknown"] if held.people is None else self._people(held.people),
                        texts["unrated"]
                        if held.rating is None
                        else texts["rated"].format(rating=number(held.rating, 1, self.lang)),
                    ]
                ),
            )
            for held in shown
        )
        yield texts["within"].format(km=km)
        yield Items(tuple(items))
        yield from self._more(self.past, shown, texts)

    def _tasks(self, texts: dict[str, Any]) -> Iterator[str | Items]:
        yield texts["who"].format(partner=self.partner)
        yield Items(tuple(self._task(task, texts["when"]) for task in self.tasks), numbered=True)

    def _task(self, task: Task, texts: dict[str, str]) -> str:
        if task.by is None:
            return texts["before" if task.days else "itself"].format(days=task.days, what=task.what)
        key = "on" if not task.days else "now" if task.by <= self.on else "by"
        return texts[key].format(day=day(task.by, self.lang), what=task.what)

    def _more(self, every: Sequence[object], shown: Sequence[object], texts: dict[str, Any]) -> Iterator[str]:
        if more := len(every) - len(shown):
            yield counted(more, texts["more"], self.lang)

    def _clock(self, minutes: int) -> str:
        hours, rest = divmod(minutes, 60)
        return str(_TEXTS(self.lang)["clock"]).format(hours=hours, minutes=rest)

    def _length(self, minutes: int) -> str:
        hours, rest = divmod(minutes, 60)
        form = "minutes" if not hours else "both" if rest else "hours"
        return str(_TEXTS(self.lang)["length"][form]).format(hours=hours, minutes=rest)

    def _people(self, count: int) -> str:
        return counted(count, _TEXTS(self.lang)["counts"]["people"], self.lang)

    def _head_count(self, guest: Guest) -> str:
        texts = _TEXTS(self.lang)["counts"]
        if guest.people is None:
            return str(texts["unknown"])
        if guest.elected is None or guest.technicians is None:
            return self._people(guest.people)
        parts = {"elected": guest.elected, "technicians": guest.technicians}
        return ", ".join(counted(count, texts[name], self.lang) for name, count in parts.items())
