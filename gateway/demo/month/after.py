"""After the month: remittances in three formats, a settlement cancelled when it was paid long ago, April closed."""

import csv
import io
from datetime import date
from typing import Any

from gateway.demo.month.clearing import clearings_of
from gateway.demo.month.office import close_period
from gateway.demo.month.places import ACCOUNTANT, MONTH, PLACES, SCHEME
from gateway.demo.month.scene import Scene
from gateway.demo.month.visits import cancel, last_stay
from gateway.fhir.json import decode
from gateway.kernel import money
from gateway.kernel.money import Fen

CANCELLED_ON, CLOSED_ON = date(2015, 4, 13), date(2015, 5, 4)
NEXT_MONTH = "2015-04"
FORMATS = {"outside": "fhir", "rehabilitation": "hl7v2", "township": "csv"}


def fetch_remittances(scene: Scene) -> None:
    """Each institution reads what it was paid: the lines sum to the payment, to the fen."""
    clearings = {each["institution"]: each for each in clearings_of(scene, MONTH)}
    for place, form in FORMATS.items():
        clearing = clearings[PLACES[place].code]
        said = scene.office(PLACES[place].code).get(f"/clearing/{clearing['id']}/remittance", format=form)
        paid, lines = _READ[form](said.body) if said.ok else (0, 0)
        expected = f"{clearing['payable']} = {clearing['payable']}"
        actual = f"{money.text(paid)} = {money.text(lines)}" if said.ok else said.told
        scene.tried(f"remittance-{form}", clearing["id"], expected=expected, actual=actual)
    stranger = scene.office(PLACES["city"].code).get(f"/clearing/{clearings[PLACES['outside'].code]['id']}")
    scene.tried("clearing-of-another", "", expected="refused: clearing-not-found", actual=stranger.told)


def _fhir(body: bytes) -> tuple[Fen, Fen]:
    resource: dict[str, Any] = decode(body)
    lines = sum(money.of(each["amount"]["value"]) for each in resource["detail"])
    return money.of(resource["paymentAmount"]["value"]), lines


def _hl7(body: bytes) -> tuple[Fen, Fen]:
    """PMT-6, and the sum of IPR-6 and ADJ-5."""
    rows = [line.split("|") for line in body.decode("utf-8").split("\r") if line]
    assert rows[0][8].startswith("EHC^E15"), rows[0][8]
    place = {"IPR": 6, "ADJ": 5}
    lines = sum(_amount(row[place[row[0]]]) for row in rows if row[0] in place)
    return next(_amount(row[6]) for row in rows if row[0] == "PMT"), lines


def _amount(field: str) -> Fen:
    return money.of(field.partition("&")[0].partition("^")[0])


def _csv(body: bytes) -> tuple[Fen, Fen]:
    """A list has no total of its own: its lines stand for both."""
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    paid = sum(money.of(row["amount"]) for row in rows)
    return paid, paid


_READ = {"fhir": _fhir, "hl7v2": _hl7, "csv": _csv}


def cancel_late(scene: Scene) -> None:
    """A stay of March is cancelled in April: March stays as it was paid, April owes that much less."""
    before = {each["institution"]: each["digest"] for each in clearings_of(scene, MONTH)}
    scene.on(CANCELLED_ON)
    stay = last_stay(scene, "city")
    cancel(scene, stay, "cancelled-after-its-month")
    scene.late.append(stay)
    after = {each["institution"]: each["digest"] for each in clearings_of(scene, MONTH)}
    told = "as it was paid" if before == after else "changed"
    scene.tried("cleared-month-stands", stay.outcome.settlement, expected="as it was paid", actual=told)

    scene.on(CLOSED_ON)
    state = close_period(scene.office(ACCOUNTANT), SCHEME, NEXT_MONTH)
    scene.tried("next-month-closed", NEXT_MONTH, expected="closed", actual=state)
    city = next(each for each in clearings_of(scene, NEXT_MONTH) if each["institution"] == PLACES["city"].code)
    [share] = city["shares"]
    fund = money.text(-stay.outcome.final["fund-total"])
    scene.tried(
        "red-entry-in-the-next-month",
        city["id"],
        expected=f"owed {fund}, payable 0.00, carried forward {fund}",
        actual=f"owed {share['owed']}, payable {share['payable']}, carried forward {share['carriedForward']}",
    )
