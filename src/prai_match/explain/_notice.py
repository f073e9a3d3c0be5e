"""The notice that French law requires when an algorithm contributes to an individual administrative decision.

The four numbered parts are those of article R. 311-3-1-2 of the *code des relations entre le public et
l'administration*; the mention is that of its articles L. 311-3-1 and R. 311-3-1-1.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from prai_match import _version, offers, register
from prai_match.explain._fingerprint import DIGITS, VERSIONS, Fingerprint
from prai_match.explain._formulas import AppliedFormula, applied_formulas
from prai_match.explain._place import informed, own_place, pair_action, place
from prai_match.explain._why import Condition, state_key, why
from prai_match.model import Lang, ProgrammeData, Territory
from prai_match.needs import lexicon_of
from prai_match.policy import weight
from prai_match.recommend import EQUIVALENT, Answers
from prai_match.text import (
    Code,
    Document,
    Items,
    Section,
    Table,
    Written,
    counted,
    day,
    euros,
    masked,
    messages,
    number,
    price,
)


@dataclass(frozen=True, slots=True)
class DataSource:
    """Data that were processed, and their source.

    Attributes:
        data: Name of the data: ``needs``, ``attendances``…
        used: The part of these data that concerns the territory.
        source: Their holder, licence and date.
        fingerprint: First digits of their digest, or their version.

    Example:
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend("2007-09-03")["200066231"]
        >>> [source.data for source in rec.notice("en").sources][:3]
        ['needs', 'attendances', 'decisions']
    """

    data: str
    used: str
    source: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class AppliedPreference:
    """A preference as it was applied.

    Attributes:
        rule: Identifier of the rule.
        sentence: The rule with the values of the territory.
        weight: Its weight.
        points: Points given.
        out_of: Maximum number of points.

    Example:
        >>> from prai_match import Programme
        >>> parameter = Programme.example().recommend("2007-09-03")["200066231"].notice("en").parameters[0]
        >>> parameter.rule, parameter.points <= parameter.out_of
        ('follow_up', True)
    """

    rule: str
    sentence: str
    weight: float
    points: float
    out_of: float


@dataclass(frozen=True, slots=True)
class NamedOffer:
    """A session among those kept, with names in place of codes.

    Attributes:
        session: Name of the session.
        axis: Name of the axis; empty for the common core.
        host: The other territory where it is held, its distance, and whether it is booked there; empty if the session
            is held at the territory's own place.
        partner: Name of the relay partner; for a booked session without one, a text saying that none is named.
        trainer: Organisation and role of the trainer; for a booked session without one, a text saying so.
        score: Score from 0 to 100.
        cost: Cost in euros; None if unknown.
        day: First day on which it can be held; the day of a booked session.

    Example:
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend("2007-09-03")["200066231"]
        >>> rec.notice("en").kept[0].session, rec.notice("en").kept[0].cost == rec.cost
        ('Paperless procedures', True)
    """

    session: str
    axis: str
    host: str
    partner: str
    trainer: str
    score: float
    cost: Decimal | None
    day: dt.date


@dataclass(frozen=True, slots=True)
class Notice(Written):
    """How the algorithm contributed to one recommendation, for the people concerned.

    Attributes:
        lang: Language of the notice.
        territory: Identifier of the territory.
        name: Its name.
        programme: Name of the programme.
        policy: Name of the policy.
        on: Day of the recommendation.
        service: The service that requests are sent to; if empty, the service that takes the decision.
        result: What is recommended, or the reason why nothing is.
        inform: A sentence that names the relays of the territory's département to inform if the session is held in
            another département; empty if there are none.
        replacement: A sentence on what an officer chose instead; empty if nothing.
        booked: A sentence on the booked sessions that it hosts or is registered for; empty if none.
        action: A sentence on who else to invite, an elected official or a technician; empty if nobody.
        sources: Data processed and their sources (part 2).
        conditions: Requirements as applied (part 3).
        parameters: Preferences with weights and points, the most points first (part 3).
        priority: Preferences that give the territory its priority, the most points first (part 3).
        expressions: The expression of each of these rules, as written in the policy (part 3).
        formulas: How each figure that these rules read was computed, with its value (part 3).
        sessions: Number of sessions considered (part 4).
        kept: Sessions kept, best first (part 4).
        fingerprint: Fingerprint of the inputs of the answer.

    Example:
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend("2007-09-03")["200034064"]
        >>> notice = rec.notice("en", service="Région, Direction de la formation")
        >>> notice.name, notice.sessions, len(notice.kept)
        ('CC du Cordais et du Causse (4 C)', 8, 3)
    """

    lang: Lang
    territory: str
    name: str
    programme: str
    policy: str
    on: dt.date
    service: str
    result: str
    inform: str
    replacement: str
    booked: str
    action: str
    sources: tuple[DataSource, ...]
    conditions: tuple[Condition, ...]
    parameters: tuple[AppliedPreference, ...]
    priority: tuple[AppliedPreference, ...]
    expressions: Mapping[str, str]
    formulas: tuple[AppliedFormula, ...]
    sessions: int
    kept: tuple[NamedOffer, ...]
    fingerprint: Fingerprint

    @property
    def document(self) -> Document:
        """The notice as a document: the legal mention and the case, then the four parts."""
        texts = messages("prai_match.explain", "notice", self.lang)
        contribution, mention = texts["contribution"], texts["mention"]
        service = mention["service"].format(service=self.service) if self.service else mention["anybody"]
        return Document(
            self.lang,
            texts["title"].format(name=self.name),
            (mention["purpose"], mention["right"], f"{service} {mention['appeal']}", self._case(texts["case"])),
            (
                Section(contribution["title"], (contribution["aid"], contribution["mode"])),
                self._data(texts["data"]),
                self._parameters(texts["parameters"], texts["states"]),
                self._operations(texts["operations"]),
            ),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the data of the notice and, as ``document``, its texts, as data that JSON can hold.

        The format is in ``docs/reference/schemas/notice.json``.
        """
        data = {"schema": _version.JSON_SCHEMA, **asdict(self), "document": asdict(self.document)}
        return dict(json.loads(json.dumps(data, default=str)))

    def _case(self, texts: dict[str, str]) -> Items:
        values = {
            **{name: getattr(self, name) for name in texts if hasattr(self, name)},
            "name": self.name,
            "day": day(self.on, self.lang),
            "version": self.fingerprint.parts["library"],
            "digest": self.fingerprint.digest,
        }
        own = (text for name, text in texts.items() if values.get(name, name))
        return Items(tuple(text.format_map(values) for text in own))

    def _data(self, texts: dict[str, Any]) -> Section:
        rows = tuple(
            (texts["names"][s.data], s.used, s.source, s.fingerprint if s.data in VERSIONS else Code(s.fingerprint))
            for s in self.sources
        )
        limits = texts["limits"].format(day=day(self.on, self.lang))
        return Section(texts["title"], (limits, Table(texts["caption"], tuple(texts["header"]), rows)))

    def _parameters(self, texts: dict[str, Any], states: dict[str, str]) -> Section:
        lang = self.lang

        def rule(each: Condition | AppliedPreference) -> tuple[str, ...]:
            return each.sentence, Code(each.rule), Code(self.expressions.get(each.rule, ""))

        conditions = tuple((*rule(each), states[state_key(each.state, holds=each.holds)]) for each in self.conditions)
        parameters, priority = (
            tuple(
                (*rule(p), weight(p.weight, lang), number(p.points, 1, lang), number(p.out_of, 1, lang))
                for p in applied
            )
            for applied in (self.parameters, self.priority)
        )
        tables: dict[str, Any] = {"conditions": conditions, "weights": parameters, "priority": priority}
        blocks = {key: Table(texts[key], tuple(texts[f"{key}_header"]), rows) for key, rows in tables.items() if rows}
        lines = (
            texts["with_inputs" if each.inputs else "formula"].format_map(
                {**asdict(each), "inputs": texts["and"].join(each.inputs)}
            )
            for each in self.formulas
        )
        formulas = (*texts["formulas"], Items(tuple(lines))) if self.formulas else ()
        score = number(self.kept[0].score, 1, self.lang) if self.kept else ""
        total = texts["total"].format(score=score) if self.kept else texts["none"]
        first = blocks.pop("priority", None)
        points = number(sum(part.points for part in self.priority), 1, lang)
        order = (first, texts["priority_total"].format(priority=points)) if first else ()
        return Section(texts["title"], (*blocks.values(), total, *order, *formulas))

    def _operations(self, texts: dict[str, Any]) -> Section:
        lang = self.lang
        steps = (
            *(texts["read"], texts["follow"]),
            counted(self.sessions, texts["sift"], lang),
            *(texts[step] for step in ("join", "actors", "host", "score", "rank", "order")),
        )
        rows = tuple(
            (
                *(offer.session, offer.axis or texts["core"], offer.host or own_place(lang)),
                *(offer.partner, offer.trainer, number(offer.score, 1, lang), price(offer.cost, lang)),
                day(offer.day, lang),
            )
            for offer in self.kept
        )
        outcome = Table(texts["caption"], tuple(texts["header"]), rows) if rows else texts["nothing"]
        close = [each.session for each in self.kept[1:] if self.kept[0].score - each.score <= EQUIVALENT]
        same = (texts["equivalent"].format(sessions=", ".join(close)),) if close else ()
        return Section(texts["title"], (Items(steps, numbered=True), outcome, *same))


