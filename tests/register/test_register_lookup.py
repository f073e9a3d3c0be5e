"""Look-ups by code, SIREN, name and membership."""

from __future__ import annotations

import pickle
from typing import get_args

import pytest
from hypothesis import given, strategies as st

from prai_match import register
from prai_match.errors import PraiError, UnknownCodeError

COMMUNES = register.communes()
communes = st.sampled_from(COMMUNES)


def test_toulouse() -> None:
    toulouse = register.get("31555")
    assert (toulouse.name, toulouse.kind) == ("Toulouse", "commune")
    assert (toulouse.siren, toulouse.epci) == ("213105554", "243100518")
    assert (toulouse.departement, toulouse.region) == ("31", "76")
    assert (toulouse.population or 0) > 500_000
    assert "31000" in toulouse.postal_codes
    assert toulouse.present_code == "31555"
    assert str(toulouse) == "Toulouse (31555)"


def test_epci() -> None:
    arize_leze = register.by_epci("200066223")
    assert (arize_leze.name, arize_leze.kind) == ("CC Arize Lèze", "epci")
    assert (arize_leze.departement, arize_leze.epci_kind) == ("09", "CC")
    assert arize_leze == register.get("200066223") == register.by_siren("200066223")
    codes = [member.code for member in register.members(arize_leze)]
    assert codes == sorted(codes)
    assert register.get("09181").code in codes
    assert register.members("200066223") == register.members(arize_leze)


def test_corsica() -> None:
    assert register.get("2A").name == "Corse-du-Sud"
    assert register.get("2B").name == "Haute-Corse"
    assert register.get("2A004").name == "Ajaccio"
    assert register.get("20004").former_kind == "ancien_code"
    assert register.present("20004").code == "2A004"


def test_paris_and_its_arrondissements() -> None:
    first = register.get("75101")
    assert first.kind == "arrondissement_municipal"
    assert register.present(first).code == "75056"
    assert register.frame("arrondissement_municipal")["present_code"].unique().sort().to_list() == [
        "13055",
        "69123",
        "75056",
    ]


def test_overseas() -> None:
    assert register.get("974").name == "La Réunion"
    assert register.get("97411").name == "Saint-Denis"
    assert register.get("97502").epci is None
    assert len(register.communes("976")) == 17


def test_a_code_that_kinds_share() -> None:
    assert register.get("01").kind == "departement"
    assert register.get("01", kind="region").name == "Guadeloupe"
    assert register.get("01015").name == "Arboys en Bugey"
    assert register.get("01015", kind="former_commune").name == "Arbignieu"
    assert register.get("75").kind == "departement"
    assert register.get("75", kind="region").name == "Nouvelle-Aquitaine"


@pytest.mark.parametrize(
    ("former", "name", "present"),
    [("01340", "Saint-Bois", "01015"), ("01126", "Coupy", "01033"), ("20044", "", "2B063")],
)
def test_former_communes(former: str, name: str, present: str) -> None:
    entry = register.get(former)
    assert (entry.kind, entry.name, entry.present_code) == ("former_commune", name, present)
    assert register.present(former) == register.present(entry) == register.get(present)


def test_an_entry_without_a_name_still_prints() -> None:
    assert str(register.get("20044")) == "former_commune (20044)"


def test_homonyms_are_all_found() -> None:
    found = register.find("Saint-Martin", kind="commune")
    assert len(found) >= 5
    assert [entry.code for entry in found] == sorted(entry.code for entry in found)
    assert {entry.departement for entry in found} >= {"32", "54", "65", "67", "978"}
    assert [entry.code for entry in register.find("Saint-Martin", departement="65", kind="commune")] == ["65392"]


def test_exact_spelling_comes_first_and_former_ones_last() -> None:
    found = register.find("Le Pin")
    assert {entry.name for entry in found} > {"Le Pin"}
    exact = [entry.name == "Le Pin" for entry in found]
    assert exact == sorted(exact, reverse=True)
    assert [entry.code for entry in register.find("Ajaccio")] == ["2A004", "20004"]


@pytest.mark.parametrize("typed", ["SAINT GAUDENS", "st-gaudens", "St. Gaudens", "  Saint–Gaudéns "])
def test_names_as_people_type_them(typed: str) -> None:
    assert [entry.code for entry in register.find(typed)] == ["31483"]


@pytest.mark.parametrize("typed", ["", " - ", "nowhere at all"])
def test_no_such_name_finds_nothing(typed: str) -> None:
    assert register.find(typed) == ()


@given(communes)
def test_every_commune_is_found_by_its_name(commune: register.Entry) -> None:
    found = register.find(commune.name)
    assert commune in found
    assert found[0].name == commune.name
    assert commune in register.find(commune.name.upper(), departement=commune.departement, kind="commune")


