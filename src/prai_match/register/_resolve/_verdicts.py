"""The verdict on each text: its status, what it stands for and why."""

from __future__ import annotations

import polars as pl

from prai_match.register._data import table
from prai_match.register._names import without_article, without_surroundings, words_from
from prai_match.register._resolve._index import entities, names
from prai_match.register._resolve._inexact_names import loose_hits
from prai_match.register._resolve._matches import BESIDE, CUT, EPCI, LONGER, NEAR, TIGHT, WITHIN, beside, exact_hits
from prai_match.register._resolve._reading import read

_CHOICE = pl.List(pl.Struct({"code": pl.String, "kind": pl.String}))
_REASONS = {
    "exact": ("official_name",),
    "alias": (
        "spacing", "wording", "service", "former_commune", "part_of_commune", "other_name", "earlier_name", "qualified",
    ),
    "fuzzy": ("typo", "cut_short"),
    "ambiguous": (
        "homonyms", "several_near", "not_sure", "elsewhere", "other_kind", "departements_differ", "pays",
    ),
    "unknown": ("nothing_written", "no_such_name", "dissolved", "unknown_epci"),
    "not_a_collectivity_here": ("organisation",),
}  # fmt: skip
_STATUS = {reason: status for status, reasons in _REASONS.items() for reason in reasons}
_WRITTEN_MANY_WAYS = ("epci", "arrondissement_municipal")
_ACCEPTED = ("exact", "alias", "fuzzy")
_LONGEST, _SHORTEST, _SHOWN = 6, 4, 5  # words and bytes of a place's name within another, and places proposed
_SCORES = {"exact": 100.0, "alias": 95.0, "fuzzy": 90.0}


def verdicts(texts: pl.DataFrame) -> pl.DataFrame:
    """Judge unique texts, in their order, with the columns that `Resolutions` holds.

    They have ``id``, ``text``, ``given`` (code of a département or null) and ``wanted`` (a kind or null).
    """
    rows = read(texts.with_columns(pl.col("text").fill_null("")))
    rows = rows.with_columns(beside=beside(pl.col("words"))[1])
    hits = exact_hits(rows)
    sure = hits.filter("placed", "fits", ~pl.col("weak")).select("id").unique()
    rest = rows.join(sure, on="id", how="anti", maintain_order="left").filter(
        (pl.col("reading") != "other").fill_null(value=True), pl.col("rest") != ""
    )
    if rest.height:
        hits = pl.concat([hits, loose_hits(rest)])
    frame = rows.join(_decide(hits), on="id", how="left", maintain_order="left")
    lost = frame.filter(pl.col("reading").is_in(EPCI), pl.col("candidates").is_null())
    frame = frame.join(_of_the_area(lost), on="id", how="left", maintain_order="left")
    return _answers(frame.with_columns(reason=_reason())).sort("id").drop("id")


def _decide(hits: pl.DataFrame) -> pl.DataFrame:
    """Judge the hits of each text (see `as_hits`), by ``id``: accepted only where one answer alone remains.

    A row has the best hit's columns (null where no hit lies in the right place and is of the right kind), ``single``
    (its tier has one answer), ``contested`` (a name near to it has another answer), ``elsewhere`` (the exact name is
    borne in another département), ``here`` and ``fitting`` (some hit lies in the right place; and is of the right
    kind), ``candidates`` (code and kind, the likeliest first).
    """
    order: list[pl.Expr | str] = ["tier", "distance", ~pl.col("strict"), pl.col("form") != "official", "out"]
    ranks = hits.sort("id", ~pl.col("placed"), ~pl.col("fits"), *order)
    fitting = ranks.filter("placed", "fits")
    best = fitting.filter(pl.col("tier") == pl.col("tier").min().over("id"), pl.col("form") != "dissolved")
    answer = pl.struct("out", "out_kind")
    best_hits = fitting.unique("id", keep="first", maintain_order=True).drop("placed", "fits")
    answers = best.group_by("id").agg(single=answer.n_unique() == 1)
    first = answer.first().over("id")
    rivals = pl.col("tier").is_in([CUT, CUT + WITHIN]) | ((pl.col("tier") >= LONGER) & ~pl.col("weak"))
    rivals = (answer != first) & rivals & (pl.col("tier").first().over("id") < CUT)
    rival_answers = fitting.filter(rivals).select("id", contested=pl.lit(value=True)).unique()
    exact = fitting.filter(pl.col("tier") < NEAR).select("id").unique()
    elsewhere = (
        hits.join(exact, on="id", how="anti")
        .filter(~pl.col("placed"), pl.col("tier") < 1, pl.col("space") == "p", pl.col("form") != "other")
        .select("id", elsewhere=pl.lit(value=True))
        .unique()
    )
    proposals = (
        ranks.join(exact.with_columns(exact=pl.lit(value=True)), on="id", how="left")
        .filter(pl.col("exact").is_null() | (pl.col("placed") & pl.col("fits")))
        .with_columns(pl.coalesce("successors", pl.concat_list("out")).alias("code"), pl.col("out_kind").alias("kind"))
    )
    candidates = (
        proposals.explode("code")
        .unique(["id", "code", "kind"], keep="first", maintain_order=True)
        .group_by("id", maintain_order=True)
        .agg(
            pl.struct("code", "kind").head(_SHOWN).alias("candidates"),
            here=pl.col("placed").any(),
            fitting=(pl.col("placed") & pl.col("fits")).any(),
        )
    )
    for more in (best_hits, answers, rival_answers, elsewhere):
        candidates = candidates.join(more, on="id", how="left", maintain_order="left")
    return candidates.with_columns(pl.col("single", "contested", "elsewhere").fill_null(value=False))


