#!/usr/bin/env python3
"""Writes tests/data/working_days_2020_2040.txt, the table that the calendar is held to.

    python3 -m venv venv && venv/bin/pip install holidays==0.109 workalendar==17.0.0
    venv/bin/python data/scripts/make_working_days.py

Two packages that know nothing of each other must agree on the public holidays (lag 1989:253). The
three eves of lag (1930:173) §2 are added here.
"""

from datetime import date, timedelta
from pathlib import Path

import holidays
from workalendar.europe import Sweden

TARGET = Path(__file__).resolve().parents[2] / "tests" / "data" / "working_days_2020_2040.txt"


def main():
    lines = [
        "# Days from Monday to Friday that are no working days in Sweden, 2020-2040.",
        "# Oracle: the Python packages holidays 0.109 and workalendar 17.0.0, which agree, plus",
        "# Midsummer Eve, Christmas Eve and New Year's Eve. Written by make_working_days.py.",
    ]
    for year in range(2020, 2041):
        lines.append(f"{year}: " + " ".join(day.strftime("%m-%d") for day in days_off(year)))
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


def days_off(year):
    public = set(holidays.Sweden(years=year, include_sundays=False).keys())
    other = {day for day, _ in Sweden().holidays(year) if day.year == year}
    eves = {date(year, 12, 24), date(year, 12, 31), midsummer_eve(year)}
    both = [sorted(day for day in days | eves if day.weekday() < 5) for days in (public, other)]
    assert both[0] == both[1], (year, both)
    return both[0]


def midsummer_eve(year):
    """The Friday between 19 and 25 June."""
    return next(day for day in (date(year, 6, 19) + timedelta(n) for n in range(7))
                if day.weekday() == 4)


main()
