"""Clearings as officers and institutions read them: JSON values, amounts as exact decimals in yuan."""

from collections.abc import Iterable, Sequence
from typing import Any

from gateway.exchange.clearing.approval import digest_of
from gateway.exchange.clearing.bodies import Act, Application, Applied, Clearing, Payment, PaymentFile, Share, payable
from gateway.exchange.clearing.folders import Held
from gateway.kernel.money import decimal
from gateway.store.values import Dossier


def summary_view(dossier: Dossier) -> dict[str, Any]:
    """One row of a list of clearings."""
    scheme = dossier.key.partition("|")[0]
    return {
        "id": dossier.id,
        "scheme": scheme,
        "month": dossier.period,
        "institution": dossier.party,
        "state": dossier.state,
        "payable": decimal(dossier.fen),
    }


def clearing_view(held: Held[Clearing]) -> dict[str, Any]:
    """A whole clearing. `digest`: what an approval names."""
    body = held.body
    return {
        **summary_view(held.dossier),
        "digest": digest_of(body),
        "shares": [_share(share, body) for share in body.shares],
        "care": [
            {
                "kind": each.kind,
                "cases": each.cases,
                "total": decimal(each.total),
                "fund": decimal(each.fund),
                "account": decimal(each.account),
            }
            for each in body.care
        ],
        "methods": [
            {
                "terms": each.terms,
                "method": each.method,
                "feeForService": decimal(each.fee_for_service),
                "due": decimal(each.due),
            }
            for each in body.items
        ],
        "applications": list(body.applications),
        "unapplied": body.unapplied,
        "deductions": [
            {
                "fund": each.fund,
                "amount": decimal(each.amount),
                "reason": each.reason,
                "text": each.text,
                "source": each.source,
                "settlement": each.settlement,
            }
            for each in body.deductions
        ],
        "reviewedBy": body.reviewed_by,
        "approvals": [{"by": each.by, "at": each.at, "digest": each.digest} for each in body.approvals],
        "payments": list(body.payments),
        "notes": list(body.notes),
        "acts": acts_view(body.acts),
    }


def application_view(held: Held[Application]) -> dict[str, Any]:
    """An application with both sides' figures."""
    body = held.body
    return {
        "id": held.id,
        "clearing": body.clearing,
        "scheme": body.scheme,
        "month": body.month,
        "institution": body.institution,
        "careType": body.care,
        "type": body.type,
        "way": body.way,
        "state": held.state,
        "stated": _figures(body.stated),
        "ours": _figures(body.ours) if body.ours else None,
        "acts": acts_view(body.acts),
    }


def payment_view(held: Held[Payment]) -> dict[str, Any]:
    """A payment, with what the bank said of it."""
    body = held.body
    said = {name: getattr(body, name) for name in ("accepted", "rejected", "booked", "returned")}
    return {
        "id": held.id,
        "clearing": body.clearing,
        "file": body.file,
        "institution": body.institution,
        "payee": body.payee,
        "state": held.state,
        "amount": decimal(held.dossier.fen),
        "shares": {fund: decimal(fen) for fund, fen in body.shares.items()},
        "bank": {
            name: {"reference": word.reference, "day": word.day, "reason": word.reason}
            for name, word in said.items()
            if word is not None
        },
        "acts": acts_view(body.acts),
    }


def file_view(held: Held[PaymentFile]) -> dict[str, Any]:
    """A payment file without its bytes. `leftOut`: approved clearings that have no payee."""
    body = held.body
    return {
        "id": held.dossier.key,
        "scheme": body.scheme,
        "day": body.day,
        "batch": body.batch,
        "total": decimal(held.dossier.fen),
        "payments": list(body.payments),
        "leftOut": list(body.left_out),
    }


def no_file_view(left_out: Sequence[str]) -> dict[str, Any]:
    """The same where no approved clearing had a payee: there is no file."""
    return {"id": "", "total": decimal(0), "payments": [], "leftOut": list(left_out)}


def acts_view(acts: Iterable[Act]) -> list[dict[str, str]]:
    """Who did what when."""
    return [{"what": each.what, "by": each.by, "at": each.at, "note": each.note} for each in acts]


def _share(share: Share, clearing: Clearing) -> dict[str, Any]:
    paid, receivable = payable(share, clearing.deductions)
    return {
        "fund": share.fund,
        "owed": decimal(share.owed),
        "carried": decimal(share.carried),
        "adjustment": decimal(share.adjustment),
        "restored": decimal(share.restored),
        "advance": decimal(share.advance),
        "deposit": decimal(share.deposit),
        "recovered": decimal(share.recovered),
        "deducted": decimal(sum(each.amount for each in clearing.deductions if each.fund == share.fund)),
        "receivable": decimal(receivable),
        "carriedForward": decimal(min(0, share.base)),
        "payable": decimal(paid),
    }


def _figures(figures: Applied) -> dict[str, Any]:
    return {
        "cases": figures.cases,
        "total": decimal(figures.total),
        "fund": decimal(figures.fund),
        "account": decimal(figures.account),
        "cash": decimal(figures.cash),
    }