def _of_the_area(rows: pl.DataFrame) -> pl.DataFrame:
    """The EPCI of the communes that names of intercommunalities are made of, in the département of each.

    By ``id``, ``area`` has their code and kind, those of the longest names first.
    """
    tokens = without_surroundings(pl.col("rest")).str.split(" ")
    texts = rows.drop_nulls("place").select("id", at="place", tokens=tokens)
    windows = (
        texts.with_columns(start=pl.int_ranges(0, pl.col("tokens").list.len()))
        .explode("start")
        .with_columns(size=pl.lit(list(range(1, _LONGEST + 1))))
        .explode("size")
        .filter(pl.col("start") + pl.col("size") <= pl.col("tokens").list.len())
        .with_columns(name=without_article(words_from(pl.col("tokens"), pl.col("start"), pl.col("size"))))
        .filter(pl.col("name").str.len_bytes() >= _SHORTEST)
        .with_columns(key=pl.lit("p:") + pl.col("name"))
    )
    epcis = table().filter(kind="commune").select("code", pl.col("epci")).drop_nulls()
    communes = (
        names().join(entities().select("entity", "code", "kind", "places"), on="entity").filter(kind="commune")
        .join(epcis, on="code").select("key", "epci", at="places").explode("at").unique()
    )  # fmt: skip
    places = windows.join(communes, on=["key", "at"]).sort("id", -pl.col("name").str.len_bytes().cast(pl.Int32), "epci")
    unique = places.unique(["id", "epci"], keep="first", maintain_order=True).group_by("id", maintain_order=True)
    return unique.agg(area=pl.struct(code="epci", kind=pl.lit("epci")).head(_SHOWN))


def _reason() -> pl.Expr:
    reading, tier, form, kind = (pl.col(name) for name in ("reading", "tier", "form", "out_kind"))
    nothing = pl.col("candidates").is_null()
    whole = (pl.col("said") == pl.col("words")) | (pl.col("said") == pl.col("whole"))
    official = (tier < NEAR) & (form == "official") & whole & (kind == "commune")
    is_place = (official & pl.col("single")).fill_null(value=False)
    near = tier >= NEAR
    as_a_name = (pl.col("said") == pl.col("whole")) & (pl.col("whole") != pl.col("words"))
    differ = (pl.col("given") != pl.col("inside")) & ~pl.col("at_home") & ~as_a_name
    by_its_end = tier.is_between(BESIDE, NEAR, closed="left") & (pl.col("place") != pl.col("beside"))
    part = pl.col("own_kind") != kind
    cases = [
        ("organisation", (reading == "other") & ~is_place | (reading == "pays") & nothing),
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
        ("official_name", pl.col("strict") | (whole & (tier < TIGHT))),
        ("spacing", tier >= TIGHT),
    ]
    return pl.coalesce(*(pl.when(when).then(pl.lit(name)) for name, when in cases), pl.lit("official_name"))


def _answers(frame: pl.DataFrame) -> pl.DataFrame:
    frame = frame.with_columns(status=pl.col("reason").replace_strict(_STATUS, return_dtype=pl.String))
    is_accepted = pl.col("status").is_in(_ACCEPTED)
    same = pl.col("own_kind") == pl.col("out_kind")
    length = pl.col("rest").str.len_chars().clip(1)
    score = (
        pl.when(pl.col("reason") == "typo").then((100 * (1 - pl.col("distance") / length)).clip(0, 99).round(1))
        .otherwise(pl.col("status").replace_strict(_SCORES, default=0.0))
    )  # fmt: skip
    choice = (
        pl.when(pl.col("status") == "ambiguous").then("candidates")
        .when(pl.col("reason") == "dissolved").then("candidates")
        .when(pl.col("reason") == "unknown_epci").then("area")
    )  # fmt: skip
    return _with_candidates(
        frame.select(
            "id",
            "status",
            "reason",
            score=score,
            code=pl.when(is_accepted).then("out"),
            name=pl.when(is_accepted & same).then("own_name").when(is_accepted).then("name"),
            kind=pl.when(is_accepted).then("out_kind"),
            departement=pl.when(is_accepted).then("departement"),
            part=pl.when(is_accepted & ~same).then("own_name"),
            earlier=pl.when(is_accepted & (pl.col("form") == "renamed")).then("typed"),
            service=(is_accepted & (pl.col("reading") == "service")).fill_null(value=False),
            proposed=choice.fill_null(pl.lit([], _CHOICE)),
        )
    )


def _with_candidates(answers: pl.DataFrame) -> pl.DataFrame:
    entries = table().select("code", "kind", shown=pl.col("name").fill_null(""), where="departement")
    lists = (
        answers.filter(pl.col("proposed").list.len() > 0)
        .select("id", "proposed")
        .explode("proposed")
        .unnest("proposed")
        .join(entries, on=["code", "kind"], how="left", maintain_order="left")
        .with_columns(shown=pl.concat_str("shown", pl.format(" ({})", "where").fill_null("")))
        .group_by("id", maintain_order=True)
        .agg(candidates="code", candidate_kinds="kind", candidate_names="shown")
    )
    names = pl.col("candidates", "candidate_kinds", "candidate_names")
    rows = answers.drop("proposed").join(lists, on="id", how="left")
    return rows.with_columns(names.fill_null(pl.lit([], pl.List(pl.String))))
