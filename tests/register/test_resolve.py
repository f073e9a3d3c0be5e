"""Names as people type them, one by one."""

from __future__ import annotations

from typing import get_args

import pytest

from prai_match import register
from prai_match.errors import UnknownCodeError
from prai_match.register import resolve

OFFICIAL = [
    ("Foix", "09122"),
    ("  fOIX ", "09122"),
    ("FOIX 09", "09122"),
    ("09 - Foix", "09122"),
    ("Foix (09)", "09122"),
    ("09000 Foix", "09122"),
    ("FOIX CEDEX 09008", "09122"),
    ("Foix (Ariège)", "09122"),
    ("Foix, Ariège", "09122"),
    ("Foix - ARIEGE", "09122"),
    ("FOIX ARIEGE", "09122"),
    ("Escarène (L')", "06057"),
    ("ESCARENE", "06057"),
    ("Mans (Le)", "72181"),
    ("Chalon s/ Saône", "71076"),
    ("st-beat-lez", "31471"),
    ("Saint Béat Lès", "31471"),
    ("ŒUILLY, Aisne", "02565"),
    ("École-Valentin", "25212"),
    ("Ville d'Avray", "92077"),
    ("PARIS 75012 CEDEX 12", "75056"),
    ("Saint-Denis (Réunion)", "97411"),
    ("Thouaré-sur - Loire", "44204"),
    ("Lot", "46"),
    ("Pays de la Loire", "52"),
    ("CC Arize Lèze", "200066223"),
    ("C.C. Arize-Lèze", "200066223"),
    ("Toulouse Métropole", "243100518"),
    ("Métropole du Grand Paris", "200054781"),
]


def test_official_names() -> None:
    for (_, code), answer in zip(OFFICIAL, resolve([text for text, _ in OFFICIAL]), strict=True):
        assert (answer.code, answer.status, answer.score) == (code, "exact", 100), answer
        assert answer.name == register.get(code, kind=answer.kind).name  # type: ignore[arg-type]
        assert answer.candidates == ()


OTHER_FORMS = [
    ("MAIRIE DE L'ESCARENE", "06057", "wording"),
    ("Mairie du Mans", "72181", "wording"),
    ("COMMUNE D'AUCH", "32013", "wording"),
    ("Ville de Toulouse", "31555", "wording"),
    ("Foix (mairie de)", "09122", "wording"),
    ("FOIX MAIRIE", "09122", "wording"),
    ("CCAS de Foix", "09122", "service"),
    ("C.C.A.S. des Plantiers", "30198", "service"),
    ("Centre communal d'action sociale d'Eringhem", "59200", "service"),
    ("Communauté de communes Arize-Lèze", "200066223", "wording"),
    ("Com. Com. Arize Lèze", "200066223", "wording"),
    ("CC ArizeLèze", "200066223", "wording"),
    ("COMCOM D'ARIZE LEZE", "200066223", "wording"),
    ("Arize Lèze", "200066223", "wording"),
    ("Communauté d'agglomération du Pays de Gex", "240100750", "wording"),
    ("Perpignan Méditerranée Métropole", "200027183", "wording"),
    ("Communauté de communes Val 81", "248100497", "wording"),
    ("CC du Kreiz-Breizh", "242200715", "wording"),
    ("Conseil général du Lot", "46", "wording"),
    ("conseil départemental de la Haute-Savoie", "74", "wording"),
    ("CG 46", "46", "wording"),
    ("CG46", "46", "wording"),
    ("Département 9", "09", "wording"),
    ("Région Occitanie", "76", "wording"),
    ("Conseil régional d'Occitanie", "76", "wording"),
    ("Paris 12e", "75112", "wording"),
    ("Paris 12", "75112", "wording"),
    ("Marseille 13ème arrondissement", "13213", "wording"),
    ("Lyon 3e arrdt", "69383", "wording"),
    ("Tinchebray", "61486", "former_commune"),
    ("Oissel", "76484", "other_name"),
    ("Valence d'Agen", "82186", "other_name"),
    ("CC Lauragais Revel Sorezois", "243100567", "earlier_name"),
    ("La Bastide-Solages", "12023", "official_name"),
    ("LABASTIDE SOLAGES", "12023", "spacing"),
]


def test_other_forms() -> None:
    for (_, code, reason), answer in zip(OTHER_FORMS, resolve([text for text, *_ in OTHER_FORMS]), strict=True):
        assert (answer.code, answer.reason) == (code, reason), answer
        assert answer.status == ("exact" if reason == "official_name" else "alias")


