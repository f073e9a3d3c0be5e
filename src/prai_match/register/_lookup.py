"""Look-ups in the register, by code, SIREN, name and membership, and distances between its places."""

import math

import polars as pl

from prai_match import _arguments as given
from prai_match.errors import UnknownCodeError, nearest
from prai_match.register._data import KINDS, Entry, Kind, entry, index, names, rows_of, table
from prai_match.register._names import normalise

_SUGGESTIONS = 3
# Length of the codes of communes and départements, whose leading zeros a number lacks.
_INSEE, _DEPARTEMENT = 5, 2


def _code_given(value: object, name: str) -> str:
    """Return a code; for a number, the register's code with leading zeros."""
    code = given.key(value, name)
    if isinstance(value, str):
        return code
    rows = index()
    padded = (code, code.zfill(_INSEE), code.zfill(_DEPARTEMENT))
    return next((text for text in padded if any((text, kind) in rows for kind in KINDS)), code)


def _place_given(value: object, name: str) -> str | Entry:
    return value if isinstance(value, Entry) else _code_given(value, name)


@given.takes(code=_code_given)
def get(code: str, kind: Kind | None = None) -> Entry:
    """Return the entity with an official code.

    Several kinds can share a code: "01" is both the Ain and Guadeloupe (région), and a merged commune has the code of
    its seat, which is a former commune. Without `kind` the order is commune, municipal arrondissement, EPCI,
    département, région, former commune.

    Args:
        code: INSEE code of a commune (present or former), a département or a région, or SIREN of an EPCI.
        kind: The kind wanted, if the code alone is ambiguous.

    Raises:
        UnknownCodeError: No entity (of this kind) has the code, or the kind doesn't exist. Suggestions are codes: of
            the entities with that name if a name was given, else similar ones.

    Example:
        >>> get("31555").name, get("01").name, get("01", kind="region").name
        ('Toulouse', 'Ain', 'Guadeloupe')
    """
    rows = index()
    for each in KINDS if kind is None else (_kind(kind),):
        if (row := rows.get((code, each))) is not None:
            return entry(row)
    raise UnknownCodeError(kind or "code", code, _alike(str(code), kind))


@given.takes(siren=_code_given)
def by_siren(siren: str) -> Entry:
    """Return the commune or EPCI with a SIREN number of nine digits.

    Raises:
        UnknownCodeError: No commune or EPCI of the register has it.

    Example:
        >>> by_siren("213105554").name
        'Toulouse'
    """
    rows = rows_of("commune", "siren").get(siren) or rows_of("epci", "siren").get(siren)
    if rows:
        return entry(rows[0])
    raise UnknownCodeError(kind="SIREN", value=siren)


def by_epci(code: str) -> Entry:
    """Return the EPCI with a code (its SIREN); same as ``get(code, kind="epci")``.

    Raises:
        UnknownCodeError: No EPCI has the code.

    Example:
        >>> by_epci("200066231").departement
        '09'
    """
    return get(code, kind="epci")


@given.takes(epci=_place_given)
def members(epci: str | Entry) -> tuple[Entry, ...]:
    """Return the communes of an EPCI, given as an entity or by code, sorted by code.

    Raises:
        UnknownCodeError: No EPCI has the code.

    Example:
        >>> len(members("243100518"))
        37
    """
    code = get(epci.code if isinstance(epci, Entry) else epci, kind="epci").code
    return tuple(entry(row) for row in rows_of("commune", "epci")[code])


@given.takes(departement=given.optional(_code_given))
def communes(departement: str | None = None) -> tuple[Entry, ...]:
    """Return the present communes of a département, given by code, or of all, sorted by code.

    Raises:
        UnknownCodeError: No département has the code.

    Example:
        >>> [commune.name for commune in communes("975")]
        ['Miquelon-Langlade', 'Saint-Pierre']
    """
    return _all("commune", departement)


@given.takes(departement=given.optional(_code_given))
def epcis(departement: str | None = None) -> tuple[Entry, ...]:
    """Return the EPCI of a département or of all, sorted by code; an EPCI counts where most of its population is.

    Raises:
        UnknownCodeError: No département has the code.

    Example:
        >>> [epci.name for epci in epcis("75")]
        ['Métropole du Grand Paris']
    """
    return _all("epci", departement)


@given.takes(code_or_entry=_place_given)
def present(code_or_entry: str | Entry) -> Entry:
    """Return the present commune of a former one or of a municipal arrondissement; a present one is returned itself.

    Raises:
        UnknownCodeError: The code is unknown, or isn't that of a commune or a part of one.

    Example:
        >>> present("01340").name
        'Arboys en Bugey'
    """
    own = code_or_entry if isinstance(code_or_entry, Entry) else get(code_or_entry)
    if own.present_code is None:
        raise UnknownCodeError(kind="commune", value=own.code)
    return get(own.present_code, kind="commune")


