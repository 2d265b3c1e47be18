"""The NHSA adapter: envelope and fields in, a tree named as the interface names it; the mapping rows do the rest.

The tree has the head fields at its root (`fixmedins_code`, `msgid`, …) and the nodes under `input`, whatever a region
calls them: `input.data.psn_no`, `input.feedetail[0].cnt`. Diagnoses are in order, the main one first, valid ones only.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.nhsa.answers import complete_output
from adapters.nhsa.diagnoses import order_diagnoses
from adapters.nhsa.envelope import check_msgid, read_business, read_envelope, read_json, write_answer, write_refusal
from adapters.nhsa.files import DOWNLOAD, read_files, write_file
from adapters.nhsa.proof import check_signature
from gateway.contract import Context, Incoming, Key, Message, Tree
from gateway.kernel.problem import Problem


class NhsaAdapter:
    """Stateless; see `gateway.contract.Adapter` for what each method promises."""

    feed = "nhsa"

    def read_key(self, incoming: Incoming) -> Key:
        """Institution and msgid. Without a usable key the whole envelope is checked, so that all problems are told."""
        envelope = read_json(incoming, canonical=True)
        institution, msgid = _text(envelope, "fixmedins_code"), _text(envelope, "msgid")
        if not institution or check_msgid(msgid=msgid, institution=institution):
            read_envelope(read_json(incoming))
            raise AssertionError("an envelope without a usable key is refused")
        return Key(sender=institution, id=msgid, content=read_business(envelope))

    def check_proof(self, incoming: Incoming, *, secret: str, now: datetime) -> list[Problem]:
        return check_signature(incoming.headers, secret=secret, now=now)

    def decode(self, incoming: Incoming) -> Message:
        transaction, tree = read_envelope(read_json(incoming))
        order_diagnoses(tree["input"])
        read_files(transaction, tree)
        return Message(transaction.infno, tree)

    def encode(self, message: Message, answer: Tree, context: Context) -> bytes:
        """The envelope of a success; 9102 is answered with the bytes of the file itself."""
        if message.type == DOWNLOAD:
            return write_file(answer)
        return write_answer(complete_output(message, answer, context), context)

    def refuse(self, incoming: Incoming, problems: Sequence[Problem], context: Context) -> bytes:
        assert problems, "a refusal names at least one problem"
        return write_refusal(problems, context)


def _text(envelope: Mapping[str, Any], name: str) -> str:
    value = envelope.get(name)
    return value.strip() if isinstance(value, str) else ""


ADAPTER = NhsaAdapter()
