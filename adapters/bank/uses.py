"""What an entry of an account is for us: a contribution received, a payment of ours booked, or one that came back.

Debits are answers to payment instructions; those that name none of ours go the same way, so that an officer looks at
them. A credit is a returned payment when the bank says so (`RvslInd` on a credit reverses a debit, `RtrInf`) or when it
carries the EndToEndId of a payment of ours; every other credit is money received.
"""

from enum import StrEnum

from gateway.kernel.ids import is_made_id

YES = ("true", "1")
NOT_PROVIDED = "NOTPROVIDED"


class Use(StrEnum):
    """The message type, which names the mapping file."""

    CONTRIBUTION = "camt.054"
    BOOKED = "payment-booked"
    RETURNED = "payment-returned"


def use_of(*, direction: str, reversal: str, returned: bool, end_to_end_id: str) -> Use:
    """The use of an entry by its CdtDbtInd, RvslInd, whether it has RtrInf, and its EndToEndId."""
    back = returned or reversal in YES
    if direction == "DBIT":
        return Use.CONTRIBUTION if back else Use.BOOKED  # a credit taken back is refused as such by the checks
    return Use.RETURNED if back or is_made_id(end_to_end_id) else Use.CONTRIBUTION


def provided(end_to_end_id: str) -> str:
    """An EndToEndId, '' for the NOTPROVIDED that ISO 20022 writes where there is none."""
    return "" if end_to_end_id.upper() == NOT_PROVIDED else end_to_end_id
