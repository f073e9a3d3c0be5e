"""The answers of the two services, without HTTP: a request is a day, a language and maybe changes; an answer is JSON.

The programme is read once, from the folder that ``PRAI_PROGRAMME`` names; by default, it is a bundled region.
"""

from __future__ import annotations

import datetime as dt
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

import prai_match as pm
from prai_match.text import accepted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.model import Lang

LARGEST = 64 * 1024
"""Maximum size of a request body, in bytes."""

REFUSALS = {
    404: pm.PraiError("there is no such page", "cette page n’existe pas"),
    405: pm.PraiError("this page doesn't take this method", "cette page n’accepte pas cette méthode"),
    413: pm.PraiError("the body is larger than 64 KiB", "le corps de la demande dépasse 64 Kio"),
}
"""The errors for requests that no page answers, by status."""

_FOLDER = os.environ.get("PRAI_PROGRAMME")
PROGRAMME = pm.Programme.load(_FOLDER) if _FOLDER else pm.Programme.example()
_FIELDS = TypeAdapter(dict[str, Any])


@lru_cache(maxsize=16)
def recommended(on: dt.date) -> pm.Recommendations:
    """Recommend on a day; the result is computed once for all requests."""
    return PROGRAMME.recommend(on=on)


def language(query: Mapping[str, str], header: str | None) -> Lang:
    """Return the language of the answer: ``?lang=``, else the one that ``Accept-Language`` prefers, else French."""
    lang = query.get("lang") or accepted(header or "")
    return "en" if lang == "en" else "fr"


def day(query: Mapping[str, str]) -> dt.date:
    """Return the day of ``?on=``, else today in France; all problems of a query are reported at once."""
    on, lang, problems = query.get("on"), query.get("lang", "fr"), []
    if lang not in {"fr", "en"}:
        problems.append(pm.Problem("lang", repr(lang[:60]), "'fr' or 'en'", "'fr' ou 'en'"))
    found = dt.datetime.now(ZoneInfo("Europe/Paris")).date()
    if on is not None:
        try:
            found = dt.date.fromisoformat(on)
        except ValueError:
            problems.append(pm.Problem("on", repr(on[:60]), "a day such as 2007-09-03", "un jour, ainsi 2007-09-03"))
    if problems:
        raise pm.ProgrammeError("request", problems)
    return found


def all_of_them(on: dt.date, lang: Lang) -> dict[str, Any]:
    """Return the recommendation of each territory."""
    return {"on": on.isoformat(), "recommendations": recommended(on).to_json(lang)}


def one_of_them(territory: str, on: dt.date, lang: Lang) -> dict[str, Any]:
    """Return the recommendation of a territory, its alternatives and the reasons."""
    return _told(recommended(on)[territory], lang)


def what_if(territory: str, body: bytes, on: dt.date, lang: Lang) -> dict[str, Any]:
    """Return the recommendation of a territory before and after the changes in a body: fields of `explain.Changes`."""
    rec = recommended(on)[territory]
    try:
        changes = _FIELDS.validate_json(body)
    except ValueError:
        problem = pm.Problem("body", repr(body[:60]), "an object in JSON", "un objet en JSON")
        raise pm.ProgrammeError("request", [problem]) from None
    difference = rec.what_if(**changes)
    # Not `difference.text`, which quotes needs: these may name a person.
    change = next(iter(difference.changes()), None)
    return {"change": change, "before": _told(rec, lang), "after": _told(difference.after[territory], lang)}


def _told(rec: pm.Recommendation, lang: Lang) -> dict[str, Any]:
    alternatives = [offer.to_json() for offer in rec.alternatives]
    return {
        "recommendation": rec.to_json(lang),
        "alternatives": alternatives,
        "why": rec.why(lang, public=True).to_json(),
    }


def status(error: pm.PraiError) -> int:
    """Return the HTTP status of an error: 404 for an unknown territory, else 400."""
    return 404 if isinstance(error, pm.UnknownCodeError) and error.kind == "territory" else 422


def headers(lang: Lang) -> dict[str, str]:
    """Return the headers of every answer: its language, and that browsers must not interpret it as a page."""
    return {"Content-Language": lang, "Vary": "Accept-Language", "X-Content-Type-Options": "nosniff"}
