"""Amounts and days as ISO 20022 writes them, read strictly: the kernel's readers also take forms XML does not have."""

import re
from datetime import date, datetime

from gateway.kernel import money
from gateway.kernel.calendar import BUSINESS_ZONE, business_day
from gateway.kernel.money import Fen

_AMOUNT = re.compile(r"[0-9]{1,18}(?:\.[0-9]{0,5})?", re.ASCII)
_DAY = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)?", re.ASCII)


def read_amount(text: str) -> Fen | None:
    """Fen of an ActiveOrHistoricCurrencyAndAmount; None when it is not an amount above zero of at most 16 digits."""
    if not _AMOUNT.fullmatch(text):
        return None
    try:
        return money.of(text) or None
    except ValueError:
        return None


def read_booking_day(text: str) -> date | None:
    """The day in China of an ISODate or ISODateTime; a time without a zone is China's. None when there is none."""
    plain = _DAY.fullmatch(text)
    try:
        if plain:
            return date.fromisoformat(plain["day"])
        if "T" not in text:
            return None
        moment = datetime.fromisoformat(text)
        return business_day(moment if moment.tzinfo else moment.replace(tzinfo=BUSINESS_ZONE))
    except (ValueError, OverflowError):  # overflow: the first or last day there is, moved out of range by its zone
        return None
