"""The causes of a difference: day, policy, settings, actors and history; for a territory, what its rules say."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from functools import partial
from itertools import chain
from typing import Any, Literal

import polars as pl

from prai_match.explain._inputs import actor_facts, policy_facts, settings_facts
from prai_match.explain._place import km_to, where
from prai_match.explain._sides import IDENTITY, SIDES, Cause, Ruling, fact, in_quotes, rulings, sentence, several
from prai_match.explain._why import preference_sentence, sentence_of
from prai_match.followups import territory_of
from prai_match.model import Lang
from prai_match.offers import AssessedOffer, head_count, needs_by_state, needs_read, spelled
from prai_match.policy import STAGES
from prai_match.recommend import Answers
from prai_match.text import LANGUAGES, both, day

_SHORT = 80  # characters of a need that are quoted


def facts(before: Answers, after: Answers) -> Iterator[Cause]:
    """Yield what differs between the inputs: the day, the policy, the settings, the actors, then the history."""
    if before.on != after.on:
        yield fact("day", None, before=both(day, before.on), after=both(day, after.on))
    yield from policy_facts(before, after)
    yield from settings_facts(before, after)
    for _, causes in sorted(actor_facts(before, after).items()):
        yield from causes
    yield from _history(before, after)


def _history(before: Answers, after: Answers) -> Iterator[Cause]:
    """Yield how many rows known on the day only one side has, and how many follow-ups they changed."""
    for table in ("attendances", "needs", "sessions", "decisions", "registrations"):
        times = _between(before, after, table)["times"]
        yield from _count(f"{table}_added", int(times.clip(lower_bound=0).sum()))
        yield from _count(f"{table}_removed", -int(times.clip(upper_bound=0).sum()))
    old, new = (side.snapshot.follow_ups.edges().select("source", "target", "probability") for side in (before, after))
    yield from _count("follow_ups", _changes(old, new).select("source", "target").unique().height)


def _count(code: str, count: int) -> Iterator[Cause]:
    if count:
        yield Cause("fact", code, None, 0.0, float(count), **both(several, "facts", code, count))


def territory_facts(before: Answers, after: Answers) -> dict[str, list[Cause]]:
    """Return, by territory, the rows of the history that only one side knows, and needs whose state differs."""
    facts: dict[str, list[Cause]] = defaultdict(list)
    members = pl.concat([territory_of(side.programme) for side in (after, before)]).unique(
        "collectivity", keep="first", maintain_order=True
    )
    history = (_attendances(before, after, members), _needs(before, after, members))
    for territory, cause in (*chain(*history), *_states(before, after), *_decisions(before, after)):
        facts[territory].append(cause)
    return facts


def _rows(side: Answers, other: Answers, table: str) -> pl.DataFrame:
    """Return the rows known on the day, without links to objects of only one side, which are reported separately."""
    rows = _forgotten_too(side, other) if table == "needs" else getattr(side.programme, table).to_polars()
    rows = rows.drop("held") if table == "attendances" else rows
    for name in {"partner", "trainer"} & {*rows.columns}:
        one, two = ({actor.id for actor in getattr(each.programme, f"{name}s")} for each in (side, other))
        rows = rows.with_columns(pl.when(pl.col(name).is_in(one & two)).then(name))
    if table == "registrations":
        return rows.filter(pl.col("session").is_in(_rows(side, other, "sessions")["id"].implode()))
    known = pl.coalesce("booked_on", "date") if table == "sessions" else pl.col("date")
    return rows.filter(known <= side.on)


def _forgotten_too(side: Answers, other: Answers) -> pl.DataFrame:
    """Return the needs of one side, without the words of those whose words the other side has forgotten."""
    rows, others = (each.programme.needs.to_polars() for each in (side, other))
    gone = others.filter(text="").unique()
    if gone.is_empty():
        return rows
    stated = pl.col("workshop").is_not_null() & pl.col("score").is_null()
    read = needs_read(side.programme)
    is_read = rows.select(~stated).to_series()
    every = spelled(rows, read, is_read).with_columns(text=pl.lit(""))
    matches = every.join(gone, on=rows.columns, how="semi", nulls_equal=True)["cell"]
    is_gone = pl.col("cell").is_in(matches.unique().implode())
    kept = spelled(rows, read, is_read & pl.select(cell=pl.int_range(rows.height)).select(is_gone).to_series())
    return kept.with_columns(text=pl.when(is_gone).then(pl.lit("")).otherwise("text")).drop("cell")


def _between(before: Answers, after: Answers, table: str) -> pl.DataFrame:
    return _changes(_rows(before, after, table), _rows(after, before, table))


def _changes(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that only one frame has, with ``times``: positive if they were added, negative if removed."""
    sides = [frame.with_columns(times=pl.lit(sign, pl.Int64)) for sign, frame in ((-1, before), (1, after))]
    rows = pl.concat(sides, how="vertical_relaxed").group_by(after.columns).agg(pl.col("times").sum())
    return rows.filter(pl.col("times") != 0)


