"""Details 对明细账 (9101, 3202, 9102): an uploaded file compared line by line, the result kept as a file to fetch.

Reading a file and the core's lines happens before the writer is asked, so that a long file holds up no claim.
Assumption: a file is kept for seven days after it was made (下载截止时间); an institution fetches its own files only.
"""

import base64
import binascii
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from gateway.exchange.desk import Desk, Looking, Resource, Result
from gateway.exchange.reconcile import problems
from gateway.exchange.reconcile.bodies import FILE, Comparison, Figures, StoredFile, Window, encode
from gateway.exchange.reconcile.compare import DIFFERS, MATCHED, compare, figures_differ
from gateway.exchange.reconcile.core import line_of, our_rows
from gateway.exchange.reconcile.lines import Line, Verdict, figures_of, read_lines, write_line, write_verdicts
from gateway.exchange.reconcile.messages import message_of
from gateway.exchange.reconcile.requests import read_figures, read_window
from gateway.exchange.reconcile.totals import keep_comparison
from gateway.fhir.parameters import read_parameter
from gateway.fhir.parts import extension_value
from gateway.fhir.systems import ext
from gateway.kernel.calendar import instant_text, parse_instant
from gateway.kernel.problem import Problem, Refusal
from gateway.security.partners import Partner, Role
from gateway.store.store import Store
from gateway.store.values import CareRow, Dossier

FILE_NAME = ext("file-name")
KEPT = timedelta(days=7)
UPLOADED, RESULT = "uploaded", "result"
MOST_MESSAGES = 100
"""Lines of one result whose message is looked up: more than these are a broken feed, not an error of a day."""


class Detailed(NamedTuple):
    """A window with the institution's lines, what it added up, and the verdicts. `file`: id of the lines' file."""

    window: Window
    stated: Figures
    ours: Figures
    verdicts: list[Verdict]
    file: str


def store_file(desk: Desk, resources: Sequence[Resource]) -> Result:
    """The operation `store-file`: a Binary with canonical lines in base64. Answer tree: File{id, name, until}.

    Refusal with every line that cannot be read.
    """
    binary = resources[0]
    text = _text_of(str(binary.get("data", "")))
    lines = read_lines(text)
    institution = desk.partner.institution
    name = extension_value(binary, FILE_NAME, "valueString")
    dossier = keep_file(desk, StoredFile(name, UPLOADED, _joined(lines), _until(desk.now)), institution)
    return Result(_file_tree(dossier), subject=dossier.id)


def keep_file(desk: Desk, file: StoredFile, institution: str) -> Dossier:
    """A file under a new number."""
    id = desk.new_id()
    return desk.unit.put_dossier(Dossier(FILE, id, id, file.what, "", institution, 0, encode(file)))


def look_at_details(looking: Looking, resources: Sequence[Resource]) -> Detailed:
    """Reads the request, the file it names and the core's lines, and compares them. Refusal: what the request lacks."""
    asked = resources[0]
    window = read_window(looking, asked, scheme_named=False)
    id = read_parameter(asked, "file")
    dossier = looking.store.dossier(FILE, id) if id else None
    if dossier is None or not may_fetch(looking.partner, dossier) or dossier.state != UPLOADED:
        raise Refusal(problems.no_file(id))
    lines = read_lines(_open(dossier, looking.now).text)
    stated = figures_of(lines)
    found = _totals_differ(read_figures(asked, "cases", "total", "fund"), stated)
    if found:
        raise Refusal(found)
    return compared_lines(looking.store, window, looking.schemes, lines, file=id)


def compared_lines(
    store: Store, window: Window, schemes: Iterable[str], lines: Sequence[Line], *, file: str
) -> Detailed:
    """An institution's lines beside the core's."""
    rows = list(our_rows(store, window, schemes))
    ours = [line_of(row) for row in rows]
    verdicts = compare(lines, ours, cancellations_of(store, rows))
    return Detailed(window, figures_of(lines), figures_of(ours), _with_messages(store, verdicts), file)


