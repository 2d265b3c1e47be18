"""The town arrives: its people by files of the police, their contributions by notifications of the bank.

Files come as they come in life: in two character sets, two versions, in single entries and in batches; a notification
is repeated, somebody pays too little, somebody pays twice, and one credit names nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import httpx

from gateway.demo.home import BANK_ACCOUNT, POLICE_UNIT
from gateway.demo.people import REGISTERED_ON, TODAY, Resident, Town, new_citizen_id, stranger_id
from gateway.demo.site import Site
from gateway.kernel.calendar import BUSINESS_ZONE

LEVY = "200.00"
BOOKED_ON = date(2015, 1, 8)
REPEATED_CREDITS = 24
DIED_ON = date(2015, 2, 10)
CHANGED_ON = date(2015, 3, 18)
TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Sent:
    """One file as it was sent and answered. `records`: how many it holds."""

    feed: str
    name: str
    records: int
    status: int
    answer: bytes


def send_file(site: Site, feed: str, name: str, records: int, body: bytes) -> Sent:
    """POST a file to its feed with the token of the partner that has the feed's name."""
    response = httpx.post(
        f"{site.addresses.base_url}/feeds/{feed}",
        content=body,
        headers=site.access.bearer(feed),
        timeout=TIMEOUT_SECONDS,
        trust_env=False,
    )
    site.sent.extend([feed] * (1 + records))
    return Sent(feed, name, records, response.status_code, response.content)


def register_people(site: Site, town: Town) -> list[Sent]:
    """Two population files: half of the town in UTF-8, half in GB 18030."""
    police = site.senders["police"]
    half = len(town.residents) // 2
    sent = []
    for charset, residents in (("utf-8", town.residents[:half]), ("gb18030", town.residents[half:])):
        changes = [_registration(police, resident) for resident in residents]
        body = police.population_file(changes, unit=POLICE_UNIT, charset=charset)
        sent.append(send_file(site, "police", f"roster-{charset}", len(changes), body))
    return sent


def post_contributions(site: Site, town: Town) -> list[Sent]:
    """Three notifications, then one that repeats entries of the first."""
    bank = site.senders["bank"]
    half = len(town.residents) // 2
    first = [_credit(bank, resident) for resident in town.residents[:half]]
    second = [
        credit
        for resident in town.residents[half:]
        if resident is not town.parts["credited_twice"]
        for credit in _credits(bank, town, resident)
    ]
    twice = _credit(bank, town.parts["credited_twice"])
    nobody = [
        bank.credit(stranger_id(), "测试外人", LEVY, "CR-STRANGER"),
        bank.credit("", "测试无名", LEVY, "CR-NOBODY", remittance="居民医保"),
    ]
    files: list[tuple[str, Sequence[Any], dict[str, Any]]] = [
        ("BANK-1", first, {"version": "08"}),
        ("BANK-2", second, {"version": "02", "charset": "GB18030", "batch": True}),
        ("BANK-3", [twice, *nobody], {"version": "04"}),
        ("BANK-4", [twice, *first[: REPEATED_CREDITS - 1]], {"version": "08"}),
    ]
    return [_send_credits(site, name, credits, **form) for name, credits, form in files]


def report_changes(site: Site, town: Town) -> list[Sent]:
    """The population file of March: a death, a move, a changed number, a new household, and a row sent before."""
    police = site.senders["police"]
    parts = town.parts
    renumbered = parts["renumbered"]
    changes = [
        _change(police, "死亡", "2015-1001", parts["deceased"], died_on=DIED_ON),
        _change(police, "迁出", "2015-1002", parts["moved_out"]),
        _change(police, "变更号码", "2015-1003", renumbered, new_citizen_id=new_citizen_id(renumbered)),
        _change(police, "户变动", "2015-1004", parts["other_household"], household="H9001", relation="户主"),
        _registration(police, town.residents[0]),
    ]
    body = police.population_file(changes, unit=POLICE_UNIT, charset="utf-8-sig")
    return [send_file(site, "police", "changes", len(changes), body)]


def _registration(police: Any, resident: Resident) -> Any:
    born_this_year = resident.born_on > REGISTERED_ON
    return police.change(
        "出生" if born_this_year else "登记",
        f"2015-{resident.number + 1:04d}",
        resident.citizen_id,
        resident.name,
        resident.born_on if born_this_year else REGISTERED_ON,
        household=resident.household,
        relation=resident.relation,
        head_id=resident.head_id,
        address=f"测试路{resident.number + 1}号",
    )


def _change(police: Any, event: str, number: str, resident: Resident, **more: Any) -> Any:
    return police.change(event, number, resident.citizen_id, resident.name, CHANGED_ON, **more)


def _credits(bank: Any, town: Town, resident: Resident) -> list[Any]:
    parts = town.parts
    if resident is parts["paid_short"]:
        return [_credit(bank, resident, amount="150.00")]
    if resident is parts["paid_over"]:
        return [_credit(bank, resident, amount="250.00")]
    if resident is parts["paid_in_parts"]:
        return [_credit(bank, resident, amount="80.00"), _credit(bank, resident, amount="120.00", mark="-2")]
    return [_credit(bank, resident)]


def _credit(bank: Any, resident: Resident, *, amount: str = LEVY, mark: str = "") -> Any:
    return bank.credit(resident.citizen_id, resident.name, amount, f"CR{resident.number + 1:06d}{mark}")


def _send_credits(site: Site, name: str, credits: Sequence[Any], **form: Any) -> Sent:
    body = site.senders["bank"].credit_file(
        credits,
        account=BANK_ACCOUNT,
        message_id=name,
        created_at=datetime.combine(TODAY - timedelta(days=70), time(18), BUSINESS_ZONE),
        booked_on=BOOKED_ON,
        **form,
    )
    return send_file(site, "bank", name, len(credits), body)
