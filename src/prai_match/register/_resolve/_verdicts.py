"""The verdict on a text: its status, the entity that it stands for, and the reason."""

from functools import cache
from typing import Any, NamedTuple

import polars as pl

from prai_match.register._data import entry, index, table
from prai_match.register._names import listed, without_article, wording
from prai_match.register._resolve._index import EPCI, bearers
from prai_match.register._resolve._matches import BESIDE, CUT, LONGER, NEAR, TIGHT, WITHIN, Hit, beside, exact_hits
from prai_match.register._resolve._reading import Typed, read
from prai_match.text import LANGUAGES, messages

_WRITTEN_MANY_WAYS = ("epci", "arrondissement_municipal")
_LONGEST, _SHORTEST, _SHOWN = 6, 4, 5  # words and bytes of a place's name within another, and places proposed
_SCORES = {"exact": 100.0, "alias": 95.0, "fuzzy": 90.0}
Choice = list[tuple[str, str]]  # code and kind of what is proposed
Answer = tuple[Any, ...]


class Judged(NamedTuple):
    """The judged hits of a text: accepted only if a single answer remains.

    ``best`` is the most likely hit in the right place and of the right kind (or None). ``single``: its tier has only
    one answer; ``contested``: it isn't exact, and a similar name has another answer. ``here``: some hit is in the right
    place. ``elsewhere``: the exact name exists in another département. ``proposals``: the most likely first.
    """

    best: Hit | None
    single: bool
    contested: bool
    here: bool
    elsewhere: bool
    proposals: list[Hit]

    @property
    def choice(self) -> Choice:
        every = [(code, hit.out_kind) for hit in self.proposals for code in hit.bearer.successors or [hit.out]]
        return list(dict.fromkeys(every))[:_SHOWN]


def verdict(text: str, given: str | None, wanted: str | None, unread: str | None) -> Answer:
    """Judge a text: the values of a `Resolution` in their order, sentences and notes in French and in English.

    ``given`` is the code of its département, ``wanted`` the kind, ``unread`` what was given for a département.
    """
    typed = read(text, given)
    hits = exact_hits(typed, wanted)
    if not any(hit.placed and hit.fits and not hit.weak for hit in hits) and typed.reading != "other" and typed.rest:
        from prai_match.register._resolve._inexact_names import loose_hits  # noqa: PLC0415 - it loads NumPy

        hits += loose_hits(typed, wanted)
    judged = _judge(hits)
    return _answer(typed, judged, _reason(typed, judged), unread)


def _judge(hits: list[Hit]) -> Judged:
    ranks = sorted(hits, key=lambda hit: hit.rank) if len(hits) > 1 else hits
    fitting = [hit for hit in ranks if hit.placed and hit.fits]
    best = fitting[0] if fitting else None
    exact = best is not None and best.tier < NEAR
    firsts = [hit.answer for hit in fitting if best and hit.tier == best.tier and hit.bearer.form != "dissolved"]
    away = (hit for hit in hits if not hit.placed)
    rivals = (hit for hit in fitting if hit.tier in {CUT, CUT + WITHIN} or (hit.tier >= LONGER and not hit.weak))
    return Judged(
        best,
        len(set(firsts)) == 1,
        best is not None and NEAR <= best.tier < CUT and any(hit.answer != best.answer for hit in rivals),
        bool(ranks) and ranks[0].placed,
        not exact and any(hit.tier < 1 and hit.space == "p" and hit.bearer.form != "other" for hit in away),
        fitting if exact else ranks,
    )


def _of_the_area(typed: Typed) -> Choice:
    """Return the EPCI of the communes in the name of an intercommunality, those with the longest names first."""
    tokens = [word for word in typed.rest.split() if word not in listed("places", "around")]
    windows = [tokens[at : at + size] for at in range(len(tokens)) for size in range(1, _LONGEST + 1)]
    found = {
        (-len(name), epci)
        for name in {without_article(" ".join(window)) for window in windows}
        if typed.place and len(name) >= _SHORTEST
        for each in bearers(f"p:{name}")
        if typed.place in each.places and (epci := entry(index()[each.code, "commune"]).epci)
    }
    return [(code, "epci") for code in dict.fromkeys(epci for _, epci in sorted(found))][:_SHOWN]


