"""The agency's and institutions' way to reconciliation: by REST and by the command, as prepared messages.

None has a message key: what is kept has a key of its own, so that asked again the same thing is answered.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.exchange.apply import LOOKS, OPERATIONS
from gateway.exchange.desk import Desk, Looking, Resource, Result
from gateway.exchange.exchange import Exchange
from gateway.exchange.findings import FINDING, read_finding
from gateway.exchange.pipeline import Prepared, Reply
from gateway.exchange.reconcile import problems
from gateway.exchange.reconcile.bodies import DAY, SIGNED, day_key
from gateway.exchange.reconcile.day import day_tree
from gateway.exchange.reconcile.resolving import finding_tree
from gateway.exchange.reconcile.stated_details import canonical_of
from gateway.fhir.json import decode, encode
from gateway.fhir.outcome import write_outcome
from gateway.kernel.problem import Kind, Problem, Refusal, refuse_if
from gateway.security.allow import check_operation
from gateway.security.partners import Partner, Role
from gateway.store.values import Wants

LARGEST_PAGE = 1000
DAY_FIELDS = ("scheme", "day", "why")
FINDING_FIELDS = ("finding", "action", "why", "reference")
WINDOW_FIELDS = ("institution", "scheme", "care", "from", "to", "refunds")


def prepare(
    exchange: Exchange, partner: Partner, operation: str, said: Mapping[str, str], *resources: Resource
) -> Prepared:
    """An operation of reconciliation with its parameters; `answer` is its tree as JSON."""
    asked: Resource = {
        "resourceType": "Parameters",
        "parameter": [{"name": name, "valueString": value} for name, value in said.items() if value],
    }
    given = [asked, *resources]
    look = LOOKS.get(operation)

    def run(desk: Desk) -> Result:
        return OPERATIONS[operation](desk, given)

    def looked(looking: Looking) -> Any:
        assert look, "asked only where there is one"
        return look(looking, given)

    return Prepared(
        id=exchange.new_id(),
        channel="rest",
        sender=partner.id,
        kind=f"reconcile.{operation}",
        request=encode({"asked": asked, "data": [str(each.get("data", "")) for each in resources]}),
        received_at=exchange.clock(),
        refuse=_refuse,
        partner=partner,
        look=None if look is None else looked,
        run=run,
        answer=encode,
        problems=tuple(check_operation(partner, operation)),
        wants=Wants(closes=operation in ("freeze-day", "sign-off-day")),
    )


def prepare_details(exchange: Exchange, partner: Partner, said: Mapping[str, str], body: bytes) -> Prepared:
    """An institution's details as CSV. Refusal details-unreadable."""
    binary = {"resourceType": "Binary", "data": canonical_of(body)}
    return prepare(exchange, partner, "state-details", said, binary)


def sign_off(exchange: Exchange, partner: Partner, said: Mapping[str, str]) -> Reply:
    """Freezes a day, matches it once more and closes it. Refused with findings-open while one stands in the way."""
    frozen = exchange.take(prepare(exchange, partner, "freeze-day", said)).result()
    if frozen.refused is not None:
        return frozen
    if decode(frozen.body)["Day"]["state"] == SIGNED:
        return frozen
    signed = exchange.take(prepare(exchange, partner, "sign-off-day", said)).result()
    if signed.refused is not None:
        return signed
    left = decode(signed.body)["Open"]
    if not left:
        return signed
    found = (problems.findings_open(int(left), said.get("day", "")),)
    return Reply(_refuse(found), found[0].kind, found)


def find_day(exchange: Exchange, partner: Partner, scheme: str, day: str) -> Mapping[str, Any]:
    """A day with its last match. Refusal: not the agency; day-not-matched."""
    refuse_if(check_operation(partner, "match-day"))
    dossier = exchange.store.dossier_of_key(DAY, day_key(scheme[:40], day[:10]))
    if dossier is None:
        raise Refusal(problems.day_not_matched(scheme[:40], day[:10]))
    return day_tree(dossier)


def find_findings(exchange: Exchange, partner: Partner, asked: Mapping[str, str]) -> Mapping[str, Any]:
    """A page of the worklist. `asked`: day, state, institution, after, limit. An institution sees its own alone."""
    institution = partner.institution if partner.role is Role.CLINIC else asked.get("institution", "")
    if partner.role is not Role.CLINIC:
        refuse_if(check_operation(partner, "match-day"))
    text = asked.get("limit", "") or str(LARGEST_PAGE)
    limit = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0
    if not 0 < limit <= LARGEST_PAGE:
        raise Refusal(_bad_limit())
    found = exchange.store.dossiers(
        FINDING,
        state=asked.get("state") or None,
        period=asked.get("day") or None,
        party=institution or None,
        after=asked.get("after") or None,
        limit=limit,
    )
    listed = [finding_tree(each)["Finding"] for each in found]
    return {"findings": listed, "next": found[-1].id if len(found) == limit else ""}


def find_finding(exchange: Exchange, partner: Partner, id: str) -> Mapping[str, Any]:
    """One finding. Refusal no-such-finding: there is none, or it is another institution's."""
    dossier = exchange.store.dossier(FINDING, id[:64])
    if partner.role is not Role.CLINIC:
        refuse_if(check_operation(partner, "match-day"))
    elif dossier is not None and read_finding(dossier).institution != partner.institution:
        dossier = None
    if dossier is None:
        raise Refusal(problems.no_finding(id))
    return finding_tree(dossier)


def _refuse(found: Sequence[Problem]) -> bytes:
    return encode(write_outcome(found))


def _bad_limit() -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-page",
        "limit",
        f"a page holds 1 to {LARGEST_PAGE} findings: send a limit in that range",
        f"每页为1至{LARGEST_PAGE}项:请在此范围内填写limit",
    )