def _attendances(before: Answers, after: Answers, members: pl.DataFrame) -> Iterator[tuple[str, Cause]]:
    people = head_count() * pl.col("times").abs()
    rows = (
        _between(before, after, "attendances")
        .join(members, on="collectivity")
        .group_by("territory", "session", "date", times=pl.col("times").sign())
        .agg(people=pl.when(people.count() > 0).then(people.sum()))
    )
    for row in rows.sort("territory", "date", "session", "times").iter_rows(named=True):
        session, count = row["session"], row["people"]
        size = both(sentence, "inside", "people_unknown") if count is None else both(several, "inside", "people", count)
        name, on = _name(after, before, session), both(day, row["date"])
        yield row["territory"], fact(_code("attendance", row), session, session=name, day=on, people=size)


def _needs(before: Answers, after: Answers, members: pl.DataFrame) -> Iterator[tuple[str, Cause]]:
    for row in _in_order(_between(before, after, "needs").join(members, on="collectivity")):
        text, workshop = row["text"], row["workshop"]
        short = text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
        subject = both(in_quotes, short) if workshop is None else _name(after, before, workshop)
        yield row["territory"], fact(_code("need", row), workshop, said=subject, day=both(day, row["date"]))


def _states(before: Answers, after: Answers) -> Iterator[tuple[str, Cause]]:
    """Yield the needs that both sides know and whose state differs."""
    old, new = (needs_by_state(side.programme, side.on).drop_nulls("workshop") for side in (before, after))
    keys = ("territory", "collectivity", "date", "workshop", "axis", "people", "score")
    old, new = (frame.select(*keys, "state", nth=pl.col("state").cum_count().over(keys)) for frame in (old, new))
    rows = old.join(new, on=[*keys, "nth"], nulls_equal=True, suffix="_after").filter(
        pl.col("state") != pl.col("state_after")
    )
    for row in rows.sort("territory", "date", "workshop", "collectivity", "state").iter_rows(named=True):
        said, on = _name(after, before, row["workshop"]), both(day, row["date"])
        then, now = (both(partial(sentence, "states"), row[name]) for name in ("state", "state_after"))
        yield row["territory"], fact("need_state", row["workshop"], said=said, day=on, before=then, after=now)


def _decisions(before: Answers, after: Answers) -> Iterator[tuple[str, Cause]]:
    """Yield the decisions on offers (made, answered or replaced) that only one side knows."""
    for row in _in_order(_between(before, after, "decisions").drop_nulls("territory")):
        why = both(partial(sentence, "inside", "because", why=row["why"])) if row["why"] else ""
        event = both(partial(sentence, "events"), row["event"])
        name, on = _name(after, before, row["session"]), both(day, row["date"])
        yield row["territory"], fact(_code("offer", row), row["session"], session=name, day=on, event=event, why=why)


