"""The verdict on each text: its status, what it stands for and why."""

from __future__ import annotations

import polars as pl

from prai_match.register._data import table
from prai_match.register._resolve._area import of_the_area
from prai_match.register._resolve._decision import CUT, LONGER, NEAR, decide
from prai_match.register._resolve._inexact_names import loose_hits
from prai_match.register._resolve._matches import BESIDE, EPCI, TIGHT, beside, exact_hits
from prai_match.register._resolve._reading import read

__all__ = ["verdicts"]

_CHOICE = pl.List(pl.Struct({"code": pl.String, "kind": pl.String}))

_STATUS = {
    "official_name": "exact",
    **dict.fromkeys(
        (
            "spacing", "wording", "service", "former_commune", "part_of_commune", "other_name", "earlier_name",
            "qualified",
        ),
        "alias",
    ),
    **dict.fromkeys(("typo", "cut_short"), "fuzzy"),
    **dict.fromkeys(
        ("homonyms", "several_near", "not_sure", "elsewhere", "other_kind", "departements_differ", "pays"), "ambiguous"
    ),
    **dict.fromkeys(("nothing_written", "no_such_name", "dissolved", "unknown_epci"), "unknown"),
    "organisation": "not_a_collectivity_here",
}  # fmt: skip
_WRITTEN_MANY_WAYS = ("epci", "arrondissement_municipal")
_TAKEN = ("exact", "alias", "fuzzy")
_SCORES = {"exact": 100.0, "alias": 95.0, "fuzzy": 90.0}


def verdicts(asked: pl.DataFrame) -> pl.DataFrame:
    """Judge unique texts.

    Args:
        asked: ``id``, ``text``, ``given`` (code of a département or null) and ``wanted`` (a kind or null).

    Returns:
        One row a text, in their order, with the columns that `Resolutions` holds.
    """
    rows = read(asked.with_columns(pl.col("text").fill_null("")))
    rows = rows.with_columns(beside=beside(pl.col("words"))[1])
    hits = exact_hits(rows)
    settled = hits.filter("placed", "fits", ~pl.col("weak")).select("id").unique()
    unsettled = rows.join(settled, on="id", how="anti", maintain_order="left").filter(
        (pl.col("reading") != "other").fill_null(value=True), pl.col("rest") != ""
    )
    if unsettled.height:
        hits = pl.concat([hits, loose_hits(unsettled)])
    frame = rows.join(decide(hits), on="id", how="left", maintain_order="left")
    lost = frame.filter(pl.col("reading").is_in(EPCI), pl.col("candidates").is_null())
    frame = frame.join(of_the_area(lost), on="id", how="left", maintain_order="left")
    return _told(frame.with_columns(reason=_reason())).sort("id").drop("id")