def cancellations_of(store: Store, rows: Iterable[CareRow]) -> dict[str, str]:
    """The settlement that each cancellation undid: institutions list a refund under the one's number or the other's."""
    found = (store.settlement(row.settlement) for row in rows if row.sign < 0)
    return {each.cancelled_by: each.id for each in found if each is not None}


def _with_messages(store: Store, verdicts: list[Verdict]) -> list[Verdict]:
    """The number of the message that settled, on lines the institution may have to reverse by it (2601)."""
    left = MOST_MESSAGES
    told = []
    for verdict in verdicts:
        message = ""
        if verdict.what != MATCHED and left:
            left -= 1
            message = message_of(store, verdict.line.settlement)
        told.append(verdict._replace(message=message))
    return told


def check_details(desk: Desk, resources: Sequence[Resource]) -> Result:
    """The operation `check-details`. Keeps the comparison and a result file; answer tree: File{id, name, until}."""
    detailed: Detailed = desk.looked
    result = keep_details(desk, detailed)
    window = detailed.window
    name = f"{window.institution}_{window.from_on}_{window.to_on}_{result}.zip".replace("-", "")
    text = write_verdicts(detailed.verdicts)
    file = StoredFile(name, RESULT, text, _until(desk.now), about=detailed.file)
    dossier = keep_file(desk, file, window.institution)
    return Result({**_file_tree(dossier), "Comparison": {"result": result}}, subject=dossier.id)


def keep_details(desk: Desk, detailed: Detailed) -> str:
    """The comparison of the window, with the file of its lines; gives matched or differs."""
    result = MATCHED if all(each.what == MATCHED for each in detailed.verdicts) else DIFFERS
    comparison = Comparison(detailed.window, detailed.stated, detailed.ours, file=detailed.file)
    keep_comparison(desk.unit, comparison, state=result)
    return result


def fetch_file(desk: Desk, resources: Sequence[Resource]) -> Result:
    """The operation `fetch-file`: a file of the sender's. Answer tree: File{id, name, what, text}.

    Refusal: no-such-file (another institution's looks the same), file-expired.
    """
    id = read_parameter(resources[0], "file")
    dossier = desk.unit.dossier(FILE, id) if id else None
    if dossier is None or not may_fetch(desk.partner, dossier):
        raise Refusal(problems.no_file(id))
    file = _open(dossier, desk.now)
    tree = {"id": dossier.id, "name": file.name, "what": file.what, "text": file.text}
    return Result({"File": tree}, subject=dossier.id)


def may_fetch(partner: Partner, dossier: Dossier) -> bool:
    """Whether a file is the partner's own, or the partner is the agency."""
    return partner.role is Role.AGENCY or dossier.party == partner.institution


def _open(dossier: Dossier, now: datetime) -> StoredFile:
    file = msgspec.json.decode(dossier.body, type=StoredFile)
    if now > parse_instant(file.until):
        raise Refusal(problems.file_expired(dossier.id))
    return file


def file_lines(store: Store, id: str) -> list[Line]:
    """The lines of an uploaded file, whenever it was uploaded; [] when there is none."""
    dossier = store.dossier(FILE, id) if id else None
    return read_lines(msgspec.json.decode(dossier.body, type=StoredFile).text) if dossier else []


def _totals_differ(said: dict[str, int], counted: Figures) -> list[Problem]:
    """The request repeats the file's totals; a file that does not add up to them is not the one that was meant."""
    same = Figures(**{**{name: getattr(counted, name) for name in Figures.__struct_fields__}, **said})
    return [problems.file_sums(name) for name in figures_differ(same, counted)]


def _text_of(data: str) -> str:
    try:
        return base64.b64decode(data, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        raise Refusal(problems.no_lines()) from None


def _joined(lines: Iterable[Line]) -> str:
    return "".join(write_line(line) + "\n" for line in lines)


def _until(now: datetime) -> str:
    return instant_text(now + KEPT)


def _file_tree(dossier: Dossier) -> dict[str, object]:
    file = msgspec.json.decode(dossier.body, type=StoredFile)
    return {"File": {"id": dossier.id, "name": file.name, "until": file.until}}
