"""The lines of a remittance: each settlement of the month, then what changes the sum, to the fen of what is paid."""

from collections.abc import Iterable, Sequence

from gateway.exchange.clearing.bodies import Clearing, Share, payable
from gateway.fhir.payment_reconciliation import SETTLEMENT, Line, by_settlement_or_day
from gateway.store.values import CareRow

TITLES = {
    "other-postings": "当月其他应付变动 / other changes of the payable",
    "carried": "上期结转 / carried from earlier months",
    "method-adjustment": "付费方式清算差额 / difference by payment method",
    "deduction-restored": "所扣结算已撤销、扣款返还 / deducted before from settlements undone since",
    "advance": "冲抵预付 / advance set off",
    "deposit": "预留质量保证金 / quality deposit retained",
    "deposit-released": "返还质量保证金 / quality deposit released",
    "recovered": "抵扣应追回款 / recovered from earlier reviews",
    "receivable": "扣款超出应付、结转追回 / deducted beyond the payable, receivable",
    "carried-forward": "负数结转下期 / carried to the next month",
}


def settlement_lines(care: Iterable[CareRow]) -> list[Line]:
    """One line a settlement booked or cancelled: what funds and account pay of it, net where both fell in the month."""
    sums: dict[str, Line] = {}
    for row in care:
        before = sums.get(row.settlement)
        fen = row.sign * (row.fund + row.account)
        sums[row.settlement] = Line(
            SETTLEMENT,
            fen + (before.amount if before else 0),
            row.settlement,
            row.booked_on if before is None else before.on,
        )
    return [line for line in sums.values() if line.amount]


def remittance_lines(clearing: Clearing, settled: Sequence[Line]) -> list[Line]:
    """Every line of a clearing. Their sum is what it pays."""
    listed = by_settlement_or_day(settled)
    owed = sum(share.owed for share in clearing.shares)
    listed += _line("other-postings", owed - sum(line.amount for line in settled), "")
    for share in clearing.shares:
        listed += _share_lines(share)
    listed += [
        Line(
            "deduction",
            -each.amount,
            each.settlement,
            fund=each.fund,
            text=f"{each.reason}: {each.text} ({each.source})",
        )
        for each in clearing.deductions
    ]
    for share in clearing.shares:
        listed += _line("receivable", payable(share, clearing.deductions)[1], share.fund)
        listed += _line("carried-forward", -min(0, share.base), share.fund)
    return listed


def _share_lines(share: Share) -> list[Line]:
    return [
        *_line("carried", share.carried, share.fund),
        *_line("method-adjustment", share.adjustment, share.fund),
        *_line("deduction-restored", share.restored, share.fund),
        *_line("advance", -share.advance, share.fund),
        *_line("deposit", -max(0, share.deposit), share.fund),
        *_line("deposit-released", -min(0, share.deposit), share.fund),
        *_line("recovered", -share.recovered, share.fund),
    ]


def _line(kind: str, fen: int, fund: str) -> list[Line]:
    return [Line(kind, fen, fund=fund, text=TITLES[kind])] if fen else []
