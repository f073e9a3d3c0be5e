"""Sentences on where a session is held, which relays to inform, and who else to invite."""

from typing import Literal

from prai_match.model import Lang
from prai_match.offers import Snapshot
from prai_match.recommend import Answers, Offer
from prai_match.register import haversine
from prai_match.text import messages, number

Absent = Literal["elected", "technician", "both"]


def place(answers: Answers, territory: str, host: str, lang: Lang, joins: str | None = None) -> str:
    """Say at which other territory a session is held, how far away, and whether it is booked; empty if at its own."""
    if territory == host:
        return ""
    there = away(answers.places[host][0], km_to(answers, territory, host), lang)
    return there if joins is None else booked(answers, there, joins, lang)


def where(answers: Answers, territory: str, host: str, lang: Lang, joins: str | None = None) -> str:
    return place(answers, territory, host, lang, joins) or own_place(lang)


def booked(answers: Answers, there: str, session: str, lang: Lang) -> str:
    """Say that a session is booked at a place, and how many seats are left."""
    words, left = messages("prai_match", "display", lang), answers.rooms[session]
    return str(words["place"]["booked"]).format(place=there, room=words["booking"]["no_room"] if left is None else left)


def km_to(answers: Answers, territory: str, host: str) -> float:
    (_, _, *own), (_, _, *there) = answers.places[territory], answers.places[host]
    return haversine(*own, *there)


def away(name: str, km: float, lang: Lang) -> str:
    return str(messages("prai_match", "display", lang)["place"]["away"]).format(name=name, km=number(km, 0, lang))


def own_place(lang: Lang) -> str:
    return str(messages("prai_match", "display", lang)["place"]["own"])


def informed(answers: Answers, territory: str, offer: Offer | None, lang: Lang) -> str:
    """Name the relays of a guest's département if the session's relay doesn't cover it; empty if there are none."""
    if offer is None:
        return ""
    own, partners = answers.places[territory][1], answers.programme.partners
    covering = {each.id: each.name for each in partners if own in each.departements}
    if offer.partner in covering:
        return ""
    present = answers.snapshot.column("partner_present").value
    codes = answers.snapshot.frames.partners["partner"]
    names = [covering[code] for code, is_there in zip(codes, present, strict=True) if is_there and code in covering]
    text = str(messages("prai_match", "display", lang)["place"]["inform"])
    return text.format(names=", ".join(names)) if names else ""


def pair_action(answers: Answers, territory: str, lang: Lang) -> str:
    """Say who else to invite, if none attended since the council was renewed; empty if both did, or unknown."""
    missing = absent(answers.snapshot, answers.number(territory))
    return str(messages("prai_match.explain", "notice", lang)["pair"].get(missing, ""))


def absent(snapshot: Snapshot, t: int) -> Absent | None:
    """Return who of a territory attended no session since the council was renewed; None if both did, or unknown."""
    came = snapshot.recent.filter(t=t).select("elected", "technicians")
    if came.is_empty():
        return "both"
    if any(came.null_count().row(0)):
        return None
    elected, technicians = came.sum().row(0)
    return "technician" if elected and not technicians else "elected" if technicians and not elected else None
