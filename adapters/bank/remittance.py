"""Whose contribution a credit is, as far as the bank's text says.

The counter agreement writes `YB/<benefit year>/<citizen ID>/<name>` into the remittance: parents pay for children, so
the debtor is often not the insured. In order: the ultimate debtor's national identity number (ISO 20022: on whose
behalf it is paid), the remittance text, the debtor's national identity number. Where two of the first disagree, or
the text names several people, nobody is chosen: the money is posted as unapplied and a person decides.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.bank.record import Record
from gateway.kernel.citizen_id import CitizenId, parse_citizen_id

FULL_LINE = 140  # Max140Text of ISO 20022's Ustrd

_AGREED = re.compile(
    r"(?<![A-Z0-9])YB/(?P<year>(?:19|20)[0-9]{2})/(?P<id>[0-9]{15}(?:[0-9]{2}[0-9X])?)(?![0-9X])(?:/(?P<name>[^/\s]{1,50}))?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Payer:
    """The insured person that money is for. Empty fields: not known. `doubt`: why nobody was chosen, as a code."""

    citizen_id: str = ""
    name: str = ""
    year: str = ""
    doubt: str = ""


def find_payer(record: Record) -> Payer:
    """The person a credit is for, or a payer without citizen ID and the doubt: never a refusal, money has arrived."""
    agreed = _agreed(record.remittance)
    behalf = _valid(record.ultimate_debtor.citizen_id)
    if agreed.doubt == "payer-several" or (behalf and agreed.citizen_id and behalf != agreed.citizen_id):
        return Payer(name=record.debtor.name, year=agreed.year, doubt="payer-several")
    if behalf:
        return Payer(behalf, record.ultimate_debtor.name or agreed.name, agreed.year)
    if agreed.citizen_id:
        return agreed
    if agreed.doubt:
        return Payer(name=agreed.name or record.debtor.name, year=agreed.year, doubt=agreed.doubt)
    debtor = _valid(record.debtor.citizen_id)
    if debtor:
        return Payer(debtor, record.debtor.name)
    named = record.ultimate_debtor.citizen_id or record.debtor.citizen_id
    return Payer(name=record.debtor.name, doubt="payer-invalid" if named else "payer-missing")


def _agreed(lines: Sequence[str]) -> Payer:
    """What the agreed text names. Lines are joined first where one is full: it may be cut in a number."""
    texts = [unicodedata.normalize("NFKC", line) for line in lines]
    joined = list(_AGREED.finditer("".join(texts))) if any(len(line) >= FULL_LINE for line in lines) else []
    found = joined or [match for text in texts for match in _AGREED.finditer(text)]
    numbers = {_valid(match["id"]) for match in found}
    years = {match["year"] for match in found}
    if not found:
        return Payer()
    if len(numbers) > 1 or len(years) > 1:
        return Payer(doubt="payer-several")
    first = found[0]
    number = numbers.pop()
    return Payer(number, first["name"] or "", first["year"], doubt="" if number else "payer-invalid")


def _valid(text: str) -> str:
    """The 18-digit number, or '' when there is none or its checks fail."""
    parsed = parse_citizen_id(text) if text else None
    return parsed.number if isinstance(parsed, CitizenId) else ""
