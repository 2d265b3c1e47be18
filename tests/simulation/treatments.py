"""Generated treatments: the same seed gives the same ones.

Prices lie on both sides of the ceilings, quantities have up to four decimals, some codes are in no catalogue, so that
every cut of a line occurs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from gateway.kernel import quantity
from gateway.kernel.ids import InstitutionCode
from gateway.kernel.money import Fen
from gateway.policies.load import AreaPolicy
from gateway.settlement.claim import STAYS

TODAY = date(2015, 3, 20)
CITY, TOWNSHIP, OUTSIDE = "H32118200001", "H32118200101", "H32110000001"
OFF_CATALOGUE = "XZ99ZZZ999Z999999999999"
DEAR = Decimal(1000)
FIRST_DAY = date(2015, 1, 5)
HYPERTENSION, LEUKAEMIA, PNEUMONIA = ("I10", "高血压"), ("C92.1", "慢性髓性白血病"), ("J18.900", "肺炎")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill: yuan with up to six decimals, a quantity with up to four, the day it was given."""

    code: str
    name: str
    price: Decimal
    count: Decimal
    served_on: date

    @property
    def fen(self) -> Fen:
        return quantity.cost(quantity.price(self.price), quantity.quantity(self.count))


@dataclass(frozen=True, slots=True)
class Treatment:
    """What was done to a person, as every channel can say it. `kind`: a ClaimKind; `disease`: code and name, or ''."""

    institution: str
    kind: str
    from_on: date
    to_on: date
    diagnoses: tuple[tuple[str, str], ...]
    disease: tuple[str, str]
    lines: tuple[Line, ...]

    @property
    def total(self) -> Fen:
        return sum(line.fen for line in self.lines)


def make_treatment(chance: Random, policy: AreaPolicy) -> Treatment:
    """One treatment at one of three levels of institution."""
    kind = chance.choice(("inpatient", "inpatient", "inpatient", "chronic", "chronic", *_RARER))
    institution = chance.choice((CITY, CITY, TOWNSHIP, OUTSIDE))
    from_on = FIRST_DAY + timedelta(days=chance.randrange(60))
    to_on = from_on + timedelta(days=chance.randrange(1, 14)) if kind in STAYS else from_on
    special = kind == "special_drug"
    codes = _SPECIAL if special else sorted(set(policy.catalogue.items) - set(_SPECIAL))
    chosen = chance.sample(codes, k=1 if special else chance.randrange(1, 9))
    if not special and chance.randrange(8) == 0:
        chosen.append(OFF_CATALOGUE)
    lines = tuple(_line(chance, policy, code, institution, from_on, to_on) for code in chosen)
    return Treatment(
        institution,
        kind,
        from_on,
        to_on,
        diagnoses=(LEUKAEMIA,) if special else chance.choice(((HYPERTENSION,), (PNEUMONIA, HYPERTENSION))),
        disease=("M03900", "高血压") if kind == "chronic" else ("", ""),
        lines=lines,
    )


_RARER = ("outpatient", "emergency", "special_drug", "maternity", "day_surgery", "pharmacy")
_SPECIAL: Sequence[str] = ("XL01XEY002E001010100071", "XL01XEN021E001010100073")


def _line(chance: Random, policy: AreaPolicy, code: str, institution: str, from_on: date, to_on: date) -> Line:
    served_on = from_on + timedelta(days=chance.randrange((to_on - from_on).days + 1))
    item = policy.catalogue.item(code, served_on)
    designated = policy.institutions.on(InstitutionCode(institution), served_on)
    assert designated is not None, f"{institution} is designated in {served_on.year}"
    terms = policy.catalogue.terms(code, level=designated.level, day=served_on)
    ceiling = terms.ceiling_price if terms is not None and terms.ceiling_price else chance.randrange(1, 90_000) * 10_000
    price = Decimal(ceiling * chance.choice((60, 95, 100, 100, 103, 140)) // 100).scaleb(-6)
    if chance.randrange(4):
        price = price.quantize(Decimal("0.01")) or Decimal("0.01")
    count = Decimal(chance.randrange(1, 60 if price < DEAR else 3))
    if chance.randrange(6) == 0:
        count += Decimal(chance.randrange(1, 10_000)).scaleb(-4)
    while not quantity.cost(quantity.price(price), quantity.quantity(count)):  # a line costs a fen at least
        count *= 10
    return Line(code, item.zh if item else "院内自制", price, count.normalize() + 0, served_on)
