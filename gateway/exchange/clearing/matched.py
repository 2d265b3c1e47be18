"""An application meets its clearing: matched, or kept with both figures and a finding on the worklist.

Reading: an application is for all of the month's care of its sort, whatever its clearing way (clr_way).
"""

import msgspec

from gateway.exchange.clearing import folders
from gateway.exchange.clearing.bodies import Act, Application, ApplicationState, Clearing, State
from gateway.exchange.clearing.folders import Held
from gateway.exchange.clearing.matching import applied_for, differences, uncovered
from gateway.exchange.findings import Step, close_finding, finding, note_finding
from gateway.kernel.calendar import business_day, instant_text, parse_instant
from gateway.store.unit import Unit

DIFFERS = "application-differs"


def match_application(unit: Unit, held: Held[Application], clearing: Clearing, *, by: str) -> Held[Application]:
    """The application with our figures beside its own, in state matched or differs."""
    ours = applied_for(clearing.care, held.body.care)
    found = differences(held.body.stated, ours)
    state = ApplicationState.DIFFERS if found else ApplicationState.MATCHED
    acts = (*held.body.acts, Act(state, by, instant_text(unit.now)))
    put = folders.put_application(
        unit, folders.with_body(held, msgspec.structs.replace(held.body, ours=ours, acts=acts)), state=state
    )
    if found:
        figures = ", ".join(each.figure for each in found)
        note_finding(
            unit,
            finding(
                DIFFERS,
                day=business_day(unit.now),
                reference=held.id,
                en=f"the application of {clearing.institution} for {clearing.month} differs in {figures}",
                zh=f"{clearing.institution} {clearing.month} 清算申请与中心数据不一致:{figures}",
                scheme=clearing.scheme,
                institution=clearing.institution,
                ours={each.figure: each.ours for each in found},
                theirs={each.figure: each.stated for each in found},
                names={"clearing": held.body.clearing, "care": held.body.care},
            ),
            fen=abs(held.body.stated.fund + held.body.stated.account - ours.fund - ours.account),
        )
    return put


def close_differences(unit: Unit, held: Held[Application], *, by: str) -> None:
    """What waited for an officer because of this application is resolved: it is revoked, so nothing differs."""
    for act in held.body.acts:
        if act.what == ApplicationState.DIFFERS:
            day = business_day(parse_instant(act.at))
            key = finding(DIFFERS, day=day, reference=held.id, en="", zh="").key
            close_finding(
                unit, key, Step("revoked", by, instant_text(unit.now), "申请已撤销 / the application was revoked")
            )


def with_applications(unit: Unit, held: Held[Clearing]) -> Held[Clearing]:
    """The clearing put in state applied where matching applications are for all of its care, else calculated."""
    found = [folders.find_application(unit, id) for id in held.body.applications]
    states = [each.state for each in found if each is not None]
    matched = [each.body.care for each in found if each is not None and each.state == ApplicationState.MATCHED]
    whole = bool(matched) and ApplicationState.DIFFERS not in states and not uncovered(held.body.care, matched)
    return folders.put_clearing(unit, held, state=State.APPLIED if whole else State.CALCULATED)
