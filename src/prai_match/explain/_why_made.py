"""The explanation of what is chosen for a territory, in sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.explain._why import Condition, Why, conditions, contributions, reason_sentence
from prai_match.offers import stopped
from prai_match.policy import STAGES
from prai_match.text import number as written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.model import Lang
    from prai_match.policy import Stage
    from prai_match.recommend import Answers

_NOTHING = {"fr": "{territory} : {reason}", "en": "{territory}: {reason}"}

_TITLES = {
    "fr": "{territory} : {session} ; relais : {partner} ; intervenant : {trainer} ; au plus tôt le {day} ;"
    " {cost} (score : {score} sur 100)",
    "en": "{territory}: {session}; relay: {partner}; trainer: {trainer}; from {day}; {cost} (score: {score} of 100)",
}


_EUROS: dict[Lang, str] = {"fr": "{} €", "en": "€{}"}
_UNKNOWN: dict[Lang, str] = {"fr": "coût inconnu", "en": "cost unknown"}


def why(answers: Answers, territory: str, lang: Lang) -> Why:
    """Explain the best offer of a territory, or what stops its sessions (see `Recommendation.why`).

    Raises:
        UnknownCodeError: There is no such territory here.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> from prai_match.recommend import recommend
        >>> why(recommend(Programme.example(), dt.date(2007, 9, 3)), "200066231", "en").details[0].rule
        'follow_up'
    """
    number, policy, names = answers.number(territory), answers.policy, answers.names[lang]
    _, offers = answers.offers_of(number)
    reason = answers.reasons.get(number)
    said = "" if reason is None else reason_sentence(reason, policy, lang)
    if offers is None:
        name = answers.snapshot.frames.territories["territory_name"][number]
        stopping = _stopping(answers, number, reason or "", lang)
        return Why(lang, _NOTHING[lang].format(territory=name, reason=said), (), stopping)
    row = offers.row(0, named=True)
    title = f"{said} {_title(row, names, lang)}".lstrip()
    details = contributions(row, offers[0], policy, lang)
    return Why(lang, title, details, conditions(row, offers[0], policy, lang, STAGES))


def _stopping(answers: Answers, number: int, reason: str, lang: Lang) -> tuple[Condition, ...]:
    """Return for each session of a territory the requirements that stop it, or the reason given further on."""
    policy, names = answers.policy, answers.names[lang]
    frame = stopped(answers.snapshot, pl.DataFrame({"t": [number]}, schema={"t": pl.UInt32}))
    colon = " : " if lang == "fr" else ": "
    found: list[Condition] = []
    for index, row in enumerate(frame.iter_rows(named=True)):
        refused = [
            condition for condition in conditions(row, frame[index], policy, lang, ("session",)) if not condition.holds
        ]
        if not refused:
            stage: Stage = next((rule.stage for rule in policy.requirements if rule.reason == reason), "trainer")
            sentence = reason_sentence(reason, policy, lang)
            refused = [Condition(reason, stage, "refuted", holds=False, sentence=sentence)]
        name = names[row["session"]] + colon
        found += [replace(condition, sentence=name + condition.sentence) for condition in refused]
    return tuple(found)


def _title(row: Mapping[str, Any], names: Mapping[str, str], lang: Lang) -> str:
    """Say one offer in a sentence."""
    day = row["day"]
    return _TITLES[lang].format_map(
        {
            "territory": row["territory_name"],
            "session": names[row["session"]],
            "partner": names[row["partner"]],
            "trainer": names[row["trainer"]],
            "day": f"{day:%d/%m/%Y}" if lang == "fr" else day.isoformat(),
            "cost": _UNKNOWN[lang] if row["cost"] is None else _EUROS[lang].format(written(row["cost"], 2, lang)),
            "score": written(row["score"], 1, lang),
        }
    )