def _reason(typed: Typed, judged: Judged) -> str:
    reading, best = typed.reading, judged.best
    whole = best is not None and best.probe.said in {typed.words, typed.whole}
    if best is None:
        return _reason_of_none(typed, judged)
    tier, form, kind, part = best.tier, best.bearer.form, best.out_kind, best.bearer.own_kind != best.out_kind
    near, part_kind = tier >= NEAR, best.bearer.own_kind if part else None
    official = tier < NEAR and form == "official" and whole and kind == "commune"
    as_a_name = best.probe.said == typed.whole != typed.words
    differ = typed.given and typed.inside and typed.given != typed.inside and not best.at_home and not as_a_name
    by_its_end = BESIDE <= tier < NEAR and typed.place and typed.place != beside(typed.words)[1]
    cases = {
        "organisation": reading == "other" and not (official and judged.single),
        "dissolved": form == "dissolved",
        "several_near": near and (not judged.single or judged.contested),
        "departements_differ": by_its_end or (judged.single and differ),
        "homonyms": not judged.single,
        "elsewhere": near and judged.elsewhere,
        "not_sure": best.weak,
        "pays": reading == "pays" and kind == "epci",
        "qualified": tier >= LONGER,
        "cut_short": tier >= CUT,
        "typo": near,
        "service": reading == "service" and not whole,
        "former_commune": part_kind == "former_commune",
        "part_of_commune": part,
        "other_name": form in {"renamed", "other"},
        "earlier_name": form == "earlier",
        "wording": (reading and not whole) or (kind in _WRITTEN_MANY_WAYS and not best.strict),
        "official_name": best.strict or (whole and tier < TIGHT),
        "spacing": tier >= TIGHT,
    }
    return next((reason for reason, is_so in cases.items() if is_so), "official_name")


def _reason_of_none(typed: Typed, judged: Judged) -> str:
    nothing = not judged.proposals
    cases = {
        "organisation": typed.reading == "other" or (typed.reading == "pays" and nothing),
        "nothing_written": nothing and not typed.rest,
        "unknown_epci": nothing and typed.reading in EPCI,
        "no_such_name": nothing,
        "elsewhere": not judged.here,
    }
    return next((reason for reason, is_so in cases.items() if is_so), "other_kind")


def _answer(typed: Typed, judged: Judged, reason: str, unread: str | None) -> Answer:
    status, best = wording()["statuses"][reason], judged.best
    code = name = kind = departement = None
    choice = judged.choice if status == "ambiguous" or reason == "dissolved" else []
    notes: dict[str, dict[str, str]] = {}  # what each needs to be written
    if status in _SCORES and best:
        own, same = best.bearer, best.bearer.own_kind == best.out_kind
        code, name, kind, departement = best.out, own.own_name if same else own.name, best.out_kind, own.departement
        notes |= {} if same else {"part": {"part": own.own_name, "name": name}}
        notes |= {"earlier": {"earlier": own.typed, "name": name}} if own.form == "renamed" else {}
        notes |= {"service": {}} if typed.reading == "service" else {}
    if reason == "unknown_epci":
        choice = _of_the_area(typed)
    if status == "unknown" and choice:
        notes[{"epci": "area", "region": "merged"}[choice[0][1]]] = {}
    if unread is not None:
        notes["unread"] = {"unread": unread}
    score = _SCORES.get(status, 0.0)
    if reason == "typo" and best:
        score = round(min(max(100 * (1 - best.probe.distance / max(len(typed.rest), 1)), 0.0), 99.0), 1)
    codes, kinds = zip(*choice, strict=True) if choice else ((), ())
    written = notes and [
        " ".join(text["notes"][note].format(**own) for note, own in notes.items()) for text in _texts()
    ]
    return (
        status, code, name, kind, departement, score, reason, codes, kinds, tuple(map(_labels().get, choice)),
        *(text["reasons"][reason] for text in _texts()), *(written or (None, None)),
    )  # fmt: skip


@cache
def _texts() -> list[dict[str, Any]]:
    return [messages("prai_match.register", "resolve", lang) for lang in LANGUAGES]


@cache
def _labels() -> dict[tuple[str, str], str]:
    """The name of each entity, with its département, by code and kind."""
    label = pl.coalesce(pl.format("{} ({})", "name", "departement"), "name")
    return {(code, kind): name for code, kind, name in table().select("code", "kind", label).rows()}
