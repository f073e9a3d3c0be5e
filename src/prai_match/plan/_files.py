"""Export of a plan: a workbook of sessions and invitations, two CSV files, or a calendar.

Calendars update the sessions that they already have. An event is identified by its ``UID``, computed from the
programme, the session and its host. An event that is unchanged since an earlier export keeps its ``SEQUENCE`` and time
stamps; a changed one gets a higher ``SEQUENCE`` and a later stamp. Nothing depends on the clock.
"""

import datetime as dt
import errno
import os
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import polars as pl

from prai_match._words import hint
from prai_match.errors import PraiError, missing_extra, nearest
from prai_match.files import put_all
from prai_match.io import encoded, xlsx_bytes
from prai_match.model import Lang
from prai_match.plan._schedule import Schedule
from prai_match.plan._text import counts, invitations, sessions
from prai_match.text import masked, messages, plain

FORMATS = ("xlsx", "csv", "ics")  # formats of an export; each is also the suffix of its files


def save(
    plan: Schedule, path: str | os.PathLike[str], lang: Lang, previous: Schedule | bytes | None = None
) -> tuple[Path, ...]:
    path = Path(path)
    match suffix := path.suffix.lower().removeprefix("."):
        case "xlsx":
            files = {path.name: xlsx_bytes(_sheets(plan, lang))}
        case "csv":
            (_, first), (name, second) = _sheets(plan, lang).items()
            beside = f"{path.stem}-{name.lower()}{path.suffix}"
            files = {path.name: encoded(first, "csv"), beside: encoded(second, "csv")}
        case "ics":
            files = {path.name: icalendar(plan, lang, previous)}
        case _:
            formats, near = ", ".join(f".{name}" for name in FORMATS), hint(nearest(suffix, FORMATS))
            raise PraiError.of("prai_match.plan", "format", formats=formats, name=path.name, near=near)
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
    put_all(path.parent, files)
    return tuple(path.parent / name for name in files)


def _sheets(plan: Schedule, lang: Lang) -> dict[str, pl.DataFrame]:
    texts = messages("prai_match.plan", "exports", lang)
    return {
        texts["sheets"][name]: frame.select(pl.col(column).alias(label) for column, label in texts[name].items())
        for name, frame in {"sessions": sessions(plan, lang), "invitations": invitations(plan, lang)}.items()
    }


_SPACE = UUID("6d2a5f0e-4f0b-5d53-9a35-1f6c0b5b7c21")  # namespace of the identifiers of all plans: it never changes

_PRODUCT = "-//prai_match//plan//"
_STAMPS = ("SEQUENCE", "DTSTAMP", "LAST-MODIFIED")


def icalendar(plan: Schedule, lang: Lang, previous: Schedule | bytes | None = None) -> bytes:
    texts, calendar = messages("prai_match.plan", "exports", lang)["calendar"], _library().Calendar()
    name = texts["name"].format(programme=plain(masked(plan.inputs.programme.name.get(lang), lang)))
    values = {"prodid": f"{_PRODUCT}{lang.upper()}", "version": "2.0", "calscale": "GREGORIAN"}
    _put(calendar, values | dict.fromkeys(("name", "x-wr-calname"), name) | {"x-wr-timezone": "Europe/Paris"})
    # The time zone as it is since 1996, written out so that it doesn't depend on the machine's time zone data.
    zone = files("prai_match.plan").joinpath("data", "paris.ics").read_text("utf-8")
    calendar.add_component(_library().Timezone.from_ical(zone))
    for event in _after(plan, lang, texts, _before(previous, lang)):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _library() -> Any:  # noqa: ANN401 - a module
    try:
        import icalendar as library  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise missing_extra("plan", "plan", "icalendar") from error
    return library


def _before(previous: Schedule | bytes | None, lang: Lang) -> dict[str, Any]:
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


def _after(plan: Schedule, lang: Lang, texts: Mapping[str, str], before: Mapping[str, Any]) -> Iterator[Any]:
    """Return the events of a plan, then those of an earlier export that it no longer has."""
    events = {str(event["UID"]): event for event in _events(plan, lang, texts)}
    for uid, event in events.items():
        yield _stamp(event, before.get(uid), plan)
    for uid in sorted(before.keys() - events.keys()):
        yield _cancel(before[uid], plan, texts)


def _events(plan: Schedule, lang: Lang, texts: Mapping[str, str]) -> Iterator[Any]:
    """Return one event per dated session: numbers of people invited, and never names of persons."""
    seats = invitations(plan, lang).partition_by("id", as_dict=True)
    for row in sessions(plan, lang).drop_nulls("date").iter_rows(named=True):
        event = _library().Event()
        lines = [texts[name].format_map(row) for name in ("axis", "partner", "trainer") if row[name] is not None]
        if (row["id"],) in seats:
            lines += [texts["invited"].format_map(counts(row, lang))]
            lines += [
                texts["seat"].format(name=seat["name"] or seat["territory"], **counts(seat, lang))
                for seat in seats[row["id"],].iter_rows(named=True)
            ]
        event.add("uid", str(uuid5(_SPACE, "\n".join([plan.inputs.programme.name.fr, row["id"], str(row["host_id"])]))))
        values = {
            "dtstart": row["date"],
            "dtend": row["date"] + dt.timedelta(days=1),
            "summary": texts["summary"].format_map(row),
            "location": texts["place"].format_map(row),
            "description": "\n".join(lines),
            "categories": [row["kind"], row["session"]],
            "status": "CONFIRMED" if row["booked"] else "TENTATIVE",
            "transp": "TRANSPARENT",
        }
        yield _put(event, values)


def _stamp(event: Any, before: Any, plan: Schedule) -> Any:  # noqa: ANN401 - of the library
    """Return an event with the ``SEQUENCE`` and time stamps that follow those of an earlier export."""
    on, start = plan.inputs.request.day, plan.inputs.programme.period.start
    number, stamp = max(0, (on - start).days), dt.datetime.combine(on, dt.time(), dt.UTC)
    if before is not None:
        was, at = int(before["SEQUENCE"]), before.decoded("DTSTAMP")
        after = max(number, was + 1), max(stamp, at + dt.timedelta(seconds=1))
        number, stamp = (was, at) if _content(event) == _content(before) else after
    return _put(event, dict(zip(_STAMPS, (number, stamp, stamp), strict=True)))


def _put(event: Any, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - of the library
    for name, value in values.items():
        event.pop(name, None)
        event.add(name, value)
    return event


def _content(event: Any) -> bytes:  # noqa: ANN401 - of the library
    """Return the content of an event, without its stamps."""
    content = _library().Event.from_ical(event.to_ical())
    for name in _STAMPS:
        content.pop(name, None)
    return bytes(content.to_ical())


def _cancel(before: Any, plan: Schedule, texts: Mapping[str, str]) -> Any:  # noqa: ANN401 - of the library
    """Return an event of an earlier export that the plan lacks: cancelled, if it is in the period."""
    if before.get("STATUS") == "CANCELLED" or not plan.start <= before.decoded("DTSTART") <= plan.end:
        return before
    event = _library().Event.from_ical(before.to_ical())
    values = {"STATUS": "CANCELLED", "SUMMARY": texts["cancelled"].format(summary=event["SUMMARY"])}
    return _stamp(_put(event, values), before, plan)
