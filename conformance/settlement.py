"""Group settlement: a claim is tried and settled, adds up, is answered the same again, and is settled once."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from conformance.checks import GUIDE, R4, Failed, Group, expect
from conformance.fhir import claim, money, parts, refused, resource
from conformance.site import Site, encode

SETTLEMENT = Group("settlement")
SUBMIT = f"{R4}/claim-operation-submit.html"

SPLIT = ("own-expense", "over-limit", "first-payment", "in-scope")
PAID = ("fund-total", "account", "cash", "institution-share")


def _settled(site: Site, sent: dict[str, Any]) -> dict[str, Any]:
    return resource(site.submit(sent), "ClaimResponse")


@SETTLEMENT.proves("a trial says what the settlement then pays, line by line, and keeps nothing", GUIDE)
def trial_is_final(site: Site) -> None:
    sent = claim(site)
    tried = [resource(site.submit({**sent, "use": "predetermination"}), "ClaimResponse") for _ in range(2)]
    final = _settled(site, sent)
    for name in ("item", "total"):
        expect(encode(tried[0][name]) == encode(tried[1][name]), f"two trials differ in {name}")
        expect(encode(tried[0][name]) == encode(final[name]), f"trial {tried[0][name]} final {final[name]}")
    expect("id" not in tried[0] and "id" in final, "a trial has no id, a settlement has one")


@SETTLEMENT.proves("submitted is the sum of its parts, for each line and in all", GUIDE)
def conservation(site: Site) -> None:
    sent = claim(site)
    answered = _settled(site, sent)
    total = parts(answered["total"])
    expect(total["submitted"] == sent["total"]["value"], f"submitted {total['submitted']}, sent {sent['total']}")
    for names in (SPLIT, PAID):
        expect(total["submitted"] == sum(total[name] for name in names), f"{names} do not add up: {total}")
    funds = [fen for name, fen in total.items() if name.startswith("fund-") and name != "fund-total"]
    expect(total["fund-total"] == sum(funds), f"funds do not add up: {total}")
    expect(answered["payment"]["amount"]["value"] == total["fund-total"], f"paid {answered['payment']}")
    expect(min(total.values()) >= 0, f"a part is negative: {total}")

    lines = [parts(item["adjudication"]) for item in answered["item"]]
    for line, item in zip(lines, sent["item"], strict=True):
        expect(line["submitted"] == item["net"]["value"], f"line {line} for {item['net']}")
        expect(line["submitted"] == sum(line[name] for name in SPLIT), f"line does not add up: {line}")
    for name in ("submitted", *SPLIT):
        expect(total[name] == sum(line[name] for line in lines), f"{name} is not the sum of its lines")


@SETTLEMENT.proves("every amount is written with two decimals", f"{R4}/datatypes.html#Money")
def two_decimals(site: Site) -> None:
    answered = _settled(site, claim(site))
    amounts = [each["amount"]["value"] for each in answered["total"]]
    amounts += [each["amount"]["value"] for item in answered["item"] for each in item["adjudication"]]
    expect(all(isinstance(each, Decimal) and each.as_tuple().exponent == -2 for each in amounts), f"{amounts}")


@SETTLEMENT.proves("the same claim again is answered with the same bytes", GUIDE)
def repeat(site: Site) -> None:
    sent, key = claim(site), site.number()
    first, second = (site.submit(sent, idempotency_key=key) for _ in range(2))
    resource(first, "ClaimResponse")
    expect(first.content == second.content, f"{first.text[:300]} then {second.text[:300]}")


@SETTLEMENT.proves("the same key with other content is a conflict", GUIDE)
def other_content(site: Site) -> None:
    sent, key = claim(site), site.number()
    resource(site.submit(sent, idempotency_key=key), "ClaimResponse")
    refused(site.submit({**claim(site), "priority": {"text": "other"}}, idempotency_key=key), 409)


@SETTLEMENT.proves("a treatment is settled once; the refusal names the first settlement", GUIDE)
def settled_once(site: Site) -> None:
    sent = claim(site)
    first = resource(site.submit(sent, idempotency_key=site.number()), "ClaimResponse")
    said = refused(site.submit(sent, idempotency_key=site.number()), 422)
    expect("already-settled" in said and first["id"] in said, said)


@SETTLEMENT.proves("what was answered is what is stored, and its Claim is active", SUBMIT)
def stored(site: Site) -> None:
    answered = _settled(site, claim(site))
    read = resource(site.get(f"ClaimResponse/{answered['id']}"), "ClaimResponse")
    read.pop("meta")
    expect(read == {name: value for name, value in answered.items() if name != "meta"}, "the stored answer differs")
    settled = resource(site.get(answered["request"]["reference"]), "Claim")
    expect(settled["status"] == "active", f"the Claim is {settled['status']}")


def _truncated(sent: dict[str, Any]) -> bytes:
    return encode(sent)[:-40]


def _changed(name: str, value: Any) -> Callable[[dict[str, Any]], bytes]:
    return lambda sent: encode({**sent, name: value})


def _without(name: str) -> Callable[[dict[str, Any]], bytes]:
    return lambda sent: encode({each: value for each, value in sent.items() if each != name})


def _first_line(**changes: Any) -> Callable[[dict[str, Any]], bytes]:
    return lambda sent: encode({**sent, "item": [{**sent["item"][0], **changes}, *sent["item"][1:]]})


BAD_CLAIMS: tuple[tuple[str, Callable[[dict[str, Any]], bytes]], ...] = (
    ("truncated JSON", _truncated),
    ("no JSON", lambda _sent: b"<Claim/>"),
    ("an empty body", lambda _sent: b""),
    ("another resource", lambda _sent: encode({"resourceType": "Patient"})),
    ("no patient", _without("patient")),
    ("no lines", _without("item")),
    ("a total that is not the sum of the lines", _changed("total", money(Decimal("0.01")))),
    ("a negative amount", _first_line(net=money(Decimal("-600.40")))),
    ("an amount of 17 digits", _first_line(net=money(Decimal("123456789012345.67")))),
    ("a day that does not exist", _changed("created", "2015-02-30")),
    ("another currency", _changed("total", {"value": Decimal("937.54"), "currency": "USD"})),
    ("a citizen ID with a wrong check digit", _changed("patient", {"identifier": {
        "system": "https://gateway.example/fhir/sid/citizen-id", "value": "321182196001010000"}})),
    ("another institution", _changed("provider", {"reference": "Organization/H99999999999"})),
)  # fmt: skip


@SETTLEMENT.proves(
    "a bad claim is refused with an OperationOutcome that names each problem", f"{R4}/operationoutcome.html"
)
def bad_claims(site: Site) -> None:
    for what, spoil in BAD_CLAIMS:
        try:
            refused(site.submit(spoil(claim(site))))
        except Failed as failed:
            raise Failed(f"{what}: {failed}") from None
