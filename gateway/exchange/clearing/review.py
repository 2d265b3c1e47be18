"""Review of a clearing 审核扣款: deductions with their reasons. Nothing is booked before two people approve.

Reading: the decision on a deduction is the second approval, so its entry is posted then; until then a review may be
replaced, which makes a first approval void. What exceeds the payable is carried as receivable and recovered from later
clearings.
"""

from collections.abc import Sequence

import msgspec

from gateway.exchange.clearing import folders, problems
from gateway.exchange.clearing.acting import act
from gateway.exchange.clearing.bodies import Clearing, Deduction, State
from gateway.exchange.clearing.deductions import LONGEST_TEXT, check_deductions
from gateway.exchange.clearing.folders import Held
from gateway.exchange.desk import Desk
from gateway.kernel.problem import Problem, Refusal, refuse_if

REVIEWABLE = (State.CALCULATED, State.APPLIED, State.REVIEWED, State.APPROVED_FIRST)


def review(
    desk: Desk, id: str, deductions: Sequence[Deduction], *, unapplied: str = "", note: str = ""
) -> Held[Clearing]:
    """The clearing in state reviewed, with these deductions in place of those before; again the same changes nothing.

    `unapplied`: why it is reviewed without an application that matches. Refusal: clearing-not-found, clearing-state,
    clearing-not-applied, and every problem of the deductions.
    """
    held = folders.find_clearing(desk.unit, id)
    if held is None:
        raise Refusal(problems.not_found(id))
    body = held.body
    if body.reviewed_by == desk.partner.id and (body.deductions, body.unapplied) == (tuple(deductions), unapplied):
        return held
    if held.state not in REVIEWABLE:
        raise Refusal(problems.wrong_state(held.state, needed=", ".join(REVIEWABLE)))
    found = [*_check_texts(unapplied=unapplied, note=note), *check_deductions(desk.unit, body, deductions)]
    if held.state == State.CALCULATED and not unapplied.strip():
        found.append(problems.not_applied())
    refuse_if(found)

    reviewed = msgspec.structs.replace(
        body,
        deductions=tuple(deductions),
        unapplied=unapplied,
        reviewed_by=desk.partner.id,
        approvals=(),
        void=(*body.void, *(each.digest for each in body.approvals)),
        acts=(*body.acts, act(desk, "reviewed", note)),
    )
    return folders.put_clearing(desk.unit, folders.with_body(held, reviewed), state=State.REVIEWED)


def _check_texts(**texts: str) -> list[Problem]:
    return [problems.bad_reason(name) for name, text in texts.items() if len(text) > LONGEST_TEXT]
