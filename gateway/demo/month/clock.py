"""The calendar of the month: stands on the day it was turned to, runs on within it, and never goes back."""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import TypeAlias

from gateway.kernel.calendar import BUSINESS_ZONE

Now: TypeAlias = Callable[[], datetime]


class MonthClock:
    """Owns what time it is for the whole simulation. Within a day the seconds are those of the machine."""

    def __init__(self, day: date) -> None:
        self._at = _morning(day)
        self._since = time.monotonic()

    def __call__(self) -> datetime:
        return self._at + timedelta(seconds=time.monotonic() - self._since)

    @property
    def today(self) -> date:
        """The day the clock stands on."""
        return self().astimezone(BUSINESS_ZONE).date()

    def turn_to(self, day: date) -> None:
        """The morning of a day; nothing happens when it is that day already."""
        if day == self.today:
            return
        assert day > self.today, "time does not run backwards"
        self._at, self._since = _morning(day), time.monotonic()


def _morning(day: date) -> datetime:
    return datetime.combine(day, time_of_day(9), BUSINESS_ZONE)
