"""An institution applies for its month: matched to the fen, or both figures are kept and an officer is told."""

from datetime import timedelta

import pytest

from gateway.exchange.clearing.bodies import State
from gateway.exchange.closing.month import close_month
from gateway.exchange.findings import read_finding
from gateway.security.partners import Partner, Role
from tests.unit.exchange.clearing.office import APRIL, CHIEF, MARCH, Office, deduction
from tests.unit.exchange.town import CITY, CITY_CODE, TOWNSHIP


def test_an_application_that_matches_to_the_fen_makes_the_clearing_applied(office: Office) -> None:
    office.settle("9000.00")
    office.town.now = APRIL
    held = office.calculate()

    answer = office.apply(office.figures(held))

    assert answer.codes == []
    assert answer.body["values"]["status"] == "matched"
    assert office.clearing(held.id).state == State.APPLIED
    assert office.findings() == []
    office.town.sound()


def test_the_clearing_owes_what_the_month_booked(office: Office) -> None:
    answer = office.settle("9000.00")
    office.town.now = APRIL

    held = office.calculate()

    # (9000.00 - 500.00) * 60 % = 5100.00
    assert answer.total("fund-total") == "5100.00"
    assert [(share.fund, share.owed, share.base) for share in held.body.shares] == [("basic", 510000, 510000)]
    assert held.dossier.fen == 510000


def test_calculated_twice_is_calculated_once(office: Office) -> None:
    office.settle("9000.00")
    office.town.now = APRIL
    first = office.calculate()

    assert office.calculate().dossier == first.dossier


@pytest.mark.parametrize(
    ("figure", "said"),
    [("cases", "2"), ("total", "9000.01"), ("fund", "5099.99"), ("account", "0.01"), ("cash", "3900.01")],
)
def test_a_mismatch_keeps_both_figures_and_is_told_by_code_and_finding(office: Office, figure: str, said: str) -> None:
    office.settle("9000.00")
    office.town.now = APRIL
    held = office.calculate()

    answer = office.apply({**office.figures(held), figure: said})

    assert answer.codes == []
    assert (answer.body["values"]["status"], answer.body["values"]["code"]) == ("differs", "application-differs")
    told = [each for each in answer.body["Parameters"]["parameter"] if each["name"] == "difference"]
    assert [each["part"][0]["valueCode"] for each in told] == [figure]
    kept = office.application(answer.body["values"]["application"])
    assert getattr(kept.body.stated, figure) != getattr(kept.body.ours, figure)
    assert office.clearing(held.id).state == State.CALCULATED
    [finding] = office.findings()
    assert (finding.what, finding.reference, finding.institution) == ("application-differs", kept.id, CITY_CODE)
    assert finding.ours.keys() == finding.theirs.keys() == {figure}


def test_an_application_sent_again_is_answered_the_same(office: Office) -> None:
    office.settle("9000.00")
    office.town.now = APRIL
    figures = office.figures(office.calculate())

    first, again = office.apply(figures), office.apply(figures)

    assert first.body == again.body
    assert len(office.town.store.dossiers("application", limit=10)) == 1


def test_other_figures_need_the_first_application_revoked(office: Office) -> None:
    office.settle("9000.00")
    office.town.now = APRIL
    held = office.calculate()
    figures = office.figures(held)
    first = office.apply({**figures, "fund": "5000.00"}).body["values"]["application"]

    assert office.apply(figures).codes == ["application-exists"]
    assert office.revoke(first).body["values"]["status"] == "revoked"
    assert office.revoke(first).body["values"]["status"] == "revoked"
    second = office.apply(figures).body["values"]

    assert (second["status"], second["application"] != first) == ("matched", True)
    assert office.clearing(held.id).body.applications == (second["application"],)
    assert office.clearing(held.id).state == State.APPLIED


def test_what_waits_for_an_officer_is_resolved_when_the_application_is_revoked(office: Office) -> None:
    office.settle("9000.00")
    office.town.now = APRIL
    held = office.calculate()
    wrong = office.apply({**office.figures(held), "total": "9000.01"}).body["values"]["application"]
    office.town.now = APRIL + timedelta(days=1)

    office.revoke(wrong)

    [finding] = office.town.store.dossiers("finding", limit=100)
    assert finding.state == "resolved"
    assert [(step.action, step.by) for step in read_finding(finding).steps] == [("revoked", CITY.id)]


def test_revoking_takes_the_clearing_back_to_calculated(office: Office) -> None:
    office.settle("9000.00")
    office.town.now = APRIL
    held = office.calculate()
    id = office.apply(office.figures(held)).body["values"]["application"]

    office.revoke(id)

    assert office.clearing(held.id).state == State.CALCULATED


