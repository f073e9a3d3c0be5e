"""The structures that could organise the sessions without a relay; packing with each shows what it would serve."""

from collections import Counter
from collections.abc import Iterator, Mapping
from statistics import median_low
from typing import Any, NamedTuple

import polars as pl

from prai_match import explain, register
from prai_match.gaps._missing import relays
from prai_match.model import ProgrammeData, RelayPartner
from prai_match.plan import Plan, together_of_all
from prai_match.recommend import Answers

_FEW = 2  # number of structures of each sort in a département, besides the relays that cover it
_LONGEST = 60  # maximum length of a generated identifier
STRUCTURES: dict[str, Any] = {
    **dict.fromkeys(("departement", "structure", "name", "kind"), pl.String),
    **dict.fromkeys(("changes", "takes"), pl.List(pl.String)),
    "sessions_a_year": pl.Int64,
    **dict.fromkeys(("sessions", "territories", "waited", "needs", "people"), pl.Int64),
    "cost": pl.Decimal(12, 2),
    **dict.fromkeys(("more_territories", "more_seats", "more_people"), pl.Int64),
}


class Structure(NamedTuple):
    """A possible relay: what would change for it (``covers``, ``carries``, ``room``; ``new``), and what it takes."""

    partner: RelayPartner
    changes: tuple[str, ...]
    takes: tuple[str, ...]


def structures(
    season: Plan, answers: Answers, gaps: pl.DataFrame, left: pl.DataFrame, top: int
) -> tuple[pl.DataFrame, Mapping[tuple[str, str], RelayPartner]]:
    """Return the structures for the départements of the first ``top`` gaps, and each as a relay (see `RelayGaps`)."""
    rows, partners = [], {}
    for departement in dict.fromkeys(gaps["departement"].head(top)):
        sessions = tuple(gaps.filter(departement=departement)["session"])
        for each in _candidates(season, answers, departement, sessions):
            partners[departement, each.partner.id] = each.partner
            own = {"departement": departement, "structure": each.partner.id, "name": each.partner.name}
            own |= {"kind": each.partner.kind, "changes": each.changes, "takes": each.takes}
            own |= {"sessions_a_year": each.partner.sessions_a_year}
            rows.append(own | _served(season, _with(answers, each.partner), each, departement, left))
    order = {departement: place for place, departement in enumerate(dict.fromkeys(gaps["departement"]))}

    def key(row: dict[str, Any]) -> tuple[Any, ...]:
        there = not {"covers", "new"} & {*row["changes"]}
        return order[row["departement"]], not there, -row["territories"], row["cost"] or 0, row["structure"]

    rows.sort(key=key)
    return pl.DataFrame(rows, schema=STRUCTURES), partners


def _with(answers: Answers, partner: RelayPartner) -> Plan:
    changes = explain.Changes.of(with_partners=[partner])
    return together_of_all(explain.again(answers, explain.after_changes(answers.programme, changes), changes))


def _served(before: Plan, after: Plan, structure: Structure, departement: str, left: pl.DataFrame) -> dict[str, Any]:
    """Return what a structure would hold in the département, whom it would serve, and the total gain."""
    hosts = [each.id for each in after.inputs.programme.territories if each.departement == departement]
    takes, own = pl.col("session").is_in(structure.takes), pl.col("partner") == structure.partner.id
    held = after.sessions.filter(~pl.col("booked"), own, takes, pl.col("host").is_in(hosts))
    seats = (
        after.seats.rename({"session": "id"})
        .join(held.select("id", "session"), on="id")
        .join(left.select("territory", "session", "needs", "seated"), on=["territory", "session"], how="left")
    )
    now, then = (
        (each.seats["territory"].n_unique(), each.seats.height, _people(each.seats)) for each in (after, before)
    )
    more = (one - other for one, other in zip(now, then, strict=True))
    return {
        "sessions": held.height,
        "territories": seats["territory"].n_unique(),
        "waited": seats.filter(~pl.col("seated").fill_null(value=False))["territory"].n_unique(),
        "needs": seats["needs"].sum(),
        "people": _people(seats),
        "cost": None if held["cost"].null_count() else held["cost"].sum(),
        **dict(zip(("more_territories", "more_seats", "more_people"), more, strict=True)),
    }


def _people(seats: pl.DataFrame) -> int:
    return int((seats["elected"] + seats["technicians"]).sum())