def _in_order(rows: pl.DataFrame) -> Iterator[dict[str, Any]]:
    return rows.sort(pl.all()).sort("territory", "date", maintain_order=True).iter_rows(named=True)


def _code(what: str, row: Mapping[str, Any]) -> str:
    return f"{what}_{'added' if row['times'] > 0 else 'removed'}"


def _name(first: Answers, second: Answers, code: str) -> dict[Lang, str]:
    side = first if code in first.names["fr"] else second
    return {lang: in_quotes(names[code], lang) for lang, names in side.names.items()}


def causes(before: Answers, after: Answers, rows: pl.DataFrame) -> dict[str, tuple[Cause, ...]]:
    """Return the causes of each territory that differs, the first one first; each offer is judged by both sides."""
    offers = pl.concat(
        rows.select(
            "territory", *(pl.col(f"{name}_{side}").alias(name) for name in IDENTITY), which=pl.lit(side)
        ).drop_nulls("session")
        for side in SIDES
    )
    then, now = rulings(before, offers), rulings(after, offers)
    of_actors, of_history = actor_facts(before, after), territory_facts(before, after)
    may = [{*side.snapshot.frames.held["id"].gather(side.snapshot.joinable)} for side in (before, after)]
    by_territory: dict[str, tuple[Cause, ...]] = {}
    for row in rows.iter_rows(named=True):
        territory = row["territory"]
        old, new = ((row[f"session_{side}"], then.get((territory, side)), now.get((territory, side))) for side in SIDES)
        same = all(row[f"{name}_before"] == row[f"{name}_after"] for name in IDENTITY)
        actors = dict.fromkeys(row[f"{name}_{side}"] for name in ("partner", "trainer") for side in SIDES)
        by_territory[territory] = (
            *_requirements(before, after, old, new),
            *_nearer(after, territory, old[0], row["host_before"]),
            *_booked(before, after, row, may),
            *(cause for code in actors for cause in of_actors.get(code, ())),
            *(_points(old[1], new[2]) if same else _lead(before, after, old, new)),
            *of_history.get(territory, ()),
            *(_priority(before, after, territory) if row["priority_before"] != row["priority_after"] else ()),
        )
    return by_territory


_Offer = tuple[str, "Ruling | None", "Ruling | None"]  # session, as judged before and as judged after


def _requirements(before: Answers, after: Answers, old: _Offer, new: _Offer) -> Iterator[Cause]:
    """Yield the rules that newly refuse the old offer, those that no longer refuse the new one, then what hosts add."""
    still = {rule.id: rule for rule in after.policy.requirements}
    for kind, (session, then, now), policy in (("refuted", old, after.policy), ("satisfied", new, before.policy)):
        told: set[str] = set()
        for was, is_, of_host in ((then, now, False), (then and then.host, now and now.host, True)):
            if not (was and is_):
                continue
            stopping, other = (is_, was) if kind == "refuted" else (was, is_)
            for rule in sorted(policy.requirements, key=lambda rule: STAGES.index(rule.stage)):
                if rule.id not in stopping.refuting or rule.id in {*other.refuting, *told}:
                    continue
                # With the values after the change, if the rule still exists.
                own, side, ruling = (still[rule.id], after, is_) if rule.id in still else (rule, before, was)
                at = f" ({ruling.row['territory_name']})" if of_host else ""
                fr, en = (
                    sentence(
                        *("conditions", kind if rule.id in still else "dropped", lang),
                        subject=in_quotes(side.names[lang][session], lang) + at,
                        sentence=sentence_of(own, ruling.row, lang),
                    )
                    for lang in LANGUAGES
                )
                yield Cause(kind, rule.id, session, None, None, fr, en)  # type: ignore[arg-type]
            told = {*was.refuting, *is_.refuting}


