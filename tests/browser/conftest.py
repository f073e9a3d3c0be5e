"""Pages in Debian's Chromium, without a network; without a browser the tests are skipped, and say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from watched import Watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.fixture
def watched(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Watched]:
    """A page that may reach nothing but what it is given, and whose errors are kept."""
    options: dict[str, Any] = getattr(request, "param", {})
    with chromium.new_context(offline=True, **options) as context:
        page = Watched(context.new_page())
        yield page
        assert page.faults == []