@given.takes(code_a=_place_given, code_b=_place_given)
def distance_km(code_a: str | Entry, code_b: str | Entry) -> float:
    """Return the great-circle distance between two entities, in kilometres (haversine, sphere of radius 6371.0088 km).

    It is only as precise as the positions: two communes located at the centre of the same EPCI are 0 km apart. See
    `Entry.precision`.

    Raises:
        UnknownCodeError: A code is unknown, or (then its `kind` is "position") the register has no position for
            the entity, as for some overseas territories.

    Example:
        >>> round(distance_km("31555", "46042"))  # Toulouse, Cahors
        94
    """
    places = [code if isinstance(code, Entry) else get(code) for code in (code_a, code_b)]
    for place in places:
        if place.position is None:
            raise UnknownCodeError(kind="position", value=place.code)
    here, there = (place.position or (0.0, 0.0) for place in places)
    return haversine(*here, *there)


@given.takes(departement=given.optional(_code_given))
def find(name: str, departement: str | None = None, kind: Kind | None = None) -> tuple[Entry, ...]:
    """Return all entities with a name, regardless of case, accents, hyphens, "St" or leading article; maybe none.

    Exact spellings come first, present entities before former ones, then by code. ``departement`` is the code of the
    département to search in.

    Raises:
        UnknownCodeError: The département or kind doesn't exist.

    Example:
        >>> [entry.code for entry in find("ST BEAT LEZ")]
        ['31471']
        >>> [entry.code for entry in find("Saint-Sulpice", kind="commune")][:3]
        ['01387', '46294', '58269']
    """
    kinds = KINDS if kind is None else (_kind(kind),)
    within = None if departement is None else get(departement, kind="departement").code
    entries = (entry(row) for row in names().get(normalise(name), ()))
    matches = [e for e in entries if e.kind in kinds and within in {None, e.departement}]
    return tuple(sorted(matches, key=lambda e: (e.name != name, e.kind == "former_commune", e.code, e.kind)))


@given.takes(code=_code_given)
def department(code: str) -> str:
    """Return the name of a département, or its code if the register doesn't have it.

    Example:
        >>> department("2A"), department("99")
        ('Corse-du-Sud', '99')
    """
    try:
        return get(code, kind="departement").name
    except UnknownCodeError:
        return code


def department_label(code: str) -> str:
    """Return the name of a département with its code, or only the code if the register doesn't have it."""
    name = department(code)
    return code if name == code else f"{name} ({code})"


@given.takes()
def frame(kind: Kind | None = None) -> pl.DataFrame:
    """Return the register, or one kind, as a table: one row per entity, with the fields of `Entry` as columns.

    It is sorted by code and kind, and may be modified by the caller. An unknown name is null.

    Raises:
        UnknownCodeError: The kind doesn't exist.

    Example:
        >>> frame("epci").height
        1255
    """
    return table().clone() if kind is None else table().filter(kind=_kind(kind))


def _all(kind: Kind, departement: str | None) -> tuple[Entry, ...]:
    if departement is None:
        return tuple(entry(row) for (_, other), row in index().items() if other == kind)
    return tuple(entry(row) for row in rows_of(kind, "departement").get(get(departement, kind="departement").code, ()))


def _kind(kind: Kind) -> Kind:
    return given.known_among("kind", kind, KINDS, KINDS)


def _alike(value: str, kind: Kind | None) -> tuple[str, ...]:
    """Return codes to suggest: of entities with that name, with a restored leading zero, or similar ones."""
    by_name = [e.code for e in find(value, kind=kind)] if value.strip() else []
    every = {code for code, other in index() if kind in {None, other}}
    return tuple(dict.fromkeys(by_name or [*({"0" + value} & every), *nearest(value, every)]))[:_SUGGESTIONS]


EARTH_RADIUS_KM = 6371.0088  # mean radius of the Earth (IUGG), in kilometres


def haversine_km(lat1: pl.Expr | str, lon1: pl.Expr | str, lat2: pl.Expr | str, lon2: pl.Expr | str) -> pl.Expr:
    """Return the great-circle distance in kilometres between points in decimal degrees, for columns; null without one.

    The Earth is a sphere with a radius of 6371.0088 km.
    """
    a, b, c, d = ((pl.col(x) if isinstance(x, str) else x).radians() for x in (lat1, lon1, lat2, lon2))
    chord = ((c - a) / 2).sin() ** 2 + a.cos() * c.cos() * ((d - b) / 2).sin() ** 2
    # Rounding can carry antipodes just over 1, where the arcsine is not defined.
    return chord.clip(upper_bound=1.0).sqrt().arcsin() * (2 * EARTH_RADIUS_KM)


def haversine(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the same distance between two single points, without building a frame."""
    a, b, c, d = (math.radians(x) for x in (lat1, lon1, lat2, lon2))
    chord = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return math.asin(math.sqrt(min(chord, 1.0))) * 2 * EARTH_RADIUS_KM
