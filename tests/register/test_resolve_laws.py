"""What holds for every name, and for any text."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from typing import get_args

import polars as pl
from hypothesis import example, given, strategies as st

import noise
from prai_match import register
from prai_match.errors import UnknownCodeError
from prai_match.register import resolve
from prai_match.testing import NoisyName, noisy_names, unaccented
from thorough import examples


@cache
def noisy() -> list[NoisyName]:
    """Names as people type them."""
    return noisy_names(1_400, seed=12)


texts = st.one_of(
    st.text(max_size=40),
    st.deferred(lambda: st.sampled_from([row.text for row in noisy()])),
    st.lists(
        st.sampled_from(["Mairie", "de", "CC", "(", ")", "09", "2B", "-", ",", "S/", "Saint", "l'", "cg", "46"])
    ).map(" ".join),
)
departments = st.one_of(
    st.none(), st.sampled_from(["9", "2A", "Lot", "ARIEGE (09)", "31000", "?", ""]), st.text(max_size=5)
)


def _answers(found: register.Resolutions) -> list[tuple[str | None, str, tuple[str, ...]]]:
    return [(answer.code, answer.reason, answer.candidates) for answer in found]


def test_every_name_with_its_departement_is_itself() -> None:
    for kind in ("commune", "epci", "departement"):
        frame = register.frame(kind)
        where = frame["departement"].fill_null("") if kind != "departement" else frame["code"]
        found = resolve(frame["name"], where).to_polars()
        wrong = frame.select("code", "name").with_columns(found=found["code"], status=found["status"]).filter(
            (pl.col("found") != pl.col("code")).fill_null(value=True) | (pl.col("status") != "exact")
        )  # fmt: skip
        if kind == "departement":  # a commune of that name comes first, and Guadeloupe is a région too
            homonyms = [*register.frame("commune")["name"], *register.frame("region")["name"]]
            wrong = wrong.filter(~pl.col("name").is_in(homonyms))
        homonym = ["17464", "17465"] if kind == "commune" else []  # Vergné and La Vergne, both in Charente-Maritime
        assert wrong.filter(~pl.col("code").is_in(homonym)).rows() == []
    regions = register.frame("region")
    assert resolve(regions["name"], kind="region").to_polars()["code"].to_list() == regions["code"].to_list()


def test_a_name_alone_is_never_taken_for_another() -> None:
    frame = register.frame("commune")
    found = resolve(frame["name"]).to_polars()
    assert frame.with_columns(found=found["code"]).filter(pl.col("found") != pl.col("code")).rows() == []


def test_every_former_name_leads_to_the_present_commune() -> None:
    frame = register.frame("former_commune").drop_nulls("name")
    found = resolve(frame["name"], frame["departement"]).to_polars()
    wrong = frame.with_columns(found=found["code"]).filter(pl.col("found") != pl.col("present_code"))
    present = [
        *register.frame("commune").select(key=pl.col("departement") + register.normalised(pl.col("name")))["key"]
    ]
    unlike = wrong.filter(~(pl.col("departement") + register.normalised(pl.col("name"))).is_in(present))
    assert unlike.select("code", "name", "found").rows() == []


def test_order_and_company_change_nothing() -> None:
    texts, departments = [row.text for row in noisy()], [row.department for row in noisy()]
    whole = _answers(resolve(texts, departments))
    order = list(range(len(texts)))
    random.Random(3).shuffle(order)  # noqa: S311 (an order, not a secret)
    shuffled = _answers(resolve([texts[i] for i in order], [departments[i] for i in order]))
    assert [whole[i] for i in order] == shuffled
    assert _answers(resolve(texts[:70], departments[:70])) == whole[:70]
    for place in range(0, 1_400, 140):
        alone = resolve(texts[place], departments[place])
        assert (alone.code, alone.reason, alone.candidates) == whole[place]


def test_case_accents_and_punctuation_change_nothing() -> None:
    plain = [row.text for row in noisy_names(700, seed=4, kinds=("hyphens", "typo", "former", "epci", "prefix"))]
    expected = _answers(resolve(plain))
    assert _answers(resolve([text.upper() for text in plain])) == expected
    assert _answers(resolve([unaccented(text) for text in plain])) == expected
    assert _answers(resolve([text.replace("'", "’") for text in plain])) == expected
    assert _answers(resolve([f"  {text.replace(' ', '   ')}\t" for text in plain])) == expected


def test_a_departement_never_changes_the_code() -> None:
    rows = [row for row in noisy() if row.department]
    without = resolve([row.text for row in rows])
    within = resolve([row.text for row in rows], [row.department for row in rows])
    for row, free, told in zip(rows, without, within, strict=True):
        if free.code and told.code and free.code != told.code:
            assert told.code == row.code


kinds = st.sampled_from([None, None, None, *get_args(register.Kind)])
written = st.deferred(
    lambda: st.sampled_from(
        [row.text for row in noisy()]
        + register.frame().drop_nulls("name")["name"].to_list()
        + ["Grand Rodez", "Pays de Gex"]
    )
)
edited = st.builds(
    lambda text, at, letter: text[: at % (len(text) + 1)] + letter + text[at % (len(text) + 1) + 1 :],
    written,
    st.integers(0, 40),
    st.sampled_from(["", "e", "x", " ", "-", "12", "/ "]),
)
said_around = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "CC ", "CCAS de ", "CG ", "Mairie de ", "AS ", "Pont de ", "Pays de ", "SIVOM de "]),
    st.one_of(written, edited),
    st.sampled_from(["", " (09)", " et Foix", " - Foix", " 31000", " FC", " Ariège", " et environs", " agglo"]),
)


@examples(100)
@given(st.one_of(texts, written, edited, said_around), departments, kinds)
@example("NOUVELLE-CALÉDONIE", None, None)
@example("WALLIS ET FUTUNA 09000", "986", None)
def test_a_text_alone_has_the_answer_that_it_has_among_others(
    text: str, department: str | None, kind: register.Kind | None
) -> None:
    among = resolve(["Foix", text, None, text], ["09", department, "?", department], kind)
    assert among[1] == among[3]
    try:
        alone = resolve(text, department, kind)
    except UnknownCodeError:  # of a column, a département that isn't one is left out
        assert among[1].note("en") or not (department or "").strip()
        alone = replace(resolve(text, None, kind), notes=among[1].notes)
    assert alone.text == text.encode("utf-8", "replace").decode("utf-8")
    assert alone == among[1]


# Many texts at a time: a call takes longer than what it reads.
@examples(15)
@given(st.lists(st.tuples(texts, departments), max_size=20))
@example([("\ud800", None), ("\x00\x1f", "?"), ("a" * 100_000, None), ("(" * 500, "2A"), ("🏛" * 50, None)])
@example([("09000", None), ("(09)", None), ("CG", "46"), ("Mairie de", None), ("l'", None), ("Saint", "09")])
def test_any_text_has_an_answer(rows: list[tuple[str, str | None]]) -> None:
    found = resolve([text for text, _ in rows], [department for _, department in rows])
    assert len(found) == len(rows) == sum(found.counts().values())
    for answer in found:
        assert (answer.code is None) == (answer.status not in {"exact", "alias", "fuzzy"})
        assert (answer.code is None) == (answer.score == 0)
        assert answer.because("fr")
        assert answer.because("en")
        if answer.code is not None:
            assert register.get(answer.code, kind=answer.kind).name == answer.name  # type: ignore[arg-type]
            assert answer.candidates == ()


_WITHIN = ("Grand {}", "CC du Grand {}", "CC du Pays de {}", "CC de {}", "CA de {}")
_BESIDE = ("{} et environs", "{} FC", "AS {}", "{} et {}", "{} & {}", "{} / {}", "{} - {}", "{} ({})")


def _pairs() -> tuple[list[str], list[str], list[str]]:
    """Communes, each with another of its département."""
    frame = register.frame("commune").with_columns(other=pl.col("name").shift(-1).over("departement"))
    sample = frame.drop_nulls("other").sample(200, seed=8)
    return sample["name"].to_list(), sample["other"].to_list(), sample["departement"].to_list()


def test_a_name_within_another_is_taken_only_for_what_bears_it() -> None:
    """The Grand Dax is accepted, not the Grand-Lucé for Grand Auch."""
    names, _, where = _pairs()
    written = [form.format(name) for form in _WITHIN for name in names]
    for found in (resolve(written, where * len(_WITHIN)), resolve(written)):
        for name, answer in zip(names * len(_WITHIN), found, strict=True):
            assert answer.status != "fuzzy", answer
            if answer.code is not None and answer.reason != "earlier_name":
                assert register.normalise(name) in register.normalise(answer.name or ""), answer


def test_a_name_beside_another_or_a_club_s_initials_is_never_taken() -> None:
    names, others, where = _pairs()
    written = [form.format(name, other) for form in _BESIDE for name, other in zip(names, others, strict=True)]
    for found in (resolve(written, where * len(_BESIDE)), resolve(written)):
        assert [str(answer) for answer in found if answer.code is not None] == []


def test_noise_is_heard_through() -> None:
    """A small share of `make bench`'s measure."""
    rows = noisy()
    found = resolve([row.text for row in rows], [row.department for row in rows])
    told = [(row, answer) for row, answer in zip(rows, found, strict=True) if row.told]
    alone = [(row, answer) for row, answer in zip(rows, found, strict=True) if not row.told]
    assert sum(answer.code == row.code for row, answer in told) >= 0.995 * len(told)
    right = [answer.code == row.code or noise.undecided(row, answer) for row, answer in alone]
    assert sum(right) >= 0.98 * len(alone)
    assert sum(answer.code not in {None, row.code} for row, answer in zip(rows, found, strict=True)) <= 1