def test_application_before_the_month_was_closed_is_kept_and_matched_then(office: Office) -> None:
    office.settle("9000.00")
    figures = {"month": "201503", "cases": 1, "total": "9000.00", "fund": "5100.00", "account": "0", "cash": "3900.00"}

    early = office.apply(figures).body["values"]
    assert early["status"] == "kept"
    assert office.clearing_of(MARCH).state == State.EXPECTED
    office.town.now = APRIL
    held = office.calculate()

    assert held.state == State.APPLIED
    assert office.application(early["application"]).state == "matched"
    assert office.apply(figures).body["values"]["status"] == "matched"


def test_an_early_application_that_differs_is_found_when_the_month_is_calculated(office: Office) -> None:
    office.settle("9000.00")
    office.apply({"month": MARCH, "cases": 1, "total": "9000.00", "fund": "5100.01", "account": "0", "cash": "3899.99"})
    office.town.now = APRIL

    assert office.calculate().state == State.CALCULATED
    assert [each.what for each in office.findings()] == ["application-differs"]


def test_sorts_of_care_apply_apart_and_together_make_the_month(office: Office) -> None:
    office.settle("9000.00")
    office.settle("100.00", serial=2, visit="V2", kind="outpatient")
    office.town.now = APRIL
    held = office.calculate()
    by_kind = {each.kind: each for each in held.body.care}
    sent = []
    for care_type, type, kind in (("inpatient", "21", "inpatient"), ("outpatient", "11", "outpatient")):
        care = by_kind[kind]
        yuan = [f"{fen // 100}.{fen % 100:02d}" for fen in (care.total, care.fund, care.total - care.fund)]
        amounts = {"total": yuan[0], "fund": yuan[1], "account": "0", "cash": yuan[2]}
        codes = {"care_type": care_type, "type": type, "way": "1"}
        told = office.apply({"month": MARCH, "cases": 1, **codes, **amounts})
        sent.append((told.body["values"]["status"], office.clearing(held.id).state))

    assert sent == [("matched", State.CALCULATED), ("matched", State.APPLIED)]


def test_after_review_an_application_and_its_revocation_are_refused(office: Office) -> None:
    office.settle("9000.00")
    office.town.now = APRIL
    held = office.calculate()
    id = office.apply(office.figures(held)).body["values"]["application"]
    assert not office.review(held.id, deduction("1.00")).codes

    assert office.revoke(id).codes == ["clearing-reviewed"]
    assert office.apply({**office.figures(held), "type": "99"}).codes == ["clearing-reviewed"]


def test_an_institution_applies_for_itself_only(office: Office) -> None:
    office.settle("9000.00")
    office.town.now = APRIL
    held = office.calculate()
    figures = office.figures(held)
    id = office.apply(figures).body["values"]["application"]

    assert office.apply({**figures, "institution": CITY_CODE}, by=TOWNSHIP).codes == ["other-institution"]
    assert office.revoke(id, by=TOWNSHIP).codes == ["application-not-found"]
    assert office.apply({**figures, "institution": CITY_CODE}, by=CHIEF).body["values"]["application"] == id


def test_everything_wrong_with_an_application_is_told_at_once(office: Office) -> None:
    amounts = {"cases": "some", "total": "1.234", "fund": "x", "account": "0", "cash": "0"}
    codes = {"care_type": "dental", "way": "№", "scheme": "worker"}
    answer = office.apply({"month": "2015-13", "from": "yesterday", **amounts, **codes})

    assert sorted(set(answer.codes)) == ["bad-clearing-application", "clearing-scheme"]
    assert len(answer.codes) == 7


def test_an_application_for_a_closed_month_without_care_is_matched_with_nothing(office: Office) -> None:
    office.settle("9000.00")
    office.town.now = APRIL
    close_month(office.town.exchange, "resident", MARCH, by="chief")
    zeros = {"month": MARCH, "cases": 0, "total": "0", "fund": "0", "account": "0", "cash": "0"}

    assert office.clearing_of(MARCH).state == State.CALCULATED
    assert office.apply(zeros, by=TOWNSHIP).body["values"]["status"] == "matched"
    told = office.apply({**zeros, "type": "11", "fund": "1.00"}, by=TOWNSHIP).body["values"]
    assert (told["status"], told["code"]) == ("differs", "application-differs")


def test_months_to_come_and_days_outside_are_refused(office: Office) -> None:
    zeros = {"cases": 0, "total": "0", "fund": "0", "account": "0", "cash": "0"}

    assert office.apply({"month": "2015-04", **zeros}).codes == ["clearing-month-to-come"]
    assert office.apply({"month": MARCH, **zeros, "from": "2015-03-01", "to": "2015-04-01"}).codes == [
        "bad-clearing-period"
    ]
    stranger = Partner("H99999999999", Role.CLINIC, "stranger", institution="H99999999999")
    assert office.apply({"month": MARCH, **zeros}, by=stranger).codes == ["clearing-institution"]
