"""Texts of a plan: tables with names, from which all exports are written, and its months as lines of text."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import polars as pl

from prai_match import register
from prai_match._arguments import known_among
from prai_match.explain import Occasion, guests_of
from prai_match.model import Lang, kind_names, rooms
from prai_match.plan._conditions import names
from prai_match.plan._schedule import Schedule
from prai_match.recommend import replacements_of
from prai_match.text import counted, day, euros, masked, messages, number, plain, price, total

_COUNTS = ("territories", "elected", "technicians")


def table(plan: Schedule, lang: Lang) -> pl.DataFrame:
    texts = names(plan.inputs.programme, lang)
    came = plan.seats.group_by(id="session").agg(
        territories=pl.len().cast(pl.Int64), elected=pl.col("elected").sum(), technicians=pl.col("technicians").sum()
    )
    return (
        plan.sessions.join(_axes(plan, lang), on=["session", "axis"], how="left", maintain_order="left")
        .join(came, on="id", how="left", maintain_order="left")
        .with_columns(
            pl.col(*_COUNTS).fill_null(0),
            *(pl.col(code).replace(texts) for code in ("session", "host", "partner", "trainer")),
            axis="name",
        )
        .select("id", "date", "session", "axis", "host", "partner", "trainer", *_COUNTS, "cost", "booked")
    )


def sessions(plan: Schedule, lang: Lang) -> pl.DataFrame:
    """Return `table` with ``kind``, ``departement`` (name, of the host), ``status`` (in words) and ``host_id``."""
    texts, catalogue = messages("prai_match.plan", "exports", lang), plan.inputs.programme.catalogue
    names = kind_names(catalogue, texts["kinds"], lang)
    kinds = {session.id: names[session.kind] for session in catalogue.sessions}
    places = _places(plan).select(host_id="territory", departement="departement")
    rows = (
        table(plan, lang)
        .with_columns(
            plan.sessions["session"].replace_strict(kinds, default=None, return_dtype=pl.String).alias("kind"),
            plan.sessions["host"].alias("host_id"),
            status=pl.when("booked").then(pl.lit(texts["status"]["booked"])).otherwise(pl.lit(texts["status"]["new"])),
        )
        .join(places, on="host_id", how="left", maintain_order="left")
    )
    return rows.with_columns(
        masked(rows[name], lang) for name in ("kind", "session", "axis", "host", "partner", "trainer")
    )


def invitations(plan: Schedule, lang: Lang) -> pl.DataFrame:
    rows = sessions(plan, lang).select("id", "date", "kind", "session", "host").unique("id", keep="first")
    codes = plan.sessions.unique("id").select("id", code="session")
    axes = _axes(plan, lang).rename({"session": "code", "name": "axis_name"})
    seats = plan.seats.rename({"session": "id"})
    for on, columns in (("id", rows), ("id", codes), (["code", "axis"], axes), ("territory", _places(plan))):
        seats = seats.join(columns, on=on, how="left", maintain_order="left")
    seats = seats.sort("date", "id", "territory", nulls_last=True).select(
        *("id", "date", "kind", "session", "host", "territory", "name", "departement"),
        *(pl.col("axis_name").alias("axis"), "elected", "technicians", "km"),
    )
    return seats.with_columns(masked(seats[name], lang) for name in ("name", "axis"))


def _axes(plan: Schedule, lang: Lang) -> pl.DataFrame:
    rows = [
        (session.id, axis.id, plain(axis.name.get(lang)))
        for session in plan.inputs.programme.catalogue.sessions
        for axis in session.axes
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(("session", "axis", "name"), pl.String), orient="row")


def _places(plan: Schedule) -> pl.DataFrame:
    rows = [(one.id, plain(one.name), one.departement) for one in plan.inputs.programme.territories]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("territory", "name", "departement"), pl.String), orient="row")
    departements = {code: register.department(code) for code in frame["departement"].unique()}
    return frame.with_columns(pl.col("departement").replace(departements))


def occasion(plan: Schedule, id: str) -> Occasion:  # noqa: A002 - as the column
    """Return the subject of a session's brief: territories with a seat, and those registered before.

    Raises:
        UnknownCodeError: There is no such session, or its buffet or workshop, or its host, is unknown.
    """
    programme = plan.inputs.programme
    known_among("session of the plan", id, plan.sessions["id"])
    row = plan.sessions.filter(id=id).row(0, named=True)
    known_among("session", row["session"], [session.id for session in programme.catalogue.sessions])
    known_among("territory", row["host"], [territory.id for territory in programme.territories])
    return Occasion(
        programme=programme,
        snapshot=plan.inputs.snapshot,
        held=id,
        day=row["date"],
        guests=guests_of(programme, id, plan.seats.filter(session=id)),
        **{name: row[name] for name in ("booked", "session", "axis", "host", "partner", "trainer", "cost")},
    )


def replacements(plan: Schedule, lang: Lang) -> pl.DataFrame:
    snapshot, codes = plan.inputs.snapshot, names(plan.inputs.programme, lang)
    chosen = replacements_of(snapshot)
    seats = plan.seats.join(plan.sessions.select(session="id", code="session"), on="session")
    seated = {*seats.select("territory", "code").iter_rows()}
    rows = [
        (code, *(one.session, one.instead_of, one.date, one.why), (code, one.session) in seated, one.text(codes, lang))
        for code, one in zip(snapshot.frames.territories["territory"].gather([*chosen]), chosen.values(), strict=True)
    ]
    texts = dict.fromkeys(("territory", "session", "instead_of", "date", "why", "planned", "sentence"), pl.String)
    return pl.DataFrame(rows, schema={**texts, "date": pl.Date, "planned": pl.Boolean}, orient="row")


def choices(plan: Schedule, lang: Lang) -> tuple[str, ...]:
    """Say what officers chose, territory by territory, and whether it is in the plan."""
    words = messages("prai_match.plan", "plan", lang)["choice"]
    places = {one.id: plain(one.name) for one in plan.inputs.programme.territories}
    return tuple(
        words["planned" if planned else "waits"].format(name=places[code], sentence=plain(sentence))
        for code, sentence, planned in replacements(plan, lang).select("territory", "sentence", "planned").iter_rows()
    )


def text(plan: Schedule, lang: Lang) -> str:
    words = messages("prai_match.plan", "plan", lang)
    chosen = ["", words["choice"]["title"], *(f"- {line}" for line in own)] if (own := choices(plan, lang)) else []
    return "\n".join([*summary(plan, lang), *_lines(plan, words, lang), *chosen])


def summary(plan: Schedule, lang: Lang) -> tuple[str, ...]:
    words = messages("prai_match.plan", "plan", lang)
    heading = words["title"].format(start=day(plan.start, lang), end=day(plan.end, lang))
    status = words["status"][plan.status].format(gap=number(100 * plan.gap, 1, lang))
    advice = [words["advice"]] if plan.status == "at_once" else []
    lines = (_totals(plan, words["summary"], lang), *_assumptions(plan, words["summary"], lang), status, *advice)
    return heading, *(f"{line[0].upper()}{line[1:]}." for line in lines)


def registered(plan: Schedule, lang: Lang) -> dict[str, str]:
    """Say how many people are registered for each booked session, by identifier, as far as known."""
    words, every = messages("prai_match.plan", "plan", lang)["registered"], rooms(plan.inputs.programme)
    people = every["id", "registered"].iter_rows()
    return {code: words["unknown"] if count is None else counted(count, words, lang) for code, count in people}


def counts(row: dict[str, Any], lang: Lang) -> dict[str, str]:
    """Return the numbers of territories and people in a row, with their nouns; absent ones are left out."""
    forms = messages("prai_match.plan", "plan", lang)
    return {name: counted(row[name], forms[name], lang) for name in _COUNTS if name in row}


def _totals(plan: Schedule, words: dict[str, Any], lang: Lang) -> str:
    new, budget = plan.sessions.filter(~pl.col("booked")), plan.inputs.budget
    people = int(plan.seats.select((pl.col("elected") + pl.col("technicians")).sum()).item())
    served = counted(plan.seats.height, words["demands"], lang)
    left = "" if budget is None else euros(Decimal(str(budget)), lang, cents=False)
    parts = [
        counted(new.height, words["sessions"], lang),
        counted(plan.sessions.height - new.height, words["booked"], lang),
        words["of"].format(served=served, demands=number(plan.inputs.demands.height, 0, lang)),
        counted(people, words["people"], lang),
        words["cost" if budget is None else "left"].format(cost=total(new["cost"], lang), budget=left),
    ]
    return str(words["between"]).join(parts)


def _assumptions(plan: Schedule, words: dict[str, Any], lang: Lang) -> Iterator[str]:
    """Describe the assumptions on unknown costs, and what the remaining budget doesn't include."""
    inputs, fee = plan.inputs, plan.inputs.programme.assume_fee
    costs = plan.numbers.costs.filter(pl.col("cost").is_null(), pl.col("counted").is_not_null())["counted"]
    if costs.len() and fee is not None:
        amount = euros(Decimal(str(costs.sum())), lang, cents=False)
        yield counted(costs.len(), words["assumed"], lang).format(fee=euros(fee, lang), counted=amount)
    if inputs.budget is not None and inputs.unknown:
        yield counted(inputs.unknown, words["unknown"], lang)


def _lines(plan: Schedule, words: dict[str, Any], lang: Lang) -> Iterator[str]:
    texts, month, known = words["line"], None, registered(plan, lang)
    for row in table(plan, lang).iter_rows(named=True):
        if row["date"] is not None and row["date"].replace(day=1) != month:
            month = row["date"].replace(day=1)
            yield f"\n{day(month, lang).split(maxsplit=1)[1].capitalize()}"
        axis = "" if row["axis"] is None else f" ({row['axis']})"
        date = "-" if row["date"] is None else day(row["date"], lang)
        line = texts["session"].format(day=date, session=row["session"], axis=axis, host=row["host"])
        yield f"- {line}{texts['booked'].format(known[row['id']]) if row['booked'] else ''}"
        actors = [row[name] for name in ("partner", "trainer") if row[name] is not None]
        who = [texts["who"].format(**counts(row, lang))] if row["territories"] else []
        yield "    " + " – ".join([*who, *actors, price(row["cost"], lang)])
