"""Recommendations over HTTP with Django: for all territories, for one with reasons, and after changes.

Run it with ``python django_service.py runserver`` in this folder, then ask for ``/recommendations?on=2007-09-03``.
``docs/reference/openapi.json`` describes it. It doesn't check who calls it: put it behind something that does.
"""

from __future__ import annotations

import os
import secrets
import sys
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.management import execute_from_command_line
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path

import answers
import prai_match as pm

if TYPE_CHECKING:
    from collections.abc import Callable

    from prai_match.model import Lang

settings.configure(
    ALLOWED_HOSTS=os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1").split(","),
    DATA_UPLOAD_MAX_MEMORY_SIZE=answers.LARGEST,
    ROOT_URLCONF=__name__,
    SECRET_KEY=os.environ.get("SECRET_KEY") or secrets.token_hex(),
)


def told(content: dict[str, Any], lang: Lang, status: int = 200) -> JsonResponse:
    """Return a response in a language."""
    return JsonResponse(content, status=status, headers=answers.headers(lang))


def page(method: str, answer: Callable[..., dict[str, Any]]) -> Callable[..., JsonResponse]:
    """Return the view that answers a request, or reports all its problems."""

    def view(request: HttpRequest, **place: str) -> JsonResponse:
        if request.method != method:
            return failed(request, status=405)
        lang = language(request)
        try:
            body = {"body": request.body} if method == "POST" else {}
            return told(answer(on=answers.day(request.GET), lang=lang, **place, **body), lang)
        except RequestDataTooBig:
            return failed(request, status=413)
        except pm.PraiError as error:
            return told(error.to_json(lang), lang, answers.status(error))

    return view


def failed(request: HttpRequest, exception: Exception | None = None, status: int = 404) -> JsonResponse:  # noqa: ARG001
    """Report in the same form a request that no page answers; Django passes the exception of a missing page."""
    return told(answers.REFUSALS[status].to_json(language(request)), language(request), status)


def language(request: HttpRequest) -> Lang:
    """Return the language of the answer."""
    return answers.language(request.GET, request.headers.get("accept-language"))


handler404 = failed
urlpatterns = [
    path("recommendations", page("GET", answers.all_of_them)),
    path("recommendations/<str:territory>", page("GET", answers.one_of_them)),
    path("recommendations/<str:territory>/what-if", page("POST", answers.what_if)),
]
application = get_wsgi_application()

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
