"""What the dossiers of clearing hold: one month of one institution, its applications, its payments, a payment file.

Amounts are fen by fund, since each fund keeps books of its own and pays its own share.
Assumption: a debt in one fund is not set off against what another fund owes (专款专用).
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

from gateway.kernel.money import Fen


class State(StrEnum):
    """States of a clearing. EXPECTED: applied for before its month was closed, nothing is calculated yet."""

    EXPECTED = "expected"
    CALCULATED = "calculated"
    APPLIED = "applied"
    REVIEWED = "reviewed"
    APPROVED_FIRST = "approved-first"
    APPROVED = "approved"
    INSTRUCTED = "instructed"
    PAID = "paid"
    RETURNED = "returned"


UNREVIEWED = frozenset({State.EXPECTED, State.CALCULATED, State.APPLIED})
UNDECIDED = frozenset({*UNREVIEWED, State.REVIEWED, State.APPROVED_FIRST})


class Reason(StrEnum):
    """Why an amount is deducted 审核扣款. Reading: what review of claims looks for (M10), and one for the rest."""

    OFF_CATALOGUE = "off-catalogue"  # 目录外费用
    OVER_QUANTITY = "over-quantity"  # 超量、超疗程
    OVER_PRICE = "over-price"  # 超标准收费
    DUPLICATE = "duplicate"  # 重复收费
    SPLIT_ADMISSION = "split-admission"  # 分解住院
    NOT_INDICATED = "not-indicated"  # 不合理诊疗、限制支付范围外用药
    IMPERSONATION = "impersonation"  # 冒名就医
    NO_RECORD = "no-record"  # 无病历、无医嘱
    AGREEMENT = "agreement"  # 违反服务协议
    OTHER = "other"


class CareType(StrEnum):
    """What an application is for: sorts of care that are applied for together 清算类别."""

    OUTPATIENT = "outpatient"
    INPATIENT = "inpatient"
    PHARMACY = "pharmacy"
    ALL = "all"


class CareTotal(msgspec.Struct, frozen=True):
    """A month's settlements of one claim kind, less those cancelled in it: `cases` may be negative, so may amounts."""

    kind: str
    cases: int
    total: Fen
    fund: Fen
    account: Fen


class Item(msgspec.Struct, frozen=True):
    """What one payment method makes of the month: what it cost by fee for service, and what is due."""

    terms: str
    method: str
    fee_for_service: Fen
    due: Fen


class Share(msgspec.Struct, frozen=True):
    """One fund's part of a clearing.

    `owed`: postings of the month; `carried`: left over from earlier months (≤ 0); `adjustment`: due by the method less
    owed. Then set off (≥ 0 each): `advance` paid before, `deposit` retained (negative: released), `recovered` of what
    earlier reviews left receivable. `forfeited` of the deposit: kept by the fund, nothing of it was payable.
    `restored`: deducted before from settlements that were cancelled or replaced since.
    """

    fund: str
    owed: Fen = 0
    carried: Fen = 0
    adjustment: Fen = 0
    advance: Fen = 0
    deposit: Fen = 0
    recovered: Fen = 0
    forfeited: Fen = 0
    restored: Fen = 0

    @property
    def base(self) -> Fen:
        """What is left before deductions; negative: it is carried to the next clearing."""
        due = self.owed + self.carried + self.adjustment + self.restored
        return due - self.advance - self.deposit - self.recovered


class Deduction(msgspec.Struct, frozen=True):
    """An amount (> 0) that review takes off. `settlement`: the one it concerns, or ''; `source`: where it is found."""

    fund: str
    amount: Fen
    reason: Reason
    text: str
    source: str
    settlement: str = ""


class Act(msgspec.Struct, frozen=True):
    """Who did what when. `at`: FHIR instant."""

    what: str
    by: str
    at: str
    note: str = ""


class Approval(msgspec.Struct, frozen=True):
    """One person's approval of the amounts that a digest freezes."""

    by: str
    at: str
    digest: str


class Clearing(msgspec.Struct, frozen=True):
    """One institution's month of one scheme. `month`: '2015-06'; `applications`: ids of those that count.

    `unapplied`: why it was reviewed without a matching application; `void`: digests whose first approval fell.
    `payments`: ids of the attempts, the last one counts; `carried`: its negative funds were handed on to `Standing`.
    """

    scheme: str
    month: str
    institution: str
    care: tuple[CareTotal, ...] = ()
    shares: tuple[Share, ...] = ()
    items: tuple[Item, ...] = ()
    applications: tuple[str, ...] = ()
    unapplied: str = ""
    deductions: tuple[Deduction, ...] = ()
    reviewed_by: str = ""
    approvals: tuple[Approval, ...] = ()
    void: tuple[str, ...] = ()
    payments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()