def _candidates(season: Plan, answers: Answers, departement: str, sessions: tuple[str, ...]) -> Iterator[Structure]:
    """Return relays that cover it, near ones that carry the sessions, the largest EPCI, and new kinds of relays."""
    programme, frames = answers.programme, season.inputs.snapshot.frames
    left = dict(relays(season).select("partner", "left").iter_rows())
    there = [each for each in programme.partners if each.id in left]
    own = [each for each in there if departement in each.departements]
    for relay in own:
        yield _extended(relay, departement, sessions, left[relay.id])
    free = [each for each in there if each not in own and left[each.id] != 0]
    carrying = [(each, tuple(s for s in sessions if not each.carries or s in each.carries)) for each in free]
    near = _kilometres(frames.territories, departement)
    carrying.sort(key=lambda each: (min(near.get(d, 1e9) for d in each[0].departements), -len(each[1]), each[0].id))
    for relay, takes in [each for each in carrying if each[1]][:_FEW]:
        yield _extended(relay, departement, takes, left[relay.id])
    for code, name in _largest(programme, departement):
        yield _new(programme, f"epci_{code}", name, "epci", departement, sessions)
    kinds = Counter(each.kind for each in programme.partners if each.kind not in {"epci", "other"})
    others = sorted(kinds.keys() - {each.kind for each in own}, key=lambda kind: (-kinds[kind], kind))
    for kind in others[:_FEW]:
        yield _new(programme, f"{kind}_{departement}", kind, kind, departement, sessions)


def _extended(relay: RelayPartner, departement: str, takes: tuple[str, ...], left: int | None) -> Structure:
    """Return a relay that also covers the département, carries the sessions and, if full, takes one more of each."""
    limit, full = relay.sessions_a_year, left is not None and left <= 0
    more = {
        "departements": tuple(dict.fromkeys((*relay.departements, departement))),
        "carries": relay.carries and tuple(dict.fromkeys((*relay.carries, *takes))),
        "sessions_a_year": limit + len(takes) if full and limit is not None else limit,
    }
    names = {"departements": "covers", "carries": "carries", "sessions_a_year": "room"}
    changes = tuple(names[field] for field, value in more.items() if value != getattr(relay, field))
    return Structure(relay.model_copy(update=more), changes, takes)


def _new(  # noqa: PLR0913, PLR0917 - what a relay has
    programme: ProgrammeData, code: str, name: str, kind: str, departement: str, takes: tuple[str, ...]
) -> Structure:
    """Return a new relay; the people it brings and its sessions a year are those usual for its kind."""
    alike = [each for each in programme.partners if each.kind == kind] or [*programme.partners]
    limits = [each.sessions_a_year for each in alike if each.sessions_a_year is not None]
    bring = [each.brings for each in alike] or [("elected",)]
    new = RelayPartner(
        id=explain.free_id(code[:_LONGEST], {each.id for each in programme.partners}),
        name=name,
        kind=kind,
        departements=(departement,),
        carries=takes,
        sessions_a_year=median_low(limits) if limits else None,
        brings=max(bring, key=lambda each: (bring.count(each), each)),
    )
    return Structure(new, ("new",), takes)


def _kilometres(territories: pl.DataFrame, departement: str) -> dict[str, float]:
    """Return the distance of each département's centre from that of one, by code, in kilometres."""
    middles = territories.group_by("departement").agg(pl.col("latitude", "longitude").mean())
    here = middles.filter(departement=departement).select(lat="latitude", lon="longitude")
    km = register.haversine_km("latitude", "longitude", "lat", "lon")
    return dict(middles.join(here, how="cross").select("departement", km).iter_rows())


def _largest(programme: ProgrammeData, departement: str) -> list[tuple[str, str]]:
    """Return the largest EPCI of a département that aren't relays yet, from the programme and the register."""
    official = register.frame("epci").filter(departement=departement).select("code", "name", "population").rows()
    own = [
        (each.code, each.name, each.population)
        for each in programme.collectivities
        if each.kind == "epci" and each.departement == departement
    ]
    relays = {register.normalise(each.name) for each in programme.partners}
    every = {code: (name, people or 0) for code, name, people in [*official, *own]}
    others = [(code, *each) for code, each in every.items() if register.normalise(each[0]) not in relays]
    return [(code, name) for code, name, _ in sorted(others, key=lambda each: (-each[2], each[0]))[:_FEW]]