NEARLY = [
    ("Enchastrayes-le-Sauze", "4", "04073", "qualified"),
    ("Lavit de Lomagne", "82", "82097", "qualified"),
    ("Toulouze", "31", "31555", "typo"),
    ("Tuolouse", None, "31555", "typo"),
    ("La lCayette", "71", "71133", "typo"),
    ("Bagneres de Luchn", None, "31042", "typo"),
    ("Saint-Etienne-sur-Charalonne", "1", "01351", "typo"),
    ("SAINT-GERMAIN-EN-L", "78", "78551", "cut_short"),
    ("Meillonn", "1", "01241", "cut_short"),
    ("Saint-Rémy", "71", "71475", "official_name"),
    ("Montgaillard", "65", "65320", "official_name"),
    ("Montgaillard-Lauragais", "31", "31377", "official_name"),
    ("Montgaillard Lauragai", "31", "31377", "typo"),
    ("Pays-de-Cnlerval", "25", "25156", "typo"),
    ("Conseil général du Lto", None, None, "no_such_name"),
    ("Conseil général de la Haute-Garone", None, "31", "typo"),
    ("Région Ocitanie", None, "76", "typo"),
    ("Communauté de communes Arrize-Lèze", "09", "200066223", "typo"),
]


KEPT = [
    ("Valence d'Agen", "82", "82186"),
    ("Lavit de Lomagne", "82", "82097"),
    ("Enchastrayes-le-Sauze", "04", "04073"),
    ("Saint-Ours-les-Roches", "63", "63381"),
    ("Autrey-sur-Madon", "54", "54032"),
    ("Plaisance du Gers", "32", "32319"),
    ("Saint-Rémy-sur-Orne", "14", "14656"),
    ("AGNICOURT-SECHELLES", "02", "02004"),
    ("GATTEVILLE-PHARE", "50", "50196"),
    ("CURIS-AU-MONT-D'", "69", "69071"),
    ("Beaulieu-usr-Lkire", "45", "45029"),
]


def test_words_of_usage_and_slips_are_heard_through() -> None:
    texts, departments, codes = zip(*KEPT, strict=True)
    assert [answer.code for answer in resolve(texts, departments)] == list(codes)


def test_nearly_the_name() -> None:
    texts, departments, codes, reasons = zip(*NEARLY, strict=True)
    for code, reason, answer in zip(codes, reasons, resolve(texts, departments), strict=True):
        assert (answer.code, answer.reason) == (code, reason), answer


UNTOLD = [
    ("Saint-Rémy", None, "homonyms", "01385"),
    ("Vergné", "17", "homonyms", "17465"),
    ("Marseille 13", None, "homonyms", "13213"),
    ("Guadeloupe", None, "homonyms", "971"),
    ("Bagnères", None, "not_sure", "31042"),
    ("Toulouze", None, "several_near", "31555"),
    ("SOSSAY", "86", "not_sure", "86137"),  # Sossais is not as near as Rossay, and yet
    ("SILLEY", "25", "several_near", "25545"),  # not Gilley: Silley-Amancey, Silley-Bléfond
    ("ROINVILLE-SOUS-AUNEAU", "28", "several_near", "28317"),  # Roinville, not Oinville-sous-Auneau
    ("Saint-Sever", "14", "elsewhere", "40282"),
    ("Toulouse", "09", "elsewhere", "31555"),
    ("Toulouse (09)", "31", "departements_differ", "31555"),
    ("Le éDrennec", None, "not_sure", "29047"),  # near to Le Drennec by its short key too
    ("Canaveilles-Llar", "66", "not_sure", "66036"),
    ("CA Arize Lèze", "09", "other_kind", "200066223"),
    ("Pays de Gex", None, "pays", "240100750"),
    # The word that tells an intercommunality from others is a place's, or short.
    ("Grand Rodez", None, "not_sure", "12202"),
    ("Grand Auch", None, "not_sure", "32013"),
    ("CC de Saint-Cloud", None, "not_sure", "200066660"),
    ("CA de Caumont", None, "not_sure", "200068658"),
    # Two communes.
    ("Foix et Pamiers", "09", "several_near", "09225"),
    ("Foix & Pamiers", "09", "several_near", "09225"),
    ("Foix / Pamiers", "09", "several_near", "09225"),
    ("Foix - Pamiers", "09", "several_near", "09225"),
    ("Foix (Pamiers)", "09", "several_near", "09225"),
    ("Plainfaing / La Bresse", "88", "several_near", "88075"),
    ("Plainfaing - La Bresse", "88", "several_near", "88075"),
    ("Plainfaing (La Bresse)", "88", "several_near", "88075"),
    ("Plainfaing La Bresse", "88", "several_near", "88075"),
    ("Foix et environs", "09", "not_sure", "09122"),
    # The département of the row is not the one the words end with.
    ("Saint-André Nord", "31", "departements_differ", "59527"),
    ("Longueville Nord", "50", "departements_differ", "59357"),
    # The thing, not the commune that is named after it.
    ("Vallée de la Charente", "17", "not_sure", "17455"),
    ("La Vallée de la Charente", "17", "not_sure", "17455"),
    ("Port de l’Ariège", "09", "not_sure", "09231"),
    ("Union de Binos", "31", "not_sure", "31561"),
    # A word more is no slip.
    ("Lavelanet FC", "09", "not_sure", "09160"),
    ("AS Orry-la-Ville", "60", "not_sure", "60482"),
    ("AS Villers", "88", "not_sure", "88023"),
    ("Pont de Lux", None, "not_sure", "01305"),
    ("Le Port / Saint-Denis", None, "not_sure", "77495"),
    ("Murs / Villars", None, "not_sure", "90072"),
]


