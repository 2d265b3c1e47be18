"""Bank feed: camt.054 credit notifications, each booked credit posted as a contribution.

A file is split into its transactions; each is a message of its own, since statements repeat notifications. The
message key is the bank's reference of the transaction, the sender is the credited account.

Tree of a record: MsgId, Acct, Ref, EndToEndId, Amt, Ccy, BookgDt, Dbtr.Nm, RmtInf.Ustrd as the bank sent them (the
booking day as YYYY-MM-DD), and Payer.{CitizenId, Nm, Year, Doubt}: the insured as the remittance names them.
"""

from collections.abc import Sequence
from datetime import datetime

from adapters.bank.amounts import read_booking_day
from adapters.bank.checks import check_key, check_record
from adapters.bank.document import read_document
from adapters.bank.notification import read_message_id, read_records
from adapters.bank.receipt import accepted, merge_receipts, refused, write_receipt
from adapters.bank.record import Record, business_content, read_record, write_record
from adapters.bank.remittance import find_payer
from gateway.contract import Context, FileAdapter, Incoming, Key, Message, Tree
from gateway.kernel.problem import Problem, Refusal, refuse_if

MESSAGE_TYPE = "camt.054"


class BankAdapter:
    """The bank feed. See `gateway.contract.FileAdapter`."""

    feed = "bank"

    def split(self, incoming: Incoming) -> Sequence[Incoming]:
        """One record for each transaction of a camt.054 file. Refusal when the file cannot be read."""
        records = read_records(read_document(incoming.body))
        return [Incoming(write_record(record), incoming.path, incoming.headers) for record in records]

    def read_key(self, incoming: Incoming) -> Key:
        """The credited account and the bank's reference. Refusal `missing-account`, `missing-reference`."""
        record = read_record(incoming.body)
        refuse_if(check_key(record))
        return Key(record.account, record.reference, business_content(record))

    def check_proof(self, incoming: Incoming, *, secret: str, now: datetime) -> list[Problem]:
        """Files are signed by the line they come over, not one by one."""
        return []

    def decode(self, incoming: Incoming) -> Message:
        """The record as a tree. Refusal with every reason why it is not a contribution's money."""
        record = read_record(incoming.body)
        refuse_if([*check_key(record), *check_record(record)])
        return Message(MESSAGE_TYPE, _tree(record))

    def encode(self, message: Message, answer: Tree, context: Context) -> bytes:
        """An admi.007 receipt: what was applied to the person's contribution, and what waits for one."""
        doubt = str(message.tree["Payer"].get("Doubt", ""))
        line = accepted(
            str(message.tree["Ref"]),
            applied=str(answer.get("Applied", "0.00")),
            unapplied=str(answer.get("Unapplied", "0.00")),
            doubt=doubt,
        )
        return write_receipt([line], context)

    def refuse(self, incoming: Incoming, problems: Sequence[Problem], context: Context) -> bytes:
        """An admi.007 receipt with each problem, for a record or for a file that could not be read."""
        return write_receipt(refused(_reference(incoming), problems), context)

    def report(self, incoming: Incoming, replies: Sequence[bytes], context: Context) -> bytes:
        """The file's admi.007 receipt: the counts, then every record's own lines in the file's order."""
        return merge_receipts(replies, reference=_reference(incoming), context=context)


def _tree(record: Record) -> Tree:
    booked_on = read_booking_day(record.booked or record.valued)
    assert booked_on is not None, "check_record refused a record without a day"
    payer = find_payer(record)
    named = {"CitizenId": payer.citizen_id, "Nm": payer.name, "Year": payer.year, "Doubt": payer.doubt}
    return {
        "MsgId": record.message_id,
        "Acct": record.account,
        "Ref": record.reference,
        "EndToEndId": record.end_to_end_id,
        "Amt": record.amount,
        "Ccy": record.currency,
        "BookgDt": booked_on.isoformat(),
        "Dbtr": {"Nm": record.debtor.name},
        "RmtInf": {"Ustrd": " ".join(record.remittance)},
        "Payer": {name: value for name, value in named.items() if value},
    }


def _reference(incoming: Incoming) -> str:
    """What the bank calls the thing answered: a record's reference, a file's MsgId, or '' where neither can be read."""
    try:
        return read_record(incoming.body).reference
    except Refusal:
        pass
    try:
        return read_message_id(read_document(incoming.body))
    except Refusal:
        return ""


ADAPTER: FileAdapter = BankAdapter()
