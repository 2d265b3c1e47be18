"""The explanation of one settlement as one value: who pays what, each line, each step in figures, the rules cited.

It is made from what was stored with the settlement (`settlement.explain.trace`) and the policy kept by its hash, so it
says the same for ever. Amounts are texts in yuan such as '12.34'.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from gateway.datasets.titles import fund_title
from gateway.kernel import money
from gateway.policies.load import policy_from_body
from gateway.settlement.catalogue import Catalogue
from gateway.settlement.claim import Claim
from gateway.settlement.explain import Explained, explain_trace
from gateway.settlement.policy import Policy
from gateway.settlement.rule import Wording
from gateway.settlement.steps import FIGURES
from gateway.store.store import Store
from gateway.store.values import Settlement

_NOTHING = Wording("", "")
_ALWAYS = date.min.isoformat()


@dataclass(frozen=True, slots=True)
class Head:
    """Which settlement this is. Of a worked case only `claim` (its name) and `state` ('case') say something."""

    settlement: str
    claim: str
    state: str
    institution: str
    decided_on: str
    cancelled_by: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """The bill and who pays it. `total` = the four parts = `fund` + `account` + `institution_share` + `cash`."""

    total: str
    own_expense: str
    over_limit: str
    first_payment: str
    in_scope: str
    deductible: str
    counted: str
    fund: str
    account: str
    institution_share: str
    cash: str


@dataclass(frozen=True, slots=True)
class FundShare:
    """What one fund pays."""

    fund: str
    zh: str
    en: str
    amount: str


@dataclass(frozen=True, slots=True)
class LineParts:
    """One line of the bill. `zh`, `en`: the catalogue's name of its code, '' off the catalogue."""

    line: int
    code: str
    zh: str
    en: str
    amount: str
    own_expense: str
    over_limit: str
    first_payment: str
    in_scope: str


@dataclass(frozen=True, slots=True)
class CitedRule:
    """A rule the figures come from, once."""

    rule: str
    version: str
    in_force_from: str
    source: str
    reading: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything there is to say. `titles`: the policy's words for itself, the benefit, category and level."""

    head: Head
    policy: str
    version: str
    benefit: str
    titles: Mapping[str, Wording]
    summary: Summary | None
    funds: tuple[FundShare, ...]
    lines: tuple[LineParts, ...]
    figures: tuple[Explained, ...]

    @property
    def rules(self) -> tuple[CitedRule, ...]:
        """The rules in the order in which they are first used."""
        cited = (CitedRule(f.rule, f.version, f.in_force_from, f.source, f.reading) for f in self.figures)
        return tuple(dict.fromkeys(cited))


class _Kept(msgspec.Struct, frozen=True):
    """What `settlement.record` wrote, as far as people are told it."""

    claim: Claim
    total: int
    deductible: int
    counted: int
    funds: dict[str, int]
    account: int
    institution_share: int
    cash: int
    parts: list[tuple[int, int, int, int]]


def since(rule: Explained | CitedRule) -> str:
    """The first day a rule holds; '' where it has none of its own."""
    return "" if rule.in_force_from == _ALWAYS else rule.in_force_from


def find_settlement(store: Store, id: str) -> Settlement | None:
    """By settlement id, else by claim id, else by the id of its cancellation."""
    found = store.settlement(id) or store.settlement_of_claim(id)
    return found if found is not None else _cancelled_by(store, id)


def _cancelled_by(store: Store, id: str) -> Settlement | None:
    response = store.read("ClaimResponse", id)
    if response is None:
        return None
    claim = msgspec.json.decode(response.body).get("request", {}).get("reference", "")
    found = store.settlement_of_claim(claim.removeprefix("Claim/"))
    return found if found is not None and found.cancelled_by == id else None


def explain_settlement(store: Store, settlement: Settlement) -> Explanation:
    """The explanation of a stored settlement."""
    head = Head(
        settlement.id,
        settlement.claim,
        settlement.state.value,
        settlement.institution,
        settlement.decided_on.isoformat(),
        settlement.cancelled_by,
    )
    body = store.policy_body(settlement.policy_hash)
    policy, catalogue = _opened(body) if body is not None else (None, None)
    return explain_stored(msgspec.json.decode(settlement.trace), head, policy, catalogue)


@lru_cache(maxsize=8)
def _opened(body: bytes) -> tuple[Policy, Catalogue]:
    return policy_from_body(body)


def explain_stored(
    trace: Mapping[str, Any], head: Head, policy: Policy | None, catalogue: Catalogue | None
) -> Explanation:
    """The explanation of a trace; without the policy things keep their keys, without a record it has figures only."""
    kept = msgspec.convert(trace["record"], _Kept) if "record" in trace else None
    return Explanation(
        head=head,
        policy=trace["policy"],
        version=trace["version"],
        benefit=trace["benefit"],
        titles=_titles(trace, kept.claim if kept else None, policy),
        summary=_summary(kept) if kept else None,
        funds=_funds(kept) if kept else (),
        lines=_lines(kept, catalogue) if kept else (),
        figures=tuple(explain_trace(trace, FIGURES)),
    )


def _summary(kept: _Kept) -> Summary:
    own, over, first, in_scope = (sum(part) for part in zip(*kept.parts, strict=True)) if kept.parts else (0, 0, 0, 0)
    amounts = (kept.total, own, over, first, in_scope, kept.deductible, kept.counted, sum(kept.funds.values()))
    return Summary(*map(money.text, (*amounts, kept.account, kept.institution_share, kept.cash)))


def _funds(kept: _Kept) -> tuple[FundShare, ...]:
    titles = ((fund, fund_title(fund), fen) for fund, fen in kept.funds.items())
    return tuple(FundShare(fund, title.zh, title.en, money.text(fen)) for fund, title, fen in titles)


def _lines(kept: _Kept, catalogue: Catalogue | None) -> tuple[LineParts, ...]:
    found = []
    for line, parts in zip(kept.claim.lines, kept.parts, strict=True):
        name = _name(catalogue, line.code, line.served_on or kept.claim.decided_on)
        amounts = map(money.text, (line.amount, *parts))
        found.append(LineParts(line.number, line.code, name.zh, name.en, *amounts))
    return tuple(found)


def _name(catalogue: Catalogue | None, code: str, day: date) -> Wording:
    item = catalogue.item(code, day) if catalogue is not None else None
    return Wording(item.zh, item.en) if item is not None else _NOTHING


def _titles(trace: Mapping[str, Any], claim: Claim | None, policy: Policy | None) -> dict[str, Wording]:
    if policy is None:
        return {}
    titles = {"policy": policy.title}
    benefits = {each.id: each.title for each in policy.benefits}
    if trace["benefit"] in benefits:
        titles["benefit"] = benefits[trace["benefit"]]
    if claim is not None:
        facts = (("category", policy.categories, claim.person.category), ("level", policy.levels, claim.level))
        titles |= {name: titled[key] for name, titled, key in facts if key in titled}
    return titles