def notice(answers: Answers, territory: str, fingerprint: Fingerprint, *, lang: Lang, service: str) -> Notice:
    programme, policy, choice = answers.programme, answers.policy, answers.choice(territory)
    reasons, names = why(answers, territory, lang, public=True), answers.names[lang]
    axes = {(s.id, axis.id): axis.name.get(lang) for s in programme.catalogue.sessions for axis in s.axes}
    written, formulas = applied_formulas(answers, territory, reasons, lang)
    words: dict[str, Any] = {
        "name": choice.name,
        "programme": programme.name.get(lang),
        "policy": policy.name.get(lang),
        "result": reasons.title,
        "inform": informed(answers, territory, choice.next, lang),
        "replacement": choice.replacement.text(names, lang) if choice.replacement else "",
        "booked": answers.booked_text(territory, lang),
        "action": pair_action(answers, territory, lang),
        "sources": _sources(territory, answers, fingerprint.parts, lang),
        "conditions": reasons.conditions,
        **{
            name: tuple(
                AppliedPreference(d.rule, d.sentence, policy.preference(d.rule).weight, d.points, d.out_of)
                for d in applied
            )
            for name, applied in (("parameters", reasons.details), ("priority", reasons.priority))
        },
        "expressions": written,
        "formulas": formulas,
        "kept": tuple(
            NamedOffer(
                names[o.session],
                axes[o.session, o.axis] if o.axis else "",
                place(answers, territory, o.host, lang, o.joins),
                *(answers.actor(o.partner, lang), answers.actor(o.trainer, lang)),
                o.score,
                o.cost,
                o.day,
            )
            for o in filter(None, (choice.next, *choice.alternatives))
        ),
    }
    return Notice(
        lang=lang,
        territory=territory,
        on=answers.on,
        service=service,
        sessions=len(programme.catalogue.sessions),
        fingerprint=fingerprint,
        **masked(words, lang),
    )


