"""Who takes part in the month: institutions, each with the channel it settles over, the bank, officers, two centres."""

from collections.abc import Mapping

from gateway.demo.care import CITY, OUTSIDE, TOWNSHIP, Institution
from gateway.demo.home import AGENCY, BANK, POLICE, POLICE_UNIT, Member

SCHEME, MONTH = "resident", "2015-03"
REHABILITATION = Institution("rehabilitation", "H32110000002", "示范地区康复医院", "321100")
PLACES = {each.place: each for each in (CITY, TOWNSHIP, OUTSIDE, REHABILITATION)}
CHANNELS: Mapping[str, str] = {"city": "nhsa", "township": "nhsa", "outside": "fhir", "rehabilitation": "hl7v2"}
"""Which format each institution settles in."""

INCOME_ACCOUNT, EXPENDITURE_ACCOUNT = "3211820100000001", "3211820100000003"
"""The bank's numbers of the fund's accounts, as the area's payment file has them."""
OFFICER, CHIEF, ACCOUNTANT = "officer-1", "officer-2", "accountant"
REVIEWERS = {OFFICER: "测试审核员", CHIEF: "测试复核员", ACCOUNTANT: "测试会计"}


def month_members() -> tuple[Member, ...]:
    """The partners of the area's gateway. Each officer has a token of their own."""
    return (
        *(Member.institution_of(each) for each in PLACES.values()),
        Member(BANK, "bank", "Model Bank", {"bank": (INCOME_ACCOUNT, EXPENDITURE_ACCOUNT)}),
        Member(POLICE, "police", "Model public security bureau", {"police": (POLICE_UNIT,)}),
        *(Member(id, AGENCY, name) for id, name in REVIEWERS.items()),
    )


CENTRE_AREA, CENTRE_SCHEME = "310000", "worker"
CENTRES = ("H31000000101", "H31000000102")


def centre_members() -> tuple[Member, ...]:
    """The partners of the gateway that keeps the books of the community settlement centre."""
    return (Member(ACCOUNTANT, AGENCY, REVIEWERS[ACCOUNTANT]),)
