"""Bank feed: money that moved on the fund's accounts, what became of payment instructions, and the instructions.

A file is split into its parts; each is a message of its own, since statements repeat notifications:

    camt.054, camt.053   each entry: a contribution received, a payment of ours booked, or one that came back
    camt.053             each statement besides: the day's balances and entries, for the day match
    pain.002, R|…        each status of a payment instruction

The message key is the bank's reference of the entry (of a status: file, EndToEndId and status), the sender is the
account. Outbound: pain.001 and the delimited batch file. The trees are described in docs/feeds/bank.md.
"""

from collections.abc import Sequence
from datetime import datetime

from adapters.bank.batch import is_batch_result, read_batch_result, write_batch
from adapters.bank.checks import check_key, check_record
from adapters.bank.document import STATEMENT, STATUS, read_document
from adapters.bank.notification import read_message_id, read_records
from adapters.bank.parts import Part, content_of, key_of, read_part, write_part
from adapters.bank.payment import write_payment_file
from adapters.bank.payment_status import StatusRecord, check_status, check_status_key, read_statuses
from adapters.bank.receipt import Line, accepted, merge_receipts, refused, write_receipt
from adapters.bank.record import Record
from adapters.bank.statement import Statement, check_statement, check_statement_key, read_statements
from adapters.bank.trees import statement_tree, status_tree, tree_of
from adapters.bank.uses import Use
from gateway.contract import Context, FileAdapter, Incoming, Key, Message, Tree
from gateway.kernel.problem import Problem, Refusal, refuse_if

WRITERS = {"pain.001": write_payment_file, "batch-payment": write_batch}
"""Messages that we send."""


class BankAdapter:
    """The bank feed. See `gateway.contract.FileAdapter`."""

    feed = "bank"

    def split(self, incoming: Incoming) -> Sequence[Incoming]:
        """The parts of a file, each as its own message. Refusal when the file cannot be read."""
        return [Incoming(write_part(part), incoming.path, incoming.headers) for part in _parts(incoming.body)]

    def read_key(self, incoming: Incoming) -> Key:
        """The account and the bank's reference. Refusal `missing-account`, `missing-reference`."""
        part = read_part(incoming.body)
        refuse_if(_check_key(part))
        return Key(part.account, key_of(part), content_of(part))

    def check_proof(self, incoming: Incoming, *, secret: str, now: datetime) -> list[Problem]:
        """Files are signed by the line they come over, not one by one."""
        return []

    def decode(self, incoming: Incoming) -> Message:
        """A part as a tree. Refusal with every reason why it is not what its message says."""
        part = read_part(incoming.body)
        match part:
            case StatusRecord():
                refuse_if([*check_status_key(part), *check_status(part)])
                return Message("pain.002", status_tree(part))
            case Statement():
                refuse_if([*check_statement_key(part), *check_statement(part)])
                return Message("camt.053", statement_tree(part))
            case Record():
                refuse_if([*check_key(part), *check_record(part)])
                return Message(part.use, tree_of(part))

    def encode(self, message: Message, answer: Tree, context: Context) -> bytes:
        """A message that we send, or the admi.007 receipt of one that came: what it did."""
        if message.type in WRITERS:
            return WRITERS[message.type](answer)
        return write_receipt([_told(message, answer)], context)

    def refuse(self, incoming: Incoming, problems: Sequence[Problem], context: Context) -> bytes:
        """An admi.007 receipt with each problem, for a part or for a file that could not be read."""
        return write_receipt(refused(_reference(incoming), problems, message=_about(incoming)), context)

    def report(self, incoming: Incoming, replies: Sequence[bytes], context: Context) -> bytes:
        """The file's admi.007 receipt: the counts, then every part's own lines in the file's order."""
        return merge_receipts(replies, reference=_reference(incoming), message=_about(incoming), context=context)


def _parts(body: bytes) -> Sequence[Part]:
    if is_batch_result(body):
        return read_batch_result(body)
    document = read_document(body)
    if document[0].tag == STATUS:
        return read_statuses(document)
    records = read_records(document)
    return [*records, *read_statements(document, records)] if document[0].tag == STATEMENT else records


def _check_key(part: Part) -> list[Problem]:
    match part:
        case StatusRecord():
            return check_status_key(part)
        case Statement():
            return check_statement_key(part)
        case Record():
            return check_key(part)


def _told(message: Message, answer: Tree) -> Line:
    """The line of a message that was taken."""
    tree = message.tree
    if message.type == Use.CONTRIBUTION:
        doubt = str(tree["Payer"].get("Doubt", ""))
        applied, unapplied = str(answer.get("Applied", "0.00")), str(answer.get("Unapplied", "0.00"))
        return accepted(str(tree["Ref"]), [f"已入账 posted: applied {applied}, unapplied {unapplied}", doubt])
    said = "已登记 recorded: " + str(answer.get("Outcome", "recorded"))
    finding = str(answer.get("Finding", ""))
    return accepted(str(tree["Ref"]), [said, finding], message=_ABOUT.get(message.type, "camt.054"))


_ABOUT = {"pain.002": "pain.002", "camt.053": "camt.053"}


def _about(incoming: Incoming) -> str:
    """The message that an answer is about, as its RltdRef names it."""
    try:
        part = read_part(incoming.body)
    except Refusal:
        return _about_file(incoming.body)
    return {StatusRecord: "pain.002", Statement: "camt.053"}.get(type(part), "camt.054")


def _about_file(body: bytes) -> str:
    if is_batch_result(body):
        return "batch-result"
    return next((name for name in ("pain.002", "camt.053") if f"{name}.001.".encode() in body[:1000]), "camt.054")


def _reference(incoming: Incoming) -> str:
    """What the bank calls the thing answered: a part's reference, a file's MsgId, or '' where neither can be read."""
    try:
        return read_part(incoming.body).reference
    except Refusal:
        pass
    try:
        return "" if is_batch_result(incoming.body) else read_message_id(read_document(incoming.body))
    except Refusal:
        return ""


ADAPTER: FileAdapter = BankAdapter()