def _nearer(after: Answers, territory: str, session: str, host: str | None) -> Iterator[Cause]:
    """Yield the fact that an offer at a host is now possible nearer, or at the territory's own place."""
    if host in {None, territory} or territory not in after.numbers or host not in after.places:
        return
    frames = after.snapshot.frames
    of_session = pl.col("s").is_in(frames.sessions.filter(session=session)["s"].implode())
    possible = after.furthest.filter(of_session, pl.col("stage").is_null(), t=after.numbers[territory])
    for now in frames.territories["territory"].gather(possible["h"]):
        if km_to(after, territory, now) < km_to(after, territory, str(host)):
            at = both(where, after, territory, now)
            yield fact("nearer", session, session=_name(after, after, session), place=at)


def _booked(
    before: Answers, after: Answers, row: Mapping[str, Any], may: Sequence[AbstractSet[str]]
) -> Iterator[Cause]:
    """Yield the fact that the booked session that a territory would join can no longer be joined, or now can.

    Only the booked sessions of the offers before and after count: without them, the session is held elsewhere. ``may``
    lists those that can be joined on each side.
    """
    for code, side, others in (("unjoinable", before, may[1]), ("joinable", after, may[0])):
        number = side.numbers.get(row["territory"])
        for offer in () if number is None else side.offers_of(number):
            told = offer.session in {row["session_before"], row["session_after"]}
            if told and offer.joins and offer.joins not in others:
                held = dict.fromkeys(LANGUAGES, offer.joins)
                yield fact(code, offer.session, session=_name(before, after, offer.session), held=held)


def _points(then: Ruling | None, now: Ruling | None) -> Iterator[Cause]:
    """Yield the changes in the points of one offer; they add up to the difference of the scores."""
    if then and now:
        yield from _moves("points", (then.row, now.row), then.points, now.points)


def _lead(before: Answers, after: Answers, old: _Offer, new: _Offer) -> Iterator[Cause]:
    """Yield how the lead of the new offer over the old one changed, rule by rule."""
    _, old_then, old_now = old
    _, new_then, new_now = new
    if not (old_then and old_now and new_then and new_now):
        return
    sides = ((before, old_then, new_then), (after, old_now, new_now))
    # A partner or a trainer who isn't there has no points to compare.
    whole = {rule.id for side, *_ in sides for rule in side.policy.preferences} - {
        rule.id
        for side, *pair in sides
        for rule in side.policy.preferences
        if any(rule.id not in ruling.points for ruling in pair)
    }
    then, now = (
        {rule: second.points.get(rule, 0.0) - first.points.get(rule, 0.0) for rule in whole}
        for _, first, second in sides
    )
    yield from _moves("points", (new_then.row, new_now.row), then, now)


def _priority(before: Answers, after: Answers, territory: str) -> Iterator[Cause]:
    """Yield how the points of a territory's priority changed, rule by rule."""
    if territory in before.numbers and territory in after.numbers:
        pair = [side.priorities[side.rows[side.numbers[territory]]] for side in (before, after)]
        then, now = ({rule.id: each.points(rule.id) for rule in each.judgement.preferences} for each in pair)
        yield from _moves("priority", pair, then, now)


def _moves(
    kind: Literal["points", "priority"],
    rows: Iterable[AssessedOffer],
    then: Mapping[str, float],
    now: Mapping[str, float],
) -> Iterator[Cause]:
    rules = {rule.id: (rule, row) for row in rows for rule in row.judgement.preferences}
    moves = {rule: now.get(rule, 0.0) - then.get(rule, 0.0) for rule in then.keys() | now.keys()}
    for rule in sorted(filter(moves.get, moves), key=lambda rule: (-abs(moves[rule]), rule)):
        own, row = rules[rule]
        # What it gives to sessions of the other form is said with their values.
        told = sentence_of if own.kind and own.kind != row["form"] else preference_sentence
        subject = str(row["session"]) if kind == "points" else None
        yield Cause(kind, rule, subject, then.get(rule), now.get(rule), **both(told, own, row))
