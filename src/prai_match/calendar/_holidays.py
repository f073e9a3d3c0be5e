"""The public holidays of France, and the holidays of its schools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from prai_match.errors import PraiError, missing_extra

if TYPE_CHECKING:
    import datetime as dt

Zone = Literal["A", "B", "C"]
"""A zone of the French school holidays."""


def public_holidays(start: dt.date, end: dt.date) -> list[dt.date]:
    """Return the public holidays of the years of a period."""
    try:
        import holidays  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise missing_extra("holidays", "plan", "holidays") from error
    return sorted(holidays.country_holidays("FR", years=range(start.year, end.year + 1)))


def school_holidays(start: dt.date, end: dt.date, zone: Zone | None) -> list[dt.date]:
    """Return the school holidays of a zone in the years of a period; of no zone there are none."""
    if zone is None:
        return []
    try:
        from vacances_scolaires_france import (  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra
            SchoolHolidayDates,
            UnsupportedYearException,
        )
    except ImportError as error:
        raise missing_extra("holidays", "plan", "vacances-scolaires-france") from error
    calendar = SchoolHolidayDates()
    try:
        years = [calendar.holidays_for_year_and_zone(year, zone) for year in range(start.year, end.year + 1)]
    except UnsupportedYearException as error:
        raise PraiError.of("prai_match.calendar", "school_holidays", first=start.year, last=end.year) from error
    return sorted(day for year in years for day in year)
