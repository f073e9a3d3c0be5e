"""Comparison of two answers: which territories differ, how each side's rules judge an offer, and what changed.

The sentences of causes are in ``data/difference.toml``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from prai_match import _words, recommend
from prai_match.model import Lang
from prai_match.offers import NONE, AssessedOffer, Assessment, candidates, sessions_of
from prai_match.text import counted, current_language, messages

# How a territory's answer differs. ``entered``, ``left``: it is in only one answer. ``gained``, ``lost``: it has a
# recommendation in only one. ``reason``: it has none in both, for different reasons. ``session``, ``axis``, ``host``,
# ``joins``, ``partner``, ``trainer``: the first of these that differs. ``replacement``: what an officer chose instead.
# ``details``: only the score, the cost or the day. ``priority``: only the priority of the territory.
Change = Literal[
    "entered", "left", "gained", "lost", "reason", "session", "axis", "host", "joins", "partner", "trainer",
    "replacement", "details", "priority",
]  # fmt: skip
SIDES = ("before", "after")
IDENTITY = ("session", "axis", "host", "joins", "partner", "trainer")  # the fields that identify an offer
_DETAILS = ("score", "cost", "day")
_FIELDS = ("reason", *IDENTITY, "replacement", *_DETAILS, "priority")


def differences(before: recommend.Answers, after: recommend.Answers) -> pl.DataFrame:
    """Return one row for each territory whose answer differs, in the order of the identifiers.

    Columns: ``territory``, ``name``, ``change`` and, each with the suffix ``_before`` and ``_after``, ``reason``,
    ``session``, ``axis``, ``host``, ``joins``, ``partner``, ``trainer``, ``replacement`` (an officer's choice),
    ``score``, ``cost``, ``day`` and ``priority``.
    """
    both = _sheet(before, "_before").join(_sheet(after, "_after"), on="territory", how="full", coalesce=True)
    differs = {name: pl.col(f"{name}_before").ne_missing(pl.col(f"{name}_after")) for name in ("here", *_FIELDS)}
    had, has = (pl.col(f"reason_{side}").is_null() for side in SIDES)
    changes = {
        "entered": pl.col("here_before").is_null(),
        "left": pl.col("here_after").is_null(),
        "gained": has & ~had,
        "lost": had & ~has,
        **{name: differs[name] for name in ("reason", *IDENTITY, "replacement")},
        "details": pl.any_horizontal(differs[name] for name in _DETAILS),
        "priority": pl.lit(value=True),
    }
    return (
        both.filter(pl.any_horizontal(differs.values()))
        .sort("territory")
        .select(
            "territory",
            pl.coalesce("name_after", "name_before").alias("name"),
            pl.coalesce(pl.when(holds).then(pl.lit(change)) for change, holds in changes.items()).alias("change"),
            *(f"{name}_{side}" for name in _FIELDS for side in SIDES),
        )
    )


def _sheet(side: recommend.Answers, suffix: str) -> pl.DataFrame:
    reasons = pl.DataFrame(list(side.reasons.items()), schema={"t": pl.UInt32, "reason": pl.String}, orient="row")
    offers = side.first.select("t", *IDENTITY, "score", pl.col("cost").cast(pl.Decimal(12, 2)), "day")
    return (
        side.territories.select("t", "territory", pl.col("territory_name").alias("name"), here=pl.lit(value=True))
        .with_columns(priority=side.priorities.totals)
        .join(offers, on="t", how="left", maintain_order="left")
        .join(reasons, on="t", how="left", maintain_order="left")
        .join(side.snapshot.replacements.select("t", replacement="replaced_by"), on="t", how="left")
        .drop("t")
        .rename(lambda name: name if name == "territory" else name + suffix)
    )


@dataclass(frozen=True, slots=True)
class Ruling:
    """The judgement of an offer by the rules of one side, with the values that they read in ``row``.

    ``refuting`` lists the requirements that don't hold, in the order of the policy; the points are by preference,
    without those that need a missing partner or trainer. ``host`` judges the same session offered to the host itself,
    at its own place; None if the territory is the host.
    """

    row: AssessedOffer
    refuting: tuple[str, ...]
    points: Mapping[str, float]
    host: "Ruling | None" = None


def rulings(side: recommend.Answers, offers: pl.DataFrame) -> dict[tuple[str, str], Ruling]:
    """Judge offers by the rules of one side, by territory and ``which`` (a name of the offer within the territory).

    Offers also have ``session``, ``host``, ``joins``, ``partner`` and ``trainer``; the axis is the one that the needs
    of this side choose. Offers whose territory, host or session this side doesn't have are left out.
    """
    frames, policy = side.snapshot.frames, side.policy
    guests = offers.filter(pl.col("host") != pl.col("territory"), pl.col("joins").is_null())
    held = frames.held.select(joins="id").with_row_index("b").with_columns(pl.col("b").cast(pl.Int64))
    hosts = guests.with_columns(territory="host", which=pl.format("{} {}", "which", "territory"))
    numbers = (
        pl.concat([offers, hosts], how="diagonal")
        .select("territory", "which", "session", "host", "joins", "partner", "trainer")
        .join(frames.territories.select("territory", "t"), on="territory")
        .join(frames.territories.select(host="territory", h="t"), on="host")
        .join(frames.sessions.select("session", "s"), on="session")
        .join(held, on="joins", how="left")
        .with_columns(pl.col("b").fill_null(NONE))
        .join(frames.partners.select("partner", "p"), on="partner", how="left")
        .join(frames.trainers.select("trainer", "r"), on="trainer", how="left")
    )
    numbers = numbers.join(sessions_of(side.snapshot, numbers["t"].unique()), on=["t", "s"])
    judgement = Assessment(policy, candidates(side.snapshot, numbers, policy))
    there = {"session": "s", "place": "h", "partner": "p", "trainer": "r"}
    every = {
        (territory, which): Ruling(
            offer,
            tuple(
                rule.id
                for rule in policy.requirements
                if offer.number(there[rule.stage]) != NONE and not offer.holds(rule.id)
            ),
            {rule.id: offer.points(rule.id) for rule in policy.preferences if offer.number(there[rule.stage]) != NONE},
        )
        for territory, which, offer in zip(numbers["territory"], numbers["which"], judgement, strict=True)
    }
    for territory, which, host in guests.select("territory", "which", "host").iter_rows():
        if (territory, which) in every:
            every[territory, which] = replace(every[territory, which], host=every.pop((host, f"{which} {territory}")))
    return every


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of a difference.

    Attributes:
        kind: ``satisfied`` or ``refuted`` (a requirement that now holds, or no longer holds), ``points`` (a preference
            whose points in the score changed), ``priority`` (a preference whose points in the territory's priority
            changed) or ``fact`` (the data, the day, the policy or the nearest host differ).
        code: The rule, or the sort of fact (``trainer_removed``, ``need_added``, ``nearer``…).
        subject: The session that the rule judges, or the identifier that the fact is about; None for the programme.
        before: The points, weight, setting or count before; None if there is none.
        after: The points, weight, setting or count after; None if there is none.
        fr: The sentence in French.
        en: The sentence in English.

    Example:
        >>> cause = Cause("points", "equity", "sig", 4.0, 6.5, "Le poids change.", "The weight changes.")
        >>> cause.moved, cause.sentence("en")
        (2.5, 'The weight changes.')
    """

    kind: Literal["satisfied", "refuted", "points", "priority", "fact"]
    code: str
    subject: str | None
    before: float | None
    after: float | None
    fr: str
    en: str

    @property
    def moved(self) -> float:
        """The value after minus the value before."""
        return (self.after or 0.0) - (self.before or 0.0)

    def sentence(self, lang: Lang) -> str:
        """Return the sentence in ``lang``."""
        return self.fr if current_language(lang) == "fr" else self.en


def fact(
    code: str,
    subject: str | None,
    /,
    *,
    numbers: tuple[float | None, float | None] = (None, None),
    **parts: str | Mapping[Lang, str],
) -> Cause:
    """Return a fact, with the ``numbers`` before and after if it has any; its sentence is filled in with its parts."""
    sentence = _words.filled(_words.catalogue("prai_match.explain", "difference")["said"][code], parts)
    return Cause("fact", code, subject, *numbers, sentence["fr"], sentence["en"])


def sentence(part: str, key: str, lang: Lang, **values: object) -> str:
    """Fill in the text ``key`` of a part of the file; values are never interpreted as formats."""
    return str(messages("prai_match.explain", "difference", lang)[part][key]).format_map(values)


def several(part: str, key: str, count: int, lang: Lang) -> str:
    return counted(count, messages("prai_match.explain", "difference", lang)[part][key], lang)


def in_quotes(name: str, lang: Lang) -> str:
    return sentence("inside", "quoted", lang, value=name)
