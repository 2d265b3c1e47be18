"""What an officer does about a finding. Every act is recorded with who, when and why; nothing leaves the list.

| action | of which findings | then |
|---|---|---|
| accept-core | an institution's | resolved: the core is right, the institution corrects its own books |
| ask-institution | an institution's | still open: it was asked to send, to correct or to reverse |
| corrected | any | resolved: what corrected it is named in `reference` |
| post-bank-credit | bank-only credits, income account | resolved: booked as not yet applied (暂收款) |
| write-off | any | asked for; `approve-write-off` by another person resolves it |
| carry-over | any | the day may be signed off, the finding stays on the list as carried |
| reopen | resolved or carried | open |

Assumption: a write-off books nothing. An amount that has to be booked is booked by the accountant as an event of the
fund, and the finding is `corrected` with that event's reference.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

import msgspec

from gateway.exchange.desk import Desk, Resource, Result
from gateway.exchange.findings import CARRIED, FINDING, OPEN, RESOLVED, Finding, Step, read_finding
from gateway.exchange.reconcile import bank, problems
from gateway.exchange.reconcile.bodies import DAY, SIGNED, day_key
from gateway.exchange.reconcile.compare import (
    AMOUNT_DIFFERS,
    ONLY_CORE,
    ONLY_INSTITUTION,
    REVERSED_HERE,
    REVERSED_THERE,
)
from gateway.exchange.reconcile.worklist import UNRESOLVED, WRITE_OFF_ASKED, put_finding
from gateway.fhir.json import encode
from gateway.fhir.parameters import read_parameter
from gateway.kernel.calendar import instant_text
from gateway.kernel.ids import derived_id
from gateway.kernel.problem import Refusal
from gateway.ledger.accounts import Account
from gateway.ledger.entry import Entry, transfer
from gateway.settlement.working import BASIC
from gateway.store.values import Dossier, MessageKey, MessageRecord, MessageState

INSTITUTIONS = frozenset({ONLY_CORE, ONLY_INSTITUTION, AMOUNT_DIFFERS, REVERSED_HERE, REVERSED_THERE})
LONGEST_WHY = 500


class Action(NamedTuple):
    """Findings it is for (empty: any), the states it is taken in, and the state it leads to."""

    what: frozenset[str]
    taken_in: frozenset[str]
    to: str


ACTIONS: Mapping[str, Action] = {
    "accept-core": Action(INSTITUTIONS, UNRESOLVED, RESOLVED),
    "ask-institution": Action(INSTITUTIONS, UNRESOLVED, OPEN),
    "corrected": Action(frozenset(), UNRESOLVED, RESOLVED),
    "post-bank-credit": Action(frozenset({bank.BANK_ONLY}), UNRESOLVED, RESOLVED),
    "write-off": Action(frozenset(), frozenset({OPEN}), WRITE_OFF_ASKED),
    "approve-write-off": Action(frozenset(), frozenset({WRITE_OFF_ASKED}), RESOLVED),
    "carry-over": Action(frozenset(), UNRESOLVED, CARRIED),
    "reopen": Action(frozenset(), frozenset({RESOLVED, CARRIED}), OPEN),
}


def resolve_finding(desk: Desk, resources: Sequence[Resource]) -> Result:
    """The operation `resolve-finding`: one act on one finding. The same act again gives the same answer.

    Refusal: no-such-finding, unknown-action, action-not-for-finding, why-missing, reference-missing, same-person,
    day-signed. Answer tree: Finding{…} as docs/reconciliation.md.
    """
    asked = {name: read_parameter(resources[0], name) for name in ("finding", "action", "why", "reference")}
    dossier = desk.unit.dossier(FINDING, asked["finding"]) if asked["finding"] else None
    if dossier is None:
        raise Refusal(problems.no_finding(asked["finding"]))
    finding, action = read_finding(dossier), ACTIONS.get(asked["action"])
    if action is None:
        raise Refusal(problems.unknown_action(asked["action"], ", ".join(ACTIONS)))
    why = " ".join(part for part in (asked["why"], asked["reference"] and f"[{asked['reference']}]") if part)
    step = Step(asked["action"], desk.partner.id, instant_text(desk.now), why[:LONGEST_WHY])
    if _is_repeat(finding, step) and dossier.state == action.to:
        return Result(finding_tree(dossier), subject=dossier.id)
    _check(desk, dossier, finding, action, asked)

    if asked["action"] == "post-bank-credit":
        _post_credit(desk, dossier, finding)
    body = msgspec.structs.replace(finding, steps=(*finding.steps, step))
    return Result(finding_tree(put_finding(desk.unit, dossier, body, state=action.to)), subject=dossier.id)


def _is_repeat(finding: Finding, step: Step) -> bool:
    last = finding.steps[-1] if finding.steps else None
    return last is not None and (last.action, last.by, last.why) == (step.action, step.by, step.why)


def _check(desk: Desk, dossier: Dossier, finding: Finding, action: Action, asked: Mapping[str, str]) -> None:
    found = []
    if not asked["why"].strip():
        found.append(problems.why_missing())
    if (action.what and finding.what not in action.what) or dossier.state not in action.taken_in:
        found.append(problems.not_for_finding(asked["action"], finding.what, dossier.state))
    if asked["action"] == "corrected" and not asked["reference"]:
        found.append(problems.reference_missing())
    if asked["action"] == "approve-write-off" and finding.steps and finding.steps[-1].by == desk.partner.id:
        found.append(problems.same_person())
    if dossier.state != CARRIED and _is_signed(desk, finding):
        found.append(problems.day_signed(finding.scheme, finding.day))
    if found:
        raise Refusal(found)


def _is_signed(desk: Desk, finding: Finding) -> bool:
    day = desk.unit.dossier_of_key(DAY, day_key(finding.scheme, finding.day)) if finding.scheme else None
    return day is not None and day.state == SIGNED


def _post_credit(desk: Desk, dossier: Dossier, finding: Finding) -> None:
    """Books money that only the bank has told, once: its notification, should it still come, is then known already.

    It is held under the finding's own id until its payer is known.
    """
    fen, number, scheme = finding.theirs.get("fen", 0), finding.names.get("account", ""), finding.scheme
    loaded = desk.book.of(desk.area, scheme)
    named = loaded.payment.accounts if loaded and loaded.payment else {}
    if fen <= 0 or "income" not in named or named["income"].account != number:
        raise Refusal(problems.not_a_receipt())
    key = MessageKey(desk.area, bank.FEED, number, finding.reference)
    if desk.unit.prior(key) is not None:
        raise Refusal(problems.told_meanwhile(finding.reference))
    id = derived_id(desk.area, "bank-credit", dossier.id)
    postings = transfer(
        fund=BASIC, debit=Account.INCOME_ACCOUNT, credit=Account.UNAPPLIED_RECEIPTS, party=dossier.id, amount=fen
    )
    day = desk.unit.open_day(scheme, desk.today)
    desk.unit.post(Entry(id, desk.area, scheme, day, dossier.id, postings))
    desk.unit.record_message(
        MessageRecord(
            id=desk.new_id(),
            area=desk.area,
            channel=bank.FEED,
            sender=number,
            key=finding.reference,
            content_hash=sha256(dossier.body).digest(),
            state=MessageState.ANSWERED,
            kind="reconcile.post-bank-credit",
            request=dossier.body,
            answer=encode(finding_tree(dossier)),
            problems=(),
            received_at=desk.now,
            principal=desk.partner.id,
            subject=dossier.id,
        )
    )


def finding_tree(dossier: Dossier) -> dict[str, object]:
    """A finding for an answer; figures in fen, or cases."""
    body = read_finding(dossier)
    listed = {
        "id": dossier.id,
        "state": dossier.state,
        "day": body.day,
        "scheme": body.scheme,
        "class": body.what,
        "reference": body.reference,
        "institution": body.institution,
        "zh": body.zh,
        "en": body.en,
        "ours": dict(body.ours),
        "theirs": dict(body.theirs),
        "names": dict(body.names),
        "fen": dossier.fen,
        "steps": [{"action": s.action, "by": s.by, "at": s.at, "why": s.why} for s in body.steps],
    }
    return {"Finding": listed}
