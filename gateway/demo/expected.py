"""What the day must come to, counted from the plan and the scenarios; any other number is a difference.

contributions   300 residents, one in two parts, two credits that name nobody
covered         300 residents without the one who paid too little
settlements     270 of the plan, 24 of scenarios; 4 of these cancelled
visits          one Encounter for each treatment by NHSA
repeats         24 credits, one population row, one message of each channel of claims
"""

from collections.abc import Mapping

COUNTS: Mapping[str, int] = {
    "people": 300,
    "covered": 299,
    "contributions": 303,
    "visits": 222,
    "settlements": 294,
    "settlements cancelled": 4,
    "settlements by nhsa": 222,
    "settlements by hl7v2": 45,
    "settlements by fhir": 27,
    "messages sent by police": 312,
    "messages sent by bank": 336,
    "messages sent by nhsa": 1364,
    "messages sent by hl7v2": 103,
    "messages sent by fhir": 66,
    "messages answered": 2112,
    "messages refused": 6,
    "messages rejected": 35,
    "repeats by police": 1,
    "repeats by bank": 24,
    "repeats by nhsa": 1,
    "repeats by hl7v2": 1,
    "repeats by fhir": 1,
    "faults": 0,
}
