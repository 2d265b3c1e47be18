"""What the core does with a translated message: one operation a function, found by its name in a mapping file."""

from collections.abc import Mapping

from gateway.exchange.apply import claim, contribution, person, resettle, session, visit
from gateway.exchange.desk import Operation

OPERATIONS: Mapping[str, Operation] = {
    "sign-in": session.sign_in,
    "find-person": person.find_person,
    "change-person": person.change_person,
    "open-visit": visit.open_visit,
    "describe-visit": visit.describe_visit,
    "discharge-visit": visit.discharge_visit,
    "add-lines": visit.add_lines,
    "trial": claim.trial,
    "settle": claim.settle,
    "cancel": claim.cancel,
    "resettle": resettle.resettle,
    "resettle-person": resettle.resettle_person,
    "post-contribution": contribution.post_contribution,
}
