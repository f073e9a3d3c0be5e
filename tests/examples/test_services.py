"""The two services of examples/, asked over HTTP on the loopback."""

from __future__ import annotations

import datetime as dt
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import pytest
import uvicorn

import answers
import described
import django_service
import fastapi_service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prai_match import Recommendations
    from prai_match.model import Lang

TERRITORY = "200034064"
ON = {"on": "2007-09-03"}


class Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module", params=["fastapi", "django"])
def service(request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    run = {"fastapi": fastapi_over_http, "django": django_over_http}[request.param]
    for port in run():
        # Whatever is asked, the answer is as docs/reference/openapi.json says.
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            timeout=60,
            trust_env=False,
            event_hooks={"response": [described.check]},
        ) as client:
            yield client


def fastapi_over_http() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(fastapi_service.app, log_level="error", ws="none")
        # All is imported here: what another thread imports, a measure of coverage that begins meanwhile takes away.
        config.load()
        config.get_loop_factory()
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join()


def django_over_http() -> Iterator[int]:
    with make_server("127.0.0.1", 0, django_service.application, handler_class=Silent) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def recs() -> Recommendations:
    return answers.PROGRAMME.recommend(on=dt.date(2007, 9, 3))


def asked_again(service: httpx.Client, **changes: object) -> httpx.Response:
    return service.post(f"/recommendations/{TERRITORY}/what-if", params=ON, json=changes)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_all_the_recommendations_of_a_day_are_those_of_the_library(
    service: httpx.Client, recs: Recommendations, lang: Lang
) -> None:
    answer = service.get("/recommendations", params=ON | {"lang": lang})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {"on": "2007-09-03", "recommendations": recs.to_json(lang)}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_one_of_them_has_its_alternatives_and_tells_why(
    service: httpx.Client, recs: Recommendations, lang: Lang
) -> None:
    answer = service.get(f"/recommendations/{TERRITORY}", params=ON, headers={"Accept-Language": f"de, {lang};q=0.4"})
    rec = recs[TERRITORY]
    assert answer.headers["content-language"] == lang
    assert answer.json() == {
        "recommendation": rec.to_json(lang),
        "alternatives": [offer.to_json() for offer in rec.alternatives],
        "why": rec.why(lang, public=True).to_json(),
    }
    assert rec.alternatives


def test_a_need_that_is_added_changes_the_answer_and_its_text_stays_here(service: httpx.Client) -> None:
    need = {
        "collectivity": TERRITORY,
        "date": "2007-08-01",
        "channel": "web",
        "text": "des téléservices, voir Mme Untel <b>",
    }
    answer = asked_again(service, with_needs=[need])
    assert answer.status_code == 200
    assert answer.json()["change"] == "session"
    assert answer.json()["after"]["recommendation"]["session"] == "teleservices"
    assert "Untel" not in answer.text
    before = service.get(f"/recommendations/{TERRITORY}", params=ON).json()
    assert answer.json()["before"] == before
    assert before["recommendation"]["session"] == "dematerialisation"


def test_changes_that_change_nothing_are_said_so(service: httpx.Client) -> None:
    answer = asked_again(service)
    assert answer.json()["change"] is None
    assert answer.json()["before"] == answer.json()["after"]


def test_a_territory_that_is_not_there_is_not_found_and_others_are_suggested(service: httpx.Client) -> None:
    french = service.get("/recommendations/20006623", params=ON)
    english = service.get("/recommendations/20006623", params=ON | {"lang": "en"})
    assert (french.status_code, english.status_code) == (404, 404)
    assert french.json()["message"].startswith("territoire inconnu : « 20006623 » ; vouliez-vous dire")
    assert english.json()["message"].startswith("unknown territory: '20006623'; did you mean")
    assert "200066231" in french.json()["suggestions"]