def _reason() -> pl.Expr:
    reading, tier, form, kind = (pl.col(name) for name in ("reading", "tier", "form", "out_kind"))
    nothing = pl.col("candidates").is_null()
    whole = (pl.col("said") == pl.col("words")) | (pl.col("said") == pl.col("whole"))
    official = (tier < NEAR) & (form == "official") & whole & (kind == "commune")
    near = tier >= NEAR
    as_a_name = (pl.col("said") == pl.col("whole")) & (pl.col("whole") != pl.col("words"))
    differ = (pl.col("given") != pl.col("inside")) & ~pl.col("at_home") & ~as_a_name
    by_its_end = tier.is_between(BESIDE, NEAR, closed="left") & (pl.col("place") != pl.col("beside"))
    part = pl.col("own_kind") != kind
    named_so = pl.col("strict") | (whole & (tier < TIGHT))
    cases = [
        (
            "organisation",
            (reading == "other") & ~(official & pl.col("single")).fill_null(value=False)
            | (reading == "pays") & nothing,
        ),
        ("nothing_written", (pl.col("rest") == "") & nothing),
        ("unknown_epci", nothing & reading.is_in(EPCI)),
        ("no_such_name", nothing),
        ("dissolved", form == "dissolved"),
        ("elsewhere", ~pl.col("here")),
        ("other_kind", ~pl.col("fitting")),
        ("several_near", (~pl.col("single") | pl.col("contested")) & near),
        ("departements_differ", by_its_end),
        ("homonyms", ~pl.col("single")),
        ("departements_differ", differ),
        ("elsewhere", near & pl.col("elsewhere")),
        ("not_sure", pl.col("weak")),
        ("pays", (reading == "pays") & (kind == "epci")),
        ("qualified", tier >= LONGER),
        ("cut_short", tier >= CUT),
        ("typo", near),
        ("service", (reading == "service") & ~whole),
        ("former_commune", part & (pl.col("own_kind") == "former_commune")),
        ("part_of_commune", part),
        ("other_name", form.is_in(["renamed", "other"])),
        ("earlier_name", form == "earlier"),
        ("wording", (reading.is_not_null() & ~whole) | (kind.is_in(_WRITTEN_MANY_WAYS) & ~pl.col("strict"))),
        ("official_name", named_so),
        ("spacing", tier >= TIGHT),
    ]
    said = [pl.when(when).then(pl.lit(name)) for name, when in cases]
    return pl.coalesce(*said, pl.lit("official_name"))


def _told(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of the answers."""
    frame = frame.with_columns(status=pl.col("reason").replace_strict(_STATUS, return_dtype=pl.String))
    taken = pl.col("status").is_in(_TAKEN)
    same = pl.col("own_kind") == pl.col("out_kind")
    length = pl.col("rest").str.len_chars().clip(1)
    score = (
        pl.when(reason_is("typo")).then((100 * (1 - pl.col("distance") / length)).clip(0, 99).round(1))
        .otherwise(pl.col("status").replace_strict(_SCORES, default=0.0))
    )  # fmt: skip
    none = pl.lit([], _CHOICE)
    proposed = (
        pl.when(pl.col("status") == "ambiguous").then("candidates")
        .when(reason_is("dissolved")).then("candidates")
        .when(reason_is("unknown_epci")).then("area")
    )  # fmt: skip
    told = frame.select(
        "id",
        "status",
        pl.when(taken).then("out").alias("code"),
        pl.when(taken & same).then("own_name").when(taken).then("name").alias("name"),
        pl.when(taken).then("out_kind").alias("kind"),
        pl.when(taken).then("departement").alias("departement"),
        score.alias("score"),
        "reason",
        pl.when(taken & ~same).then("own_name").alias("part"),
        pl.when(taken & (pl.col("form") == "renamed")).then("typed").alias("earlier"),
        (taken & (pl.col("reading") == "service")).fill_null(value=False).alias("service"),
        proposed.fill_null(none).alias("proposed"),
    )
    return _with_candidates(told)


def reason_is(reason: str) -> pl.Expr:
    """Whether the reason is this one."""
    return pl.col("reason") == reason


def _with_candidates(told: pl.DataFrame) -> pl.DataFrame:
    """Write the candidates out in three lists: codes, kinds, names with their département."""
    known = table().select("code", "kind", shown=pl.col("name").fill_null(""), where="departement")
    lists = (
        told.filter(pl.col("proposed").list.len() > 0)
        .select("id", "proposed")
        .explode("proposed")
        .unnest("proposed")
        .join(known, on=["code", "kind"], how="left", maintain_order="left")
        .with_columns(shown=pl.concat_str("shown", pl.format(" ({})", "where").fill_null("")))
        .group_by("id", maintain_order=True)
        .agg(candidates="code", candidate_kinds="kind", candidate_names="shown")
    )
    return (
        told.drop("proposed")
        .join(lists, on="id", how="left")
        .with_columns(
            pl.col("candidates", "candidate_kinds", "candidate_names").fill_null(pl.lit([], pl.List(pl.String)))
        )
    )
