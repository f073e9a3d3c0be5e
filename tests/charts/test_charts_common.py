"""What holds of every chart: valid, inert, the same each time, in both languages, and with its extra."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest

from chart_expressions import EXPRESSIONS
from made import programme, small
from prai_match import PraiError, Programme, Recommendations, UnknownCodeError, charts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from goldens import Golden


HOSTILE = "</script><script>alert(1)</script>\"'`${1} datum.x \u202e\u0007\x1b مرحبا 🎉 <!-- &amp; "
FIELDS = {
    *(
        "x",
        "y",
        "x2",
        "y2",
        "middle",
        "chip",
        "text",
        "ink",
        "fill",
        "stroke",
        "shape",
        "size",
        "letter",
        "told",
        "line",
    ),
    *("order", "strokeWidth", "aside", "place", "next", "on", "end", "key", "population", "received", "even"),
    *("longitude", "latitude", "from", "to", "high", "label", "value", "mark", "name", "share", "sessions", "people"),
    *("amount", "nth", "total", "median", "low", "lower", "upper", "mean", "least", "most", "zero", "beside", "given"),
    "is_observed",
}
CODE = {"signal", "filter", "calculate", "test", "condition", "transform", "params"}


def test_specifications_are_valid_and_say_what_they_show(bundled: Programme, every_chart: Any) -> None:
    for chart in every_chart(bundled).values():
        spec = chart.to_dict(validate=True)
        assert spec["title"]["text"]
        assert spec["title"]["text"] in spec["description"]
        assert spec["config"]["aria"] is False


def test_both_languages_say_different_things(every_chart: Any) -> None:
    made = programme()
    drawn = {lang: every_chart(made, lang) for lang in ("fr", "en")}
    french, english = ({name: chart.to_dict(validate=False) for name, chart in drawn[lang].items()} for lang in drawn)
    for name, chart in french.items():
        assert chart["title"]["text"] != english[name]["title"]["text"]
    assert english["lorenz"]["config"]["locale"]["number"]["decimal"] == "."
    assert french["lorenz"]["config"]["locale"]["number"]["decimal"] == ","


@pytest.mark.parametrize(
    "name", ["contributions", "follow_ups", "territory_map", "calendar", "shares", "lorenz", "need_counts"]
)
@pytest.mark.usefixtures("english")
def test_an_unknown_language_is_refused(name: str, bundled: Programme, recs: Recommendations) -> None:
    given: dict[str, tuple[Any, ...]] = {
        "contributions": (recs["200066231"],),
        "follow_ups": (recs,),
        "territory_map": (recs,),
    }
    with pytest.raises(UnknownCodeError, match="unknown language: 'de'"):
        getattr(charts, name)(*given.get(name, (bundled,)), lang="de")


def _hostile() -> Programme:
    """A programme in which every text is hostile, and some are long."""
    data = small()
    long = (HOSTILE * 30)[:2_000]  # the longest that a name can be
    texts = {"fr": HOSTILE, "en": HOSTILE}
    data["name"] = texts
    catalogue = data["catalogue"]
    for session in [*catalogue["buffets"], *catalogue["workshops"], *catalogue["themes"]]:
        session["name"] = texts
    catalogue["workshops"][0]["axes"][0]["name"] = {"fr": long, "en": long}
    catalogue["workshops"][1]["name"] = {"fr": long, "en": long}
    data["calendar"]["blackouts"][0]["reason"] = texts
    data["calendar"]["elections"][0]["name"] = texts
    data["needs"].append({"collectivity": "09001", "date": "2007-06-01", "text": (HOSTILE * 200)[:10_000]})
    for one in [*data["territories"], *data["collectivities"], *data["partners"]]:
        one["name"] = HOSTILE
    for one in data["trainers"]:
        one["organisation"] = one["role"] = HOSTILE
    return Programme.model_validate(data)


@pytest.fixture(scope="module")
def hostile(every_chart: Any) -> dict[str, Any]:
    """Every chart of a hostile programme."""
    drawn: dict[str, Any] = every_chart(_hostile())
    return drawn


def test_hostile_texts_are_data_and_never_expressions(hostile: dict[str, Any], walk: Callable[..., Any]) -> None:
    for chart in hostile.values():
        for key, value in walk(chart.to_dict(validate=False)):
            if key == "field":
                assert value in FIELDS
            assert key not in CODE
            assert key not in {"expr", "labelExpr"} or value in EXPRESSIONS
            assert key != "sort" or value is None


def test_no_character_turns_or_controls_the_text_around_it(hostile: dict[str, Any]) -> None:
    for chart in hostile.values():
        assert not re.search("[\u202e\x07\x1b]", json.dumps(chart.to_dict(validate=False), ensure_ascii=False))


def test_hostile_texts_stay_in_the_script_of_a_page(hostile: dict[str, Any], tmp_path: Path) -> None:
    for name, chart in hostile.items():
        spec = json.dumps(chart.to_dict(validate=False))
        assert "</" not in spec
        assert "<!--" not in spec
        assert "<script" not in spec
        if name == "contributions":
            chart.save(tmp_path / "page.html", inline=True)
            page = (tmp_path / "page.html").read_text("utf-8")
            assert page.count("</script>") == 2
            assert not re.findall(r"<(?:script|link)[^>]+(?:src|href)=", page)


def test_hostile_texts_are_texts_in_svg(hostile: dict[str, Any]) -> None:
    for chart in hostile.values():
        tags = {element.tag.partition("}")[2] for element in ET.fromstring(charts.svg(chart)).iter()}  # noqa: S314 - ours
        assert tags <= {"svg", "g", "path", "rect", "text", "tspan", "line", "defs", "clipPath", "title"}


def test_long_texts_are_cut_where_they_are_drawn(hostile: dict[str, Any]) -> None:
    for chart in hostile.values():
        for text in ET.fromstring(charts.svg(chart)).iter("{http://www.w3.org/2000/svg}text"):  # noqa: S314 - ours
            assert max(map(len, text.itertext()), default=0) < 170


@pytest.mark.parametrize("of", ["small", "example"])
def test_same_charts_from_another_process(of: str) -> None:
    code = (
        "from made import programme\n"
        "from prai_match import Programme, charts\n"
        "import datetime as dt, hashlib\n"
        f"p = {'programme()' if of == 'small' else 'Programme.example()'}\n"
        "r = p.recommend(on=dt.date(2007, 9, 3))\n"
        "made = [charts.follow_ups(r), charts.territory_map(r), charts.calendar(p), charts.need_counts(p)]\n"
        "print(hashlib.sha256(''.join(chart.to_json() for chart in made).encode()).hexdigest())\n"
    )
    paths = {"PYTHONPATH": os.pathsep.join(sys.path)}
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            text=True,
            env={**paths, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


@pytest.mark.parametrize("suffix", ["png", "svg", "html"])
def test_charts_are_saved(suffix: str, bundled: Programme, tmp_path: Path) -> None:
    path = tmp_path / f"shares.{suffix}"
    charts.shares(bundled).save(path)
    assert path.stat().st_size > 1000


def test_svg_has_its_own_identifiers_and_a_description(recs: Recommendations) -> None:
    images = [charts.svg(charts.territory_map(recs, by=by)) for by in ("session", "coverage")]
    own = [set(re.findall(r'\bid="([^"]+)"', image)) for image in images]
    assert own[0]
    assert own[0].isdisjoint(own[1])
    for image, ids in zip(images, own, strict=True):
        assert set(re.findall(r"url\(#([^)]+)\)", image)) <= ids
        root = ET.fromstring(image)  # noqa: S314 - ours
        assert root.get("role") == "img"
        assert root.get("lang") == "fr"
        assert "Midi-Pyrénées" in (root.get("aria-label") or "")
        assert "aria-roledescription" not in image


def test_svg_is_the_same_each_time(bundled: Programme) -> None:
    assert charts.svg(charts.shares(bundled), "en") == charts.svg(charts.shares(bundled), "en")
    with pytest.raises(UnknownCodeError):
        charts.svg(charts.shares(bundled), "de")  # type: ignore[arg-type]


@pytest.mark.parametrize("module", ["altair", "vl_convert"])
@pytest.mark.usefixtures("english")
def test_a_missing_extra_is_named(module: str, bundled: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(PraiError, match=r'the extra "viz"'):
        charts.shares(bundled)


def test_altair_is_loaded_on_first_use_only() -> None:
    code = "import sys, prai_match.charts; print('altair' in sys.modules, 'vl_convert' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "False False\n"


@pytest.mark.parametrize("name", ["shares", "calendar", "follow_ups"])
def test_french_specification(golden: Golden, name: str) -> None:
    """Of the small programme; its rules' sentences are tested elsewhere."""
    one = programme()
    drawn: dict[str, Any] = {
        "shares": lambda: charts.shares(one),
        "calendar": lambda: charts.calendar(one, dt.date(2007, 2, 1), dt.date(2007, 3, 31)),
        "follow_ups": lambda: charts.follow_ups(one.recommend(on=dt.date(2007, 9, 3))),
    }
    spec = drawn[name]().to_dict(validate=False)
    del spec["$schema"]  # of the version installed
    golden(f"{name}_fr.json", json.dumps(spec, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