@pytest.mark.parametrize(
    "place", ["%3Cscript%3Ealert(1)%3C%2Fscript", "%00", "%FF%FE", "..%2f..%2fetc%2fpasswd", "'%20OR%201=1", "x" * 3000]
)
def test_a_hostile_place_is_not_found_and_what_is_said_is_never_a_page(service: httpx.Client, place: str) -> None:
    answer = service.get(f"/recommendations/{place}", params=ON)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(answer.json()["message"]) < 200


def test_all_that_is_wrong_with_a_query_is_said_at_once(service: httpx.Client) -> None:
    answer = service.get("/recommendations", params={"on": "31/02/2007<b>", "lang": "de"})
    assert answer.status_code == 422
    assert [problem["where"] for problem in answer.json()["problems"]] == ["lang", "on"]
    assert answer.json()["problems"][1]["expected"] == "un jour, ainsi 2007-09-03"


def test_all_that_is_wrong_with_changes_is_said_at_once_in_the_language_asked(service: httpx.Client) -> None:
    need = {"collectivity": "x y", "date": "soon", "channel": "web"}
    answer = asked_again(service, with_needs=[need], weigths={}, travel_km=[])
    assert answer.status_code == 422
    found = {problem["where"]: problem["expected"] for problem in answer.json()["problems"]}
    assert found.keys() == {"with_needs[1].collectivity", "with_needs[1].date", "travel_km", "weigths"}
    assert found["travel_km"] == "un nombre"
    assert "vouliez-vous dire weights" in found["weigths"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"[[1, 2]]",
        b"\xff\xfe",
        b'{"\\ud800": 1}',
        b'{"on": ' + b"[" * 60_000,
        b'{"notice_days": ' + b"9" * 5_000 + b"}",
        b'{"notice_days": 1e999}',
        b'{"travel_km": NaN}',
        b'{"weights": {"equity": Infinity}}',
        b'{"self": 1, "cls": 2, "changes": 3}',
        b'{"policy": "/etc/passwd"}',
        b'{"without_trainers": ["\\u0000"]}',
        b'{"with_needs": {"collectivity": "09001"}}',
        b'{"' + b"k" * 60_000 + b'": 1}',
    ],
    ids=range(15),
)
def test_a_body_that_means_nothing_is_refused_and_little_of_it_is_repeated(service: httpx.Client, body: bytes) -> None:
    answer = service.post(f"/recommendations/{TERRITORY}/what-if", params=ON, content=body)
    assert answer.status_code == 422
    assert answer.json()["problems"]
    assert len(answer.content) < 1_000


def test_a_body_that_is_too_large_is_refused(service: httpx.Client) -> None:
    answer = service.post(f"/recommendations/{TERRITORY}/what-if", content=b" " * (answers.LARGEST + 1))
    assert answer.status_code == 413
    assert answer.json()["message"] == "le corps de la demande dépasse 64 Kio"


def test_what_no_page_answers_is_said_in_the_same_form(service: httpx.Client) -> None:
    away, method = service.get("/recommandations?lang=en"), service.delete("/recommendations?lang=en")
    assert (away.status_code, method.status_code) == (404, 405)
    assert away.json()["message"] == "there is no such page"
    assert method.json()["message"] == "this page doesn't take this method"


def test_without_a_day_it_answers_for_today(service: httpx.Client) -> None:
    answer = service.get("/recommendations").json()
    assert dt.date.fromisoformat(answer["on"]) > dt.date(2007, 9, 3)
    assert len(answer["recommendations"]) == len(answers.PROGRAMME.territories)


@pytest.mark.french
def test_many_who_ask_at_once_get_the_same_answers(service: httpx.Client, recs: Recommendations) -> None:
    answers.recommended.cache_clear()
    places = [row["territory"] for row in recs.to_json()[:12]] * 2
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda place: service.get(f"/recommendations/{place}", params=ON).json(), places))
    assert [each["recommendation"] for each in found] == recs.to_json()[:12] * 2