def test_nothing_is_chosen_where_the_text_does_not_tell() -> None:
    texts, departments, reasons, candidates = zip(*UNTOLD, strict=True)
    for reason, candidate, answer in zip(reasons, candidates, resolve(texts, departments), strict=True):
        assert (answer.status, answer.reason, answer.code, answer.name) == ("ambiguous", reason, None, None), answer
        assert candidate in answer.candidates
        assert len(answer.candidates) == len(answer.candidate_kinds) == len(answer.candidate_names) <= 5


UNKNOWN = [
    ("", None, "nothing_written", ()),
    ("🏛️ \x00", None, "nothing_written", ()),
    ("31555", None, "nothing_written", ()),
    ("Communauté de communes", None, "nothing_written", ()),
    ("Zzyzx-les-Bains-de-Nulle-Part", None, "no_such_name", ()),
    ("Midi-Pyrénées", None, "dissolved", ("76",)),
    ("CC Porte d'Aquitaine en Pays de Serres", "47", "dissolved", ("200096956",)),
    ("Communauté de communes du Pays Créçois", "77", "dissolved", None),
    ("Communauté de communes de Vire", "14", "unknown_epci", ("200068799",)),
    ("Communauté de communes du canton d'Oust", "9", "unknown_epci", ("200067940",)),
    ("Communauté de communes du Bernavillois", "80", "unknown_epci", ()),
    ("CC des Trois Rivières", "14", "unknown_epci", ()),
]


def test_unknown() -> None:
    texts, departments, reasons, candidates = zip(*UNKNOWN, strict=True)
    for reason, codes, answer in zip(reasons, candidates, resolve(texts, departments), strict=True):
        assert (answer.status, answer.reason, answer.code, answer.score) == ("unknown", reason, None, 0), answer
        assert answer.candidates == codes if codes is not None else len(answer.candidates) > 1
        assert set(answer.candidate_kinds) <= {"epci", "region"}


BODIES = [
    "Syndicat mixte du Pays des Mauges",
    "SIVOM de Foix",
    "S.I.V.U. de Foix",
    "SIAEP d'Ouzouer-le-Doyen",
    "S.M.I.R.T.O.M de la région de Figeac",
    "SMICTOM de Foix",
    "SICTOM Foix",
    "SDE 09",
    "PETR de l’Ariège",
    "Syndicat scolaire de Montbozon",
    "commission syndicale de Clairvaux-Les-Lacs",
    "R.P.I. de Vézelois-Autrechêne",
    "SDIS de l’Ariège",
    "OPH de Foix",
    "Association des maires de l’Ariège",
    "École primaire de Foix",
    "Collège de Foix",
    "CIAS de Foix",
    "Pays des Pyrénées cathares",
    "Foix Syndicat",
]


def test_bodies_that_are_not_in_the_register_are_recognised() -> None:
    for department in (None, "09"):
        for answer in resolve(BODIES, department):
            assert (answer.status, answer.code, answer.candidates) == ("not_a_collectivity_here", None, ()), answer


