"""A payment file: agreements, case groups, appraisal, deposits, limits, stated facts, bank accounts, closures."""

from collections.abc import Collection

from gateway.payment.payment import Payment
from gateway.policies.nodes import Spot, plain
from gateway.policies.read_catalogue import canonical, content_hash
from gateway.policies.read_payment_area import read_accounts, read_changes, read_payees, read_stated
from gateway.policies.read_payment_scope import Origin
from gateway.policies.read_payment_terms import read_groupers, read_terms
from gateway.policies.read_payment_year import read_appraisals, read_deposits, read_limits
from gateway.policies.reading import members

_OPTIONAL = ("groups", "appraisals", "deposits", "limits", "stated", "accounts", "payees", "changes")


def read_payment(spot: Spot, *, policy: str, levels: Collection[str]) -> Payment:
    """The payment file of a policy; problems go to its list. Its version is the hash of its content."""
    content = plain(spot.node)
    origin = Origin(policy, content_hash(content), levels)
    found = members(spot, ("terms",), _OPTIONAL)
    groupers = read_groupers(found.get("groups"), origin)
    groups = {group.code for version in groupers for group in version.value.groups}
    terms = read_terms(found.get("terms"), origin, groups)
    ids = [each.id for each in terms]
    return Payment(
        id=policy,
        version=origin.version,
        body=canonical(content),
        terms=terms,
        groupers=groupers,
        appraisals=read_appraisals(found.get("appraisals"), origin, ids),
        deposits=read_deposits(found.get("deposits"), origin),
        limits=read_limits(found.get("limits"), origin, ids),
        stated=read_stated(found.get("stated")),
        accounts=read_accounts(found.get("accounts")),
        payees=read_payees(found.get("payees")),
        changes=read_changes(found.get("changes"), origin),
    )
