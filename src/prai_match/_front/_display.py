"""How notebooks display programmes, recommendations (names in place of codes) and records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match._front import _programme, _recommendations, _record, _reproduction
from prai_match._later import Later
from prai_match.model import Lang, Period, session_names
from prai_match.recommend import Answers, Booking, Offer, Replacement
from prai_match.text import Block, Facts, Frame, Items, counted, day, display, euros, messages, number, price, shown

if TYPE_CHECKING:
    from prai_match import explain, io, register
else:
    explain, register = map(Later, (".explain", ".register"))

_ALTERNATIVE = pl.Schema(
    dict.fromkeys(("session", "host", "partner", "trainer"), pl.String())
    | {"day": pl.Date(), "cost": pl.Decimal(12, 2), "score": pl.Float64()}
)


@shown.register(_recommendations.Recommendations)
def recommendations(recs: _recommendations.Recommendations, lang: Lang) -> str:
    """Show how many territories have an offer, why the others have none, and the first rows."""
    texts = _texts(lang)
    words, none = texts["recommendations"], recs.without()
    missing = sum(none.values())
    counts = [counted(len(recs), words["all"], lang), counted(len(recs) - missing, words["offers"], lang)]
    counts += [counted(missing, words["without"], lang)] if missing else []
    reasons = tuple(
        words["times"].format(count=number(count, 0, lang), sentence=explain.reason_sentence(reason, recs.policy, lang))
        for reason, count in none.items()
    )
    return display(
        words["title"].format(programme=recs.programme.name.get(lang), day=day(recs.on, lang)),
        f"{', '.join(counts)}. {words['policy'].format(name=recs.policy.name.get(lang))}.",
        *([Items(reasons)] if reasons else []),
        Frame(words["caption"], in_words(recs, lang), texts["offer"], rest=".to_polars()"),
        lang=lang,
    )


def in_words(recs: _recommendations.Recommendations, lang: Lang) -> pl.DataFrame:
    """Return the table of the recommendations with names in place of codes; the session's name has its kind and axis.

    Columns: ``territory``, ``name``, ``departement``, ``session``, ``host`` (where it is held), ``partner``,
    ``trainer``, ``day``, ``cost`` (€), ``score`` and ``priority`` (0 to 100) and ``because`` (the main reason, or why
    there is no offer), null if there is none.
    """
    actors = pl.col("partner", "trainer").replace(recs.names(lang)).fill_null(_texts(lang)["booking"]["nobody"])
    sessions = session_names(recs.programme.catalogue, lang)
    keys = pl.DataFrame(
        [(*key, name) for key, name in sessions.items()],
        schema={"session": pl.String, "axis": pl.String, "said": pl.String},
        orient="row",
    )
    table, own = recs.to_polars(lang), explain.own_place(lang)
    places = [
        host and (explain.place(recs.answers, territory, host, lang, joins) or own)
        for territory, host, joins in table.select("territory", "host", "joins").iter_rows()
    ]
    return (
        table.with_columns(host=pl.Series(places, dtype=pl.String))
        .join(keys, on=["session", "axis"], how="left", nulls_equal=True, maintain_order="left")
        .select(
            *("territory", "name", "departement"),
            pl.col("said").alias("session"),
            "host",
            pl.when(pl.col("session").is_not_null()).then(actors),
            *("day", "cost", "score", "priority", "because"),
        )
    )


@shown.register(_recommendations.Recommendation)
def recommendation(rec: _recommendations.Recommendation, lang: Lang) -> str:
    """Show the offer or the reason, then the points, the conditions and the alternatives."""
    texts, answers, offer = _texts(lang), rec.answers, rec.next or rec.later
    close = ", ".join(answers.names[lang][each.session] for each in rec.equivalent)
    blocks: list[Block | None] = [
        explain.reason_sentence(rec.reason, answers.policy, lang) if rec.reason else None,
        rec.replacement.text(answers.names[lang], lang) if rec.replacement else None,
        answers.booked_text(rec.territory, lang),
        texts["offer"]["later"] if offer and not rec.next else None,
        _offer(offer, rec.territory, answers, lang) if offer else None,
        explain.informed(answers, rec.territory, offer, lang) if offer else None,
        texts["offer"]["equivalent"].format(sessions=close) if close else None,
        explain.pair_action(answers, rec.territory, lang),
        *explain.why_blocks(rec.why(lang)),
        _alternatives(rec, lang) if rec.alternatives else None,
    ]
    title = texts["named"].format(name=rec.name, code=rec.territory)
    return display(title, *(block for block in blocks if block), lang=lang)


@shown.register(Booking)
@shown.register(Replacement)
def beside_offer(fact: Booking | Replacement, lang: Lang) -> str:
    return display(fact.text(lang=lang), lang=lang)


def _offer(offer: Offer, territory: str, answers: Answers, lang: Lang) -> Facts:
    labels, names = _texts(lang)["offer"], answers.names[lang]
    way = " → ".join(names[session] for session in offer.pathway) if len(offer.pathway) > 1 else ""
    return Facts(
        (
            (labels["session"], session_names(answers.programme.catalogue, lang)[offer.session, offer.axis]),
            (labels["host"], explain.place(answers, territory, offer.host, lang, offer.joins)),
            (labels["partner"], answers.actor(offer.partner, lang)),
            (labels["trainer"], answers.actor(offer.trainer, lang)),
            (labels["booked_day" if offer.joins else "day"], day(offer.day, lang)),
            (labels["price"], price(offer.cost, lang)),
            (labels["score"], labels["of_100"].format(score=number(offer.score, 1, lang))),
            (labels["pathway"], way),
        )
    )


def _alternatives(rec: _recommendations.Recommendation, lang: Lang) -> Frame:
    answers, labels, sessions = rec.answers, _texts(lang)["offer"], session_names(rec.answers.programme.catalogue, lang)
    own = explain.own_place(lang)
    rows = [
        (
            sessions[o.session, o.axis],
            explain.place(answers, rec.territory, o.host, lang, o.joins) or own,
            *(answers.actor(o.partner, lang), answers.actor(o.trainer, lang), o.day, o.cost, o.score),
        )
        for o in rec.alternatives
    ]
    frame = pl.DataFrame(rows, schema=_ALTERNATIVE, orient="row")
    return Frame(labels["alternatives"], frame, labels, frame.height)


def _texts(lang: Lang) -> dict[str, Any]:
    return messages("prai_match", "display", lang)


_COUNTS = ("territories", "population", "partners", "sessions", "needs")
_BY_DEPARTEMENT = pl.Schema({"departement": pl.String(), **dict.fromkeys(_COUNTS, pl.Int64())})


@shown.register(_programme.Programme)
def programme(prog: _programme.Programme, lang: Lang) -> str:
    texts, report = _texts(lang), prog.load_report
    words = texts["programme"]

    def count(what: object) -> str:
        return number(len(what), 0, lang)  # type: ignore[arg-type]

    kinds = {"buffets": prog.catalogue.buffets, "workshops": prog.catalogue.workshops}
    facts = {
        "period": _period(prog.period, words, lang),
        "territories": words["of"].format(
            territories=count(prog.territories), collectivities=count(prog.collectivities)
        ),
        "catalogue": ", ".join(counted(len(sessions), words[kind], lang) for kind, sessions in kinds.items()),
        **{
            name: count(getattr(prog, name))
            for name in ("partners", "trainers", "sessions", "attendances", "needs", "decisions", "registrations")
        },
        "budget": euros(prog.budget.total, lang) if prog.budget else "",
        "blackouts": ", ".join(_period(blackout, words, lang) for blackout in prog.calendar.blackouts),
        "read": "" if report is None else _read(report, words, lang),
    }
    frame, labels = by_departement(prog), texts["departements"]
    return display(
        prog.name.get(lang),
        Facts(tuple((words[name], text) for name, text in facts.items())),
        Frame(labels["caption"], frame, labels, frame.height),
        lang=lang,
    )


def _period(period: Period, words: Mapping[str, Any], lang: Lang) -> str:
    return str(words["from_to"].format(start=day(period.start, lang), end=day(period.end, lang)))


def _read(report: io.LoadReport, words: Mapping[str, Any], lang: Lang) -> str:
    rest = counted(report.rejected, words["rejected"], lang) if report.rejected else words["accepted"]
    return "; ".join([f"{counted(report.read, words['rows'], lang)}, {rest}", *report.consequences(lang)])


def by_departement(prog: _programme.Programme) -> pl.DataFrame:
    """Return one row per département: its name and code, and counts of what it contains.

    Columns: ``departement``, ``territories``, ``population``, ``partners``, ``sessions`` and ``needs``.
    """
    hosts = {one.id: one.departement for one in prog.territories}
    collectivities = {one.code: one.departement for one in prog.collectivities}
    population: Counter[str] = Counter()
    for one in prog.territories:
        population[one.departement] += one.population
    counts = (
        Counter(hosts.values()),
        population,
        Counter(code for one in prog.partners for code in one.departements),
        Counter(map(hosts.get, prog.sessions.to_polars()["host"])),
        Counter(map(collectivities.get, prog.needs.to_polars()["collectivity"])),
    )
    rows = [(register.department_label(code), *(count[code] for count in counts)) for code in sorted(population)]
    return pl.DataFrame(rows, schema=_BY_DEPARTEMENT, orient="row")


@shown.register(Offer)
def offer(shown_offer: Offer, lang: Lang) -> str:
    return display("", _facts(shown_offer, lang), lang=lang)


@shown.register(_record.Answer)
def answer(recorded: _record.Answer, lang: Lang) -> str:
    return display("", _facts(recorded, lang), *_points(recorded, lang), lang=lang)


@shown.register(_record.Record)
def record(rec: _record.Record, lang: Lang) -> str:
    labels = _texts(lang)["record"]
    return display(
        labels["title"].format(name=rec.name, territory=rec.territory, day=day(rec.on, lang)),
        _facts(rec.answer, lang),
        Facts(((labels["fingerprint"], rec.fingerprint.short),)),
        *_points(rec.answer, lang),
        lang=lang,
    )


@shown.register(_reproduction.Reproduction)
def reproduction(result: _reproduction.Reproduction, lang: Lang) -> str:
    title, *parts = _reproduction.parts_of(result, lang)
    return display(str(title), *(part if isinstance(part, str) else Items(part) for part in parts), lang=lang)


def _facts(answer: Offer | _record.Answer, lang: Lang) -> Facts:
    labels = messages("prai_match.explain", "reproduction", lang)["answer"]
    words = {None: "", **{kind: name.lower() for kind, name in _texts(lang)["kinds"].items()}}
    return Facts(
        tuple((label, _reproduction.field_text(answer, name, 1, words, lang)) for name, label in labels.items())
    )


def _points(answer: _record.Answer, lang: Lang) -> tuple[Frame, ...]:
    texts = _texts(lang)["record"]
    rows = sorted(answer.contributions.items(), key=lambda item: (-item[1], item[0]))
    frame = pl.DataFrame(rows, schema={"rule": pl.String, "points": pl.Float64}, orient="row")
    return (Frame(texts["caption"], frame, texts, frame.height),) if rows else ()
