"""A plan as an iCalendar file, from which calendars update the sessions that they already have.

An event is known by its ``UID``, made from the programme, the session and its host. What comes from an earlier export
keeps its ``SEQUENCE`` and its time stamps where it is the same, and has a higher ``SEQUENCE`` and a later stamp where
it changed; nothing depends on the clock.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from prai_match.errors import PraiError
from prai_match.plan import _names
from prai_match.plan._solver import missing
from prai_match.text import counted, messages, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prai_match.model import Lang
    from prai_match.plan._book import Book

_SPACE = UUID("6d2a5f0e-4f0b-5d53-9a35-1f6c0b5b7c21")
"""Of the identifiers of all plans: it never changes."""

_PARIS = """\
BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""
"""The zone as it is since 1996, written out: it is the same whatever data of zones a machine has."""

_PRODUCT = "-//prai_match//plan//"
_STAMPS = ("SEQUENCE", "DTSTAMP", "LAST-MODIFIED")


def icalendar(plan: Book, lang: Lang, previous: Book | bytes | None = None) -> bytes:
    """Return a plan as iCalendar (see `Plan.to_icalendar`)."""
    said = messages("prai_match.plan", "exports", lang)
    calendar = _library().Calendar()
    calendar.add("prodid", f"{_PRODUCT}{lang.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    name = said["calendar"]["name"].format(programme=plain(plan.inputs.programme.name.get(lang)))
    for title in ("name", "x-wr-calname"):
        calendar.add(title, name)
    calendar.add("x-wr-timezone", "Europe/Paris")
    calendar.add_component(_library().Timezone.from_ical(_PARIS))
    for event in _after(plan, lang, _before(previous, lang)):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _library() -> Any:  # noqa: ANN401 - a module
    try:
        import icalendar as library  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise missing("icalendar") from error
    return library


def _before(previous: Book | bytes | None, lang: Lang) -> dict[str, Any]:
    """Return the events of an earlier export, by ``UID``."""
    if previous is None:
        return {}
    data = previous if isinstance(previous, bytes) else icalendar(previous, lang)
    try:
        calendar = _library().Calendar.from_ical(data)
    except ValueError as error:
        raise PraiError.of("prai_match.plan", "unreadable_calendar", message=error) from error
    events = {str(event.get("UID", "")): event for event in calendar.walk("VEVENT")}
    if not str(calendar.get("PRODID", "")).startswith(_PRODUCT) or not all(map(_is_ours, events.values())):
        raise PraiError.of("prai_match.plan", "other_calendar")
    return events


def _is_ours(event: Any) -> bool:  # noqa: ANN401 - of the library
    start = event.decoded("DTSTART", None)
    return isinstance(start, dt.date) and not isinstance(start, dt.datetime) and {"SUMMARY", *_STAMPS} <= event.keys()


def _after(plan: Book, lang: Lang, before: Mapping[str, Any]) -> Iterator[Any]:
    """Return the events of a plan, then those of an earlier export that it no longer has."""
    events = {str(event["UID"]): event for event in _events(plan, lang)}
    for uid, event in events.items():
        yield _stamped(event, before.get(uid), plan)
    for uid in sorted(before.keys() - events.keys()):
        yield _left_out(before[uid], plan, lang)


def _events(plan: Book, lang: Lang) -> Iterator[Any]:
    """Return an event a session that has a day."""
    said = messages("prai_match.plan", "exports", lang)["calendar"]
    invited = _names.invitations(plan, lang).partition_by("id", as_dict=True)
    for row in _names.sessions(plan, lang).drop_nulls("date").iter_rows(named=True):
        event, seats = _library().Event(), invited.get((row["id"],))
        summary = said["summary"].format_map(row)
        event.add("uid", str(uuid5(_SPACE, "\n".join([plan.inputs.programme.name.fr, row["id"], str(row["host_id"])]))))
        event.add("dtstart", row["date"])
        event.add("dtend", row["date"] + dt.timedelta(days=1))
        event.add("summary", summary)
        event.add("location", said["place"].format_map(row))
        event.add("description", "\n".join(_description(row, [] if seats is None else seats.to_dicts(), said, lang)))
        event.add("categories", [row["kind"], row["session"]])
        event.add("status", "CONFIRMED" if row["booked"] else "TENTATIVE")
        event.add("transp", "TRANSPARENT")
        yield event


def _description(
    row: Mapping[str, Any], seats: Iterable[Mapping[str, Any]], said: Mapping[str, str], lang: Lang
) -> Iterator[str]:
    """Tell the axis, the relay, the trainer and who is invited, with numbers and never with names of persons."""
    yield from (said[name].format_map(row) for name in ("axis", "partner", "trainer") if row[name] is not None)
    yield said["invited"].format_map(_counts(row, lang))
    yield from (said["seat"].format(name=seat["name"] or seat["territory"], **_counts(seat, lang)) for seat in seats)


def _counts(row: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    forms = messages("prai_match.plan", "plan", lang)
    names = ("territories", "elected", "technicians")
    return {name: counted(row[name], forms[name], lang) for name in names if name in row}


def _stamped(event: Any, known: Any, plan: Book) -> Any:  # noqa: ANN401 - of the library
    """Return an event with the ``SEQUENCE`` and the time stamps that follow those of an earlier export."""
    on = plan.inputs.asked.day
    number = max(0, (on - plan.inputs.programme.period.start).days)
    stamp = dt.datetime.combine(on, dt.time(), dt.UTC)
    if known is not None:
        was, at = int(known["SEQUENCE"]), known.decoded("DTSTAMP")
        changed = _content(event) != _content(known)
        number = max(number, was + 1) if changed else was
        stamp = max(stamp, at + dt.timedelta(seconds=1)) if changed else at
    for name, value in zip(_STAMPS, (number, stamp, stamp), strict=True):
        event.pop(name, None)
        event.add(name, value)
    return event


def _content(event: Any) -> bytes:  # noqa: ANN401 - of the library
    """Return what an event says, its stamps aside, as it is read back."""
    read = _library().Event.from_ical(event.to_ical())
    for name in _STAMPS:
        read.pop(name, None)
    return bytes(read.to_ical())


def _left_out(known: Any, plan: Book, lang: Lang) -> Any:  # noqa: ANN401 - of the library
    """Return an event of an earlier export that the plan doesn't have: cancelled, where it is in the period."""
    if known.get("STATUS") == "CANCELLED" or not plan.start <= known.decoded("DTSTART") <= plan.end:
        return known
    event = _library().Event.from_ical(known.to_ical())
    summary = messages("prai_match.plan", "exports", lang)["calendar"]["cancelled"].format(summary=event["SUMMARY"])
    for name, value in (("STATUS", "CANCELLED"), ("SUMMARY", summary)):
        event.pop(name, None)
        event.add(name, value)
    return _stamped(event, known, plan)