@pytest.mark.parametrize(
    "department", ["9", "09", "Ariège", "ARIEGE (09)", "09 - Ariège", "dept de l’Ariège", "09100", 9, 9.0]
)
def test_a_departement_as_people_write_it(department: str | float) -> None:
    assert resolve("Montgaillard", department).code == "09207"


@pytest.mark.parametrize(
    ("department", "code"),
    [("2B", "2B236"), ("2b", "2B236"), ("20B", "2B236"), ("Haute-Corse", "2B236"), ("20240", "2B236")],
)
def test_corsica(department: str, code: str) -> None:
    assert resolve("Poggio di Nazza", department).code == code


def test_a_postal_code_for_large_mail_only() -> None:
    assert resolve("AJACCIO CEDEX 20192").code == "2A004"
    assert resolve("BASTIA 20297 CEDEX").code == "2B033"


def test_overseas() -> None:
    assert resolve("Saint-Louis", "974").code == "97414"
    assert resolve("SAINT-LOUIS 97450").code == "97414"
    assert resolve("Bouloupari", "988").code == "98802"


def test_an_unknown_departement() -> None:
    with pytest.raises(UnknownCodeError, match="unknown département: 'Arriège'; did you mean Ariège"):
        resolve("Foix", "Arriège")
    found = resolve(["Foix", "Foix", "Foix"], ["Arriège", "", None])
    assert [answer.code for answer in found] == ["09122"] * 3
    assert "Arriège" in (found[0].note() or "")
    assert "not recognised" in (found[0].note("en") or "")
    assert found[1].note() is None


@pytest.mark.parametrize(
    ("department", "suggestions"),
    [
        ("Haute-Garone", ("Haute-Garonne", "Haute-Marne", "Haute-Saône")),
        ("0", ("01", "02", "03")),
        (976543, ("973", "974", "975")),
    ],
)
def test_departements_are_suggested(department: str | float, suggestions: tuple[str, ...]) -> None:
    with pytest.raises(UnknownCodeError) as caught:
        resolve("Foix", department)
    assert (caught.value.kind, caught.value.value, caught.value.suggestions) == ("departement", department, suggestions)


def test_kinds() -> None:
    assert resolve("Corrèze").kind == "commune"
    assert resolve("Corrèze", kind="departement").code == "19"
    assert resolve("Guadeloupe", kind="region").code == "01"
    assert resolve("Tinchebray", kind="former_commune").code == "61486"
    assert resolve("Tinchebray", kind="former_commune").kind == "former_commune"
    assert resolve("Paris 12e", kind="commune").code == "75056"
    assert resolve("Paris 12e", kind="commune").reason == "part_of_commune"
    assert resolve("Mairie de Foix", kind="epci").status == "unknown"
    for kind, alike in (("comune", ("commune", "former_commune")), ("zz", get_args(register.Kind))):
        with pytest.raises(UnknownCodeError, match=f"unknown kind: '{kind}'; did you mean commune") as caught:
            resolve("Foix", kind=kind)  # type: ignore[call-overload]
        assert (caught.value.kind, caught.value.value, caught.value.suggestions) == ("kind", kind, alike)


def test_a_name_that_a_commune_bore_gives_way_to_a_departement() -> None:
    found = [(answer.code, answer.kind) for answer in resolve(("Gironde", "Meuse"))]
    assert found == [("33", "departement"), ("55", "departement")]


@pytest.mark.french
def test_notes() -> None:
    former = resolve("Tinchebray")
    assert former.note() == "Ancienne commune : Tinchebray ; commune actuelle : Tinchebray-Bocage."
    assert former.note("en") == "Tinchebray is now part of Tinchebray-Bocage."
    assert "CCAS" in (resolve("CCAS de Foix").note() or "")
    assert "Damville" in (resolve("Damville", "27").note() or "")
    assert resolve("Foix").note() is None


@pytest.mark.french
def test_an_answer_reads_well() -> None:
    assert str(resolve("foix")) == "Foix (09122)"
    assert str(resolve("Saint-Rémy")) == "ambiguous"
    assert resolve("foix").because() == "C’est le nom officiel."
    assert resolve("foix").because("en") == "This is the official name."
    assert resolve("Saint-Rémy").candidate_names[0] == "Saint-Rémy (01)"
