"""The way of one message. Prepared outside the transaction, concluded inside it, answered after the commit.

    read_key → decode → translate → allow          `prepare…`: pure, any thread
    open (a repeat: stored answer) → operation → answer → close     `conclude`: one unit of work

A refusal inside an operation rolls its effect back; the message is kept with its reason and the refusal is committed.
Answers with an effect and refusals by rule fix the message key for ever. Malformed or unauthorised input is kept
without one, so that the sender may correct it and send it under the same key.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.exchange.desk import Desk, Looking, Result
from gateway.fhir.guide import Guide
from gateway.kernel.ids import AreaCode
from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.policies.load import PolicyBook
from gateway.security.partners import Partner
from gateway.store.unit import Unit
from gateway.store.values import MessageKey, MessageRecord, MessageState, Wants

log = logging.getLogger("gateway.exchange")

FINAL_REFUSALS = frozenset({Kind.RULE})
"""A message refused for these alone keeps its key; anything else may be corrected and sent again under it."""


NOTHING_WANTED = Wants()


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back, committed. `refused`: the kind of the first problem; `repeated`: it is a stored answer."""

    body: bytes
    refused: Kind | None = None
    problems: tuple[Problem, ...] = ()
    subject: str = ""
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A message that is ready to be concluded. `problems`: it is refused already, for these.

    `look` reads for it before the writer is asked, on another thread, and leaves what it found in `looked`.
    `run` does its work on the desk; `answer` writes the answer from the tree that gives, `refuse` a refusal, both in
    the sender's own format. `kept` False: only a refusal of it is kept (REST writes, whose resource is the record).
    """

    id: str
    channel: str
    sender: str
    kind: str
    request: bytes
    received_at: datetime
    refuse: Callable[[Sequence[Problem]], bytes]
    partner: Partner | None = None
    key: MessageKey | None = None
    content_hash: bytes = b""
    look: Callable[[Looking], Any] | None = None
    looked: Any = None
    run: Callable[[Desk], Result] | None = None
    answer: Callable[[Mapping[str, Any]], bytes] | None = None
    wants: Wants = NOTHING_WANTED
    problems: tuple[Problem, ...] = ()
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Office:
    """What concluding needs besides the unit: policy, area, ids, guide."""

    book: PolicyBook
    area: AreaCode
    new_id: Callable[[], str]
    guide: Guide


def conclude(unit: Unit, prepared: Prepared, office: Office) -> Reply:
    """Run one prepared message in a unit of work. Never raises for anything in the message."""
    if prepared.problems:
        return _close(unit, prepared, office, prepared.refuse(prepared.problems), prepared.problems)
    if prepared.key is not None:
        prior = unit.prior(prepared.key)
        if prior is not None and prior.content_hash == prepared.content_hash:
            refused = Kind.RULE if prior.state is MessageState.REFUSED else None
            return Reply(prior.answer, refused, subject=prior.subject, repeated=True)
        if prior is not None:
            problems = (_other_content(prepared),)
            return _close(unit, prepared, office, prepared.refuse(problems), problems)

    assert prepared.partner, "a message without problems has a sender"
    assert prepared.run, "a message without problems can be run"
    assert prepared.answer, "a message without problems can be answered"
    mark = unit.mark()
    desk = Desk(
        unit,
        office.book,
        prepared.partner,
        office.area,
        prepared.received_at,
        office.new_id,
        prepared.id,
        office.guide,
        prepared.looked,
    )
    try:
        result = prepared.run(desk)
        answer = prepared.answer(result.tree)
    except Refusal as refusal:
        if any(problem.kind is Kind.FAULT for problem in refusal.problems):
            log.error("fault in message %s (%s): %s", prepared.id, prepared.kind, refusal)
        unit.rollback(mark)
        return _close(unit, prepared, office, prepared.refuse(refusal.problems), refusal.problems)
    except Exception:
        log.exception("fault in message %s (%s)", prepared.id, prepared.kind)
        unit.rollback(mark)
        problems = (fault(prepared.id),)
        return _close(unit, prepared, office, prepared.refuse(problems), problems)
    return _close(unit, prepared, office, answer, (), result.subject)


def _close(
    unit: Unit,
    prepared: Prepared,
    office: Office,
    answer: bytes,
    problems: tuple[Problem, ...],
    subject: str = "",
) -> Reply:
    state = MessageState.ANSWERED
    if problems:
        final = prepared.key is not None and all(problem.kind in FINAL_REFUSALS for problem in problems)
        state = MessageState.REFUSED if final else MessageState.REJECTED
    principal = prepared.partner.id if prepared.partner else ""
    if problems or prepared.kept:
        unit.record_message(
            MessageRecord(
                id=prepared.id,
                area=office.area,
                channel=prepared.channel,
                sender=prepared.sender,
                key=prepared.key.id if prepared.key is not None and state is not MessageState.REJECTED else None,
                content_hash=prepared.content_hash,
                state=state,
                kind=prepared.kind,
                request=prepared.request,
                answer=answer,
                problems=problems,
                received_at=prepared.received_at,
                principal=principal,
                subject=subject,
            )
        )
    unit.audit(
        principal=principal,
        action=prepared.kind,
        object=subject,
        outcome=problems[0].code if problems else "ok",
        message=prepared.id,
    )
    return Reply(answer, problems[0].kind if problems else None, problems, subject)


def fault(reference: str) -> Problem:
    """Our bug: logged under the message's id; the sender learns nothing else of it."""
    return Problem(
        Kind.FAULT,
        "internal-fault",
        "",
        f"the gateway failed on this message ({reference}); nothing was changed: report the number to the agency",
        f"网关处理失败(编号 {reference}),未产生任何变更:请将编号告知经办机构",
    )


def _other_content(prepared: Prepared) -> Problem:
    assert prepared.key is not None
    return Problem(
        Kind.CONFLICT,
        "key-reused",
        "",
        f"message '{prepared.key.id}' was answered before with other content: send new business under a new number",
        f"报文“{prepared.key.id}”此前已以不同内容处理:新业务请使用新的报文编号",
    )