@given(communes)
def test_a_commune_is_among_the_members_of_its_epci(commune: register.Entry) -> None:
    if commune.epci is not None:
        assert commune in register.members(commune.epci)
    assert register.present(commune) is commune
    assert commune in register.communes(commune.departement)


@given(communes)
def test_siren_finds_the_commune(commune: register.Entry) -> None:
    if commune.siren is not None:
        assert register.by_siren(commune.siren) == commune


def test_lists_of_a_departement() -> None:
    assert len(register.communes()) == 34_969
    assert len(register.epcis()) == 1_255
    lot = register.communes("46")
    assert all(commune.departement == "46" for commune in lot)
    assert [commune.code for commune in lot] == sorted(commune.code for commune in lot)
    assert "200066371" in {epci.code for epci in register.epcis("46")}
    assert register.epcis("987") == ()


@pytest.mark.parametrize(
    ("value", "suggestion"),
    [
        ("Toulouse", "31555"),  # a name
        ("1001", "01001"),  # a code whose zero a spreadsheet ate
        ("315555", "31555"),  # a digit too many
    ],
)
def test_unknown_codes_get_suggestions(value: str, suggestion: str) -> None:
    with pytest.raises(UnknownCodeError) as caught:
        register.get(value, kind="commune")
    assert caught.value.kind == "commune"
    assert suggestion in caught.value.suggestions


@pytest.mark.parametrize(
    ("value", "kind", "suggestions"),
    [
        ("1001", "commune", ("01001", "10010", "10011")),
        ("315555", "commune", ("31555", "03155", "14555")),
        ("9122", None, ("09122", "19122", "29122")),
        ("Saint-Martin", None, ("32389", "54480", "65392")),
        ("Ariège", "departement", ("09",)),
        ("97", None, ("971", "972", "973")),
        ("20006623", "epci", ("200066223", "200066231", "200069623")),
        ("Toulouze", "commune", ()),
        (" ", None, ()),
    ],
)
def test_the_likeliest_codes_are_suggested_first(
    value: str, kind: register.Kind | None, suggestions: tuple[str, ...]
) -> None:
    with pytest.raises(UnknownCodeError) as caught:
        register.get(value, kind)
    error = caught.value
    assert (error.kind, error.value, error.suggestions) == (kind or "code", value, suggestions)


def test_entities_of_a_name_come_in_an_order() -> None:
    found = [(entry.name, entry.kind, entry.code) for entry in register.find("Le Pin")]
    codes = ("03208", "14504", "17276", "30196", "39421", "44124", "77363", "79210", "82139")
    assert found[:9] == [("Le Pin", "commune", code) for code in codes]
    assert found[9:] == [("Le Pin", "former_commune", "38305"), ("Pin", "commune", "70410")]
    assert [entry.code for entry in register.find("La Réunion")] == ["04", "47222", "974"]
    assert [entry.kind for entry in register.find("Paris")] == ["departement", "commune"]
    assert [entry.code for entry in register.find("Pin", departement="70")] == ["70410"]


def test_a_number_is_a_code_without_its_zeros() -> None:
    assert register.get(31555).name == "Toulouse"  # type: ignore[arg-type]
    assert register.get(9122).code == "09122"  # type: ignore[arg-type]
    assert register.department(9) == "Ariège"  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["", "no such place", "31555"])
def test_unknown_epci(value: str) -> None:
    for ask in (register.by_epci, register.members):
        with pytest.raises(UnknownCodeError) as caught:
            ask(value)
        assert caught.value.kind == "epci"


def test_other_unknowns() -> None:
    with pytest.raises(UnknownCodeError, match="unknown SIREN"):
        register.by_siren("000000000")
    with pytest.raises(UnknownCodeError, match="unknown kind: 'comune'; did you mean commune"):
        register.get("31555", kind="comune")  # type: ignore[arg-type]
    with pytest.raises(UnknownCodeError, match="unknown kind") as caught:
        register.frame("xyz")  # type: ignore[arg-type]
    assert caught.value.suggestions == get_args(register.Kind)
    with pytest.raises(UnknownCodeError, match="unknown département"):
        register.communes("00")
    with pytest.raises(UnknownCodeError, match="unknown département"):
        register.find("Toulouse", departement="Haute-Loire et Garonne")
    with pytest.raises(UnknownCodeError, match="unknown commune: '31'"):
        register.present("31")
    with pytest.raises(PraiError):
        register.get("99999")


def test_entries_can_be_pickled_and_hashed() -> None:
    toulouse = register.get("31555")
    assert pickle.loads(pickle.dumps(toulouse)) == toulouse  # noqa: S301 (our own bytes)
    assert len({toulouse, register.get("31555")}) == 1
