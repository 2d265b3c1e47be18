"""Files inside transactions: 9101 brings one in its field `in`, 9102 is answered with one."""

import base64

from adapters.nhsa import problems
from adapters.nhsa.statement_file import read_statement_file, write_lines_file, write_result_file
from adapters.nhsa.transactions import Transaction
from gateway.contract import Tree
from gateway.kernel.problem import Refusal

UPLOAD, DOWNLOAD = "9101", "9102"
NODES = {UPLOAD: "fsUploadIn", DOWNLOAD: "fsDownloadIn"}
RESULT = "result"


def read_files(transaction: Transaction, tree: Tree) -> None:
    """The ZIP of a 9101 becomes its lines, as Base64 text under `lines`. Refusal with everything wrong in it.

    A file that is said to be another institution's is refused, also when it is fetched.
    """
    name = NODES.get(transaction.infno)
    if name is None:
        return
    node = tree["input"][name]
    if node["fixmedins_code"] != tree["fixmedins_code"]:
        raise Refusal(problems.other_institution_file(f"input.{name}.fixmedins_code"))
    if transaction.infno == UPLOAD:
        node["lines"] = base64.b64encode(read_statement_file(node.pop("in")).encode()).decode("ascii")


def write_file(answer: Tree) -> bytes:
    """The ZIP of a file: a result of a comparison, or lines as they were uploaded."""
    file = answer["file"]
    write = write_result_file if file["what"] == RESULT else write_lines_file
    return write(str(file["text"]), name=str(file["name"]))
