"""The page as HTML, and to its file, which appears whole or not at all."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING

from prai_match.files import put
from prai_match.report._page import page
from prai_match.report._render import render, templates
from prai_match.text import current_language

if TYPE_CHECKING:
    import os

    from prai_match.errors import Lang
    from prai_match.plan import Plan
    from prai_match.recommend import Answered


def html(recs: Answered, *, lang: Lang | None = None, service: str = "", plan: Plan | None = None) -> str:
    """Return the page of recommendations as HTML (see `Recommendations.report`).

    Raises:
        PraiError: The extra ``report`` is not installed.
        UnknownCodeError: The language is neither ``fr`` nor ``en``.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, report
        >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3), territories="200066231")
        >>> report.html(recs).splitlines()[:2]
        ['<!DOCTYPE html>', '<html lang="fr">']
    """
    lang = current_language(lang)
    parts = templates(lang)
    return render(page(recs, lang=lang, service=service, plan=plan), parts)


def write(
    recs: Answered,
    path: str | os.PathLike[str],
    *,
    lang: Lang | None = None,
    service: str = "",
    plan: Plan | None = None,
) -> Path:
    """Write the page of recommendations (see `Recommendations.report`)."""
    path = Path(path)
    if not path.parent.is_dir():  # before the work is done, not after
        raise FileNotFoundError(errno.ENOENT, "the folder of the report does not exist", str(path.parent))
    put(path, html(recs, lang=current_language(lang), service=service, plan=plan).encode())
    return path
