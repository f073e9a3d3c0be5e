"""What a notice says of one recommendation, gathered from the programme, the day and the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match import register
from prai_match.explain._notice import AppliedPreference, DataSource, NamedOffer, Notice
from prai_match.explain._why import why
from prai_match.needs import lexicon_of
from prai_match.text import counted, current_language, day, euros, messages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.explain._fingerprint import Fingerprint
    from prai_match.model import Lang, ProgrammeData, Territory
    from prai_match.offers import Snapshot
    from prai_match.recommend import Answers

_DIGITS = 12
"""Of a digest, enough for people to compare."""


def notice(answers: Answers, territory: str, fingerprint: Fingerprint, *, lang: Lang, service: str) -> Notice:
    """Return the notice of what is chosen for a territory (see `Recommendation.notice`)."""
    programme, policy, choice = answers.programme, answers.policy, answers.choice(territory)
    reasons = why(answers, territory, current_language(lang))
    names, axes = answers.names[lang], _axes(programme, lang)
    offers = (*([choice.next] if choice.next else []), *choice.alternatives)
    return Notice(
        lang=lang,
        territory=territory,
        name=choice.name,
        programme=programme.name.get(lang),
        policy=policy.name.get(lang),
        on=answers.on,
        service=service,
        result=reasons.title,
        sources=_sources(territory, programme, answers.snapshot, fingerprint.parts, lang),
        conditions=reasons.conditions,
        parameters=tuple(
            AppliedPreference(d.rule, d.sentence, policy.preference(d.rule).weight, d.points, d.out_of)
            for d in reasons.details
        ),
        sessions=len(programme.catalogue.sessions),
        kept=tuple(
            NamedOffer(
                names[offer.session],
                axes[offer.session, offer.axis] if offer.axis else "",
                names[offer.partner],
                names[offer.trainer],
                offer.score,
                offer.cost,
                offer.earliest,
            )
            for offer in offers
        ),
        fingerprint=fingerprint,
    )


def _axes(programme: ProgrammeData, lang: Lang) -> dict[tuple[str, str], str]:
    return {(s.id, axis.id): axis.name.get(lang) for s in programme.catalogue.sessions for axis in s.axes}


def _sources(
    code: str, programme: ProgrammeData, snapshot: Snapshot, parts: Mapping[str, str], lang: Lang
) -> tuple[DataSource, ...]:
    """Return what was processed for a territory, and where it comes from."""
    said = messages("prai_match.explain", "notice", lang)["data"]
    p, used, own = programme, said["used"], said["kept"].format(programme=programme.name.get(lang))
    (territory,) = (t for t in p.territories if t.id == code)

    def count(**counts: int) -> str:
        return ", ".join(counted(number, used[name], lang) for name, number in counts.items())

    told = {
        **_history(territory, p, snapshot, used, lang),
        "territories": count(population=territory.population, members=len(territory.members)),
        "sessions": count(sessions=snapshot.held.height),
        "catalogue": count(catalogue=len(p.catalogue.sessions)),
        "partners": count(partners=sum(territory.departement in partner.departements for partner in p.partners)),
        "trainers": count(trainers=len(p.trainers)),
        "calendar": count(blackouts=len(p.calendar.blackouts), elections=len(p.calendar.elections)),
        "budget": used["budget"].format(total=euros(p.budget.total, lang)) if p.budget else used["unlimited"],
    }
    if snapshot.extra is not None:
        told["extra"] = count(extra=snapshot.extra.width - 1)
    lexicon = own if p.catalogue.lexicon else f"prai_match {parts['library']}"
    about = register.about()
    origin = "; ".join((f"{about.source} {about.version}", about.places, *about.licences, about.attribution))
    return (
        *(DataSource(name, text, own, parts[name][:_DIGITS]) for name, text in told.items()),
        DataSource("lexicon", used["lexicon"], f"{lexicon_of(p).name}, {lexicon}", parts["lexicon"][:_DIGITS]),
        DataSource("register", used["register"].format(vintage=about.vintage), origin, parts["register"]),
    )


def _history(
    territory: Territory, programme: ProgrammeData, snapshot: Snapshot, used: dict[str, Any], lang: Lang
) -> dict[str, str]:
    """Say how many needs and attendances of a territory are known on the day, and of when the latest is."""
    known = (pl.col("collectivity").is_in(territory.members), pl.col("date") <= snapshot.on)
    needs = programme.needs.to_polars().filter(*known).sort("date")
    came = programme.attendances.to_polars().filter(*known).sort("date")
    number = snapshot.frames.territories.filter(territory=territory.id).select("t")
    counts: dict[str, dict[str, int]] = {
        "needs": {"needs": needs.height, "read": snapshot.needs.join(number, on="t", how="semi").height},
        "attendances": {
            "attendances": came.height,
            **{name: int(came[name].sum()) for name in ("elected", "technicians")},
        },
    }
    said = {name: [counted(n, used[what], lang) for what, n in parts.items()] for name, parts in counts.items()}
    for name, latest, rows in (("needs", "latest_need", needs), ("attendances", "latest_attendance", came)):
        if rows.is_empty():
            del said[name][1:]
        else:
            said[name].append(used[latest].format(day=day(rows["date"][-1], lang)))
    return {name: ", ".join(texts) for name, texts in said.items()}