def _sources(code: str, answers: Answers, parts: Mapping[str, str], lang: Lang) -> tuple[DataSource, ...]:
    texts = messages("prai_match.explain", "notice", lang)["data"]
    p, snapshot, used = answers.programme, answers.snapshot, texts["used"]
    own = texts["kept"].format(programme=p.name.get(lang))
    (territory,) = (t for t in p.territories if t.id == code)
    frames = snapshot.frames

    def count(**counts: int) -> str:
        return ", ".join(counted(number, used[name], lang) for name, number in counts.items())

    lines = {
        **_history(territory, p, snapshot, used, lang),
        "territories": count(population=territory.population, members=len(territory.members)),
        "sessions": count(sessions=int(snapshot.held.sum())),
        "catalogue": count(catalogue=len(p.catalogue.sessions)),
        "partners": count(partners=frames.partners.height),
        "trainers": count(trainers=frames.trainers.height),
        "calendar": count(blackouts=len(p.calendar.blackouts), elections=len(p.calendar.elections)),
        "budget": used["budget"].format(total=euros(p.budget.total, lang)) if p.budget else used["unlimited"],
    }
    if read := [each.fr if lang == "fr" else each.en for each in p.attributes if each.name in answers.policy.reads]:
        lines["attributes"] = ", ".join(read)
    if snapshot.extra is not None:
        lines["extra"] = count(extra=snapshot.extra.width - 1)
    lexicon = own if p.lexicon_table else f"{lexicon_of(p).name}, prai_match {parts['library']}"
    about = register.about()
    origin = "; ".join((f"{about.source} {about.version}", about.places, *about.licences, about.attribution))
    return (
        *(DataSource(name, text, own, parts.get(name, parts["settings"])[:DIGITS]) for name, text in lines.items()),
        DataSource("lexicon", used["lexicon"], lexicon, parts["lexicon"][:DIGITS]),
        DataSource("register", used["register"].format(vintage=about.vintage), origin, parts["register"]),
    )


def _history(
    territory: Territory, programme: ProgrammeData, snapshot: offers.Snapshot, used: dict[str, Any], lang: Lang
) -> dict[str, str]:
    """Say how many needs, attendances and decisions of a territory are known on the day, and the date of the latest."""
    own = (pl.col("collectivity").is_in(territory.members), pl.col("date") <= snapshot.on)
    needs = programme.needs.to_polars().filter(*own).sort("date")
    came = programme.attendances.to_polars().filter(*own).sort("date")
    number = snapshot.frames.territories.filter(territory=territory.id).select("t")
    said = programme.decisions.to_polars().filter(pl.col("date") <= snapshot.on)
    said = said.filter(pl.col("collectivity").is_in(territory.members) | (pl.col("territory") == territory.id))
    counts: dict[str, dict[str, int]] = {
        "needs": {"needs": needs.height, "read": snapshot.needs.join(number, on="t", how="semi").height},
        "attendances": {
            "attendances": came.height,
            **{name: int(came[name].sum()) for name in ("elected", "technicians")},
        },
        "decisions": {"decisions": said.height},
    }
    texts = {name: [counted(n, used[what], lang) for what, n in parts.items()] for name, parts in counts.items()}
    for name, latest, rows in (("needs", "latest_need", needs), ("attendances", "latest_attendance", came)):
        if rows.is_empty():
            del texts[name][1:]
        else:
            texts[name].append(used[latest].format(day=day(rows["date"][-1], lang)))
    return {name: ", ".join(parts) for name, parts in texts.items()}
