"""What is settled: a claim with the facts of its person, and the counters of what the period has used so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from gateway.kernel.calendar import Period
from gateway.kernel.ids import AreaCode, ClaimId, InstitutionCode, PersonId
from gateway.kernel.money import Fen, Rate
from gateway.kernel.quantity import MicroYuan, TenThousandths
from gateway.settlement.rule import Rule


class ClaimKind(StrEnum):
    """What sort of treatment a claim is for; NHSA's med_type maps to it."""

    INPATIENT = "inpatient"
    OUTPATIENT = "outpatient"
    CHRONIC = "chronic"  # 门诊慢特病
    SPECIAL_DRUG = "special_drug"  # 特殊药品
    PHARMACY = "pharmacy"
    MATERNITY = "maternity"
    EMERGENCY = "emergency"
    DAY_SURGERY = "day_surgery"


STAYS = frozenset({ClaimKind.INPATIENT, ClaimKind.MATERNITY, ClaimKind.DAY_SURGERY})
"""Kinds with an admission: they count one, and a visit is settled once, whatever its bills are called."""


class ItemClass(StrEnum):
    """Catalogue class 甲 (A), 乙 (B), 丙 (C)."""

    A = "A"
    B = "B"
    C = "C"


class Terms(NamedTuple):
    """What the catalogue says of an item at an institution level on a day. `charge`: bed, drug, lab …"""

    item_class: ItemClass
    first_payment: Rate
    ceiling_price: MicroYuan | None
    charge: str
    rule: Rule


class Line(NamedTuple):
    """One line of the bill. `terms` None: the code is not in the catalogue (目录外).

    `served_on`: the day whose catalogue counts; None where nobody said, which is the claim's last.
    """

    number: int
    code: str
    amount: Fen
    quantity: TenThousandths
    terms: Terms | None
    served_on: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """The facts of a person on the deciding day that policy may ask for.

    `account_balance`: fen in the personal account 个人账户; `wage_last_year`: fen, or None where it is not known;
    `family_balance`: fen in the accounts of the family that it may draw on 家庭共济, the same for all who say `family`.
    """

    id: PersonId
    category: str
    born_on: date
    sex: str
    identities: frozenset[str] = frozenset()
    insured_on: date | None = None
    in_arrears: bool = False
    wage_last_year: Fen | None = None
    account_balance: Fen = 0
    family: str = ""
    family_balance: Fen = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A readable claim whose sums were checked. `level`: the institution's level key in the area's policy.

    `approved`: referral, unit or agency approval, where policy asks for it; `filed`: out-of-area care was filed 备案;
    `transfer_from`: level key of the stay that this one continues 转院, or ''.
    """

    id: ClaimId
    area: AreaCode
    scheme: str
    person: Person
    institution: InstitutionCode
    level: str
    kind: ClaimKind
    from_on: date
    to_on: date
    lines: tuple[Line, ...]
    diagnoses: tuple[str, ...] = ()
    disease: str = ""
    designated: bool = True
    approved: bool = True
    filed: bool = True
    transfer_from: str = ""
    third_party_liable: bool = False

    @property
    def decided_on(self) -> date:
        """The day whose policy and period count: discharge for a stay, service otherwise (both are the last day)."""
        return self.to_on

    @property
    def days(self) -> int:
        """Days of a stay: the day of admission counts, that of discharge does not; one at least."""
        return max(1, (self.to_on - self.from_on).days)


class Counters(NamedTuple):
    """What a person has used of one layer in one period."""

    counted: Fen = 0
    fund: Fen = 0
    own_share: Fen = 0
    deductible: Fen = 0
    admissions: int = 0

    def plus(self, other: "Counters") -> "Counters":
        return Counters(
            self.counted + other.counted,
            self.fund + other.fund,
            self.own_share + other.own_share,
            self.deductible + other.deductible,
            self.admissions + other.admissions,
        )

    def negated(self) -> "Counters":
        return Counters(-self.counted, -self.fund, -self.own_share, -self.deductible, -self.admissions)


Layer: TypeAlias = str
Spent: TypeAlias = Mapping[tuple[Layer, Period], Counters]
NOTHING = Counters()


@dataclass(frozen=True, slots=True)
class Movement:
    """A change of one counter row, booked with the claim that caused it."""

    layer: Layer
    period: Period
    delta: Counters


@dataclass(frozen=True, slots=True)
class Case:
    """One claim with what its person has used so far in that scheme.

    `drawn`: fen taken from the personal account since the balance that the claim states was read; `family_drawn`: the
    same of the family's accounts.
    """

    claim: Claim
    spent: Spent = field(default_factory=dict)
    drawn: Fen = 0
    family_drawn: Fen = 0