class Applied(msgspec.Struct, frozen=True):
    """The figures of one application or the core's own beside it, net of cancellations. `cash`: the rest of the total.

    Reading: a total is what fund, account and cash paid and what the institution bore; 3203 has no field for the last.
    """

    cases: int
    total: Fen
    fund: Fen
    account: Fen
    cash: Fen


class ApplicationState(StrEnum):
    """KEPT: sent before the month was closed; DIFFERS: both figures are kept, an officer or a new one decides."""

    KEPT = "kept"
    MATCHED = "matched"
    DIFFERS = "differs"
    REVOKED = "revoked"


class Application(msgspec.Struct, frozen=True):
    """What an institution applied for. `type`, `way`: its own codes (clr_type, clr_way); `ours`: None while kept."""

    clearing: str
    scheme: str
    month: str
    institution: str
    care: CareType
    type: str
    way: str
    stated: Applied
    ours: Applied | None = None
    acts: tuple[Act, ...] = ()


class BankWord(msgspec.Struct, frozen=True):
    """What the bank said of a payment: its own reference, the amount and day as it names them, a reason or ''."""

    reference: str
    amount: Fen
    day: str
    reason: str = ""


class PaymentState(StrEnum):
    """States of a payment; RETURNED may come before the booking it returns was told."""

    INSTRUCTED = "instructed"
    ACCEPTED = "accepted"
    BOOKED = "booked"
    REJECTED = "rejected"
    RETURNED = "returned"


class Payment(msgspec.Struct, frozen=True):
    """One attempt to pay one clearing; its id is the EndToEndId. `shares`: fen by fund, all above zero.

    `payee`: the institution whose account is paid, a successor where the creditor was merged; `debtor`: our account.
    """

    clearing: str
    file: str
    scheme: str
    institution: str
    payee: str
    shares: dict[str, Fen]
    name: str
    account: str
    bank: str
    debtor: str
    text: str
    accepted: BankWord | None = None
    rejected: BankWord | None = None
    booked: BankWord | None = None
    returned: BankWord | None = None
    acts: tuple[Act, ...] = ()


class PaymentFile(msgspec.Struct, frozen=True):
    """A payment instruction as it left: the same bytes for whoever asks again."""

    scheme: str
    day: str
    batch: str
    payments: tuple[str, ...]
    content_type: str
    content: bytes
    left_out: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()


class Standing(msgspec.Struct, frozen=True):
    """What stands between an institution and a scheme from month to month, by fund.

    `carried`: negative remainders (≤ 0) that the next clearing takes up; `receivable`: deductions beyond what was
    payable (≥ 0), recovered from the next clearings; `deducted`: by settlement, what was deducted from it by fund.
    """

    carried: dict[str, Fen] = {}
    receivable: dict[str, Fen] = {}
    deducted: dict[str, dict[str, Fen]] = {}


def payable(share: Share, deductions: Iterable[Deduction]) -> tuple[Fen, Fen]:
    """What a fund pays after deductions, and what of them stays receivable: never more than payable is deducted."""
    deducted = sum(each.amount for each in deductions if each.fund == share.fund)
    available = max(0, share.base)
    return max(0, available - deducted), max(0, deducted - available)


def payables(clearing: Clearing) -> dict[str, Fen]:
    """What each fund pays, zeros left out."""
    found = {share.fund: payable(share, clearing.deductions)[0] for share in clearing.shares}
    return {fund: fen for fund, fen in found.items() if fen}


def receivables(clearing: Clearing) -> dict[str, Fen]:
    """What deductions leave receivable in each fund, zeros left out."""
    found = {share.fund: payable(share, clearing.deductions)[1] for share in clearing.shares}
    return {fund: fen for fund, fen in found.items() if fen}


def summed(*parts: Mapping[str, Fen]) -> dict[str, Fen]:
    """Amounts by fund added up, zeros left out."""
    sums: dict[str, Fen] = {}
    for part in parts:
        for fund, fen in part.items():
            sums[fund] = sums.get(fund, 0) + fen
    return {fund: fen for fund, fen in sorted(sums.items()) if fen}
