"""What the month must come to, counted from the plan; any other number is a difference.

clearings       four institutions with care, three with a budget alone
payments        one each where something is left to pay; two of them made again
findings        the township's settlement, the application that was revoked, the answer for a file and a payment unknown
"""

from collections.abc import Mapping

COUNTS: Mapping[str, int] = {
    "people": 300,
    "covered": 300,
    "visits settled": 48,
    "clearings": 7,
    "methods of payment": 5,
    "payments": 9,
    "payments booked": 7,
    "payments rejected": 1,
    "payments returned": 1,
    "findings": 4,
    "findings open": 0,
}
