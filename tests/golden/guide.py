"""The worked example in `profiles/README.md`: its Claim is really submitted, its ClaimResponse is what came back."""

import re
from datetime import date
from pathlib import Path

import msgspec

from gateway.exchange.submit import prepare_submit
from gateway.security.partners import Partner, Role
from tests.golden.world import ROOT, Citizen, Shared, open_world, settle_in

GUIDE = ROOT / "profiles" / "README.md"
CITY = "H32118200001"
DAY = date(2015, 3, 9)
CITIZENS = [Citizen("321182196005010017", "测试一")]
_EXAMPLE = re.compile(r"```json\n(.*?)```\n", re.DOTALL)


def examples(text: str) -> list[str]:
    """The JSON examples of the guide: the Claim, then its ClaimResponse."""
    return _EXAMPLE.findall(text)


def answered(claim: str, shared: Shared, place: Path) -> str:
    """What a gateway in the empty folder `place` answers the claim, indented."""
    clinic = Partner(CITY, Role.CLINIC, CITY, CITY)
    exchange = open_world(place, shared, area="321182", day=DAY, partners=[clinic])
    try:
        settle_in(exchange, CITIZENS, on=DAY)
        prepared = prepare_submit(exchange, clinic, claim.encode(), idempotency_key="")
        return msgspec.json.format(exchange.conclude(prepared).result().body, indent=2).decode() + "\n"
    finally:
        exchange.store.close()


def rewritten(text: str, response: str) -> str:
    """The guide with this answer in the place of the one it has."""
    claim, before = examples(text)
    head, _, rest = text.partition(claim)
    return head + claim + rest.replace(before, response, 1)
