"""Recommendations over HTTP with FastAPI: for all territories, for one with reasons, and after changes.

Run it with ``uvicorn fastapi_service:app`` in this folder, then ask for ``/recommendations?on=2007-09-03``.
``docs/reference/openapi.json`` describes it. It doesn't check who calls it: put it behind something that does.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

import answers
import prai_match as pm

if TYPE_CHECKING:
    from prai_match.model import Lang

app = FastAPI(openapi_url=None)


def language(request: Request) -> Lang:
    """Return the language of the answer."""
    return answers.language(request.query_params, request.headers.get("accept-language"))


def day(request: Request) -> dt.date:
    """Return the requested day."""
    return answers.day(request.query_params)


def told(content: dict[str, Any], lang: Lang, status: int = 200) -> JSONResponse:
    """Return a response in a language."""
    return JSONResponse(content, status, answers.headers(lang))


Day = Annotated[dt.date, Depends(day)]
Language = Annotated[Any, Depends(language)]


# Functions without ``async`` run in a thread pool: while one computes, other requests are answered.
@app.get("/recommendations")
def all_of_them(on: Day, lang: Language) -> JSONResponse:
    """Answer with the recommendation of each territory."""
    return told(answers.all_of_them(on, lang), lang)


@app.get("/recommendations/{territory}")
def one_of_them(territory: str, on: Day, lang: Language) -> JSONResponse:
    """Answer with the recommendation of a territory, its alternatives and the reasons."""
    return told(answers.one_of_them(territory, on, lang), lang)


@app.post("/recommendations/{territory}/what-if")
async def what_if(territory: str, on: Day, lang: Language, request: Request) -> JSONResponse:
    """Answer with the recommendation of a territory after changes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > answers.LARGEST:
            raise HTTPException(413)
    return told(await run_in_threadpool(answers.what_if, territory, bytes(body), on, lang), lang)


@app.exception_handler(pm.PraiError)
def refused(request: Request, error: pm.PraiError) -> JSONResponse:
    """Report all problems of a request."""
    return told(error.to_json(language(request)), language(request), answers.status(error))


@app.exception_handler(HTTPException)
def failed(request: Request, error: HTTPException) -> JSONResponse:
    """Report in the same form a request that no page answers."""
    said = answers.REFUSALS.get(error.status_code, pm.PraiError(error.detail))
    return told(said.to_json(language(request)), language(request), error.status_code)
