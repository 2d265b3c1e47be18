"""Details that come by REST: an institution's lines as CSV, compared at once, answered with what differs.

The same lines of the same window are the same file: sent again, nothing is kept twice.
"""

import csv
import io
from collections.abc import Sequence

from gateway.exchange.desk import Desk, Looking, Resource, Result
from gateway.exchange.reconcile import problems
from gateway.exchange.reconcile.bodies import FILE, StoredFile, encode
from gateway.exchange.reconcile.compare import MATCHED
from gateway.exchange.reconcile.details import KEPT, UPLOADED, Detailed, compared_lines, keep_details
from gateway.exchange.reconcile.lines import COLUMNS, read_lines, write_line
from gateway.exchange.reconcile.requests import read_window
from gateway.exchange.reconcile.totals import figures_tree
from gateway.kernel import money
from gateway.kernel.calendar import instant_text
from gateway.kernel.ids import AreaCode, derived_id
from gateway.kernel.problem import Refusal
from gateway.store.values import Dossier

MOST_SHOWN = 1000


def canonical_of(body: bytes) -> str:
    """The lines of a CSV with a head line that names `COLUMNS` in any order, as `lines` writes them.

    Refusal details-unreadable. What a line holds is checked where it is read.
    """
    try:
        reader = csv.DictReader(io.StringIO(body.decode("utf-8-sig")), strict=True)
        if not set(COLUMNS) <= {name.strip() for name in reader.fieldnames or ()}:
            raise Refusal(problems.unreadable_csv(", ".join(COLUMNS)))
        rows = [[_cell(row.get(name)) for name in COLUMNS] for row in reader]
    except (UnicodeDecodeError, csv.Error):
        raise Refusal(problems.unreadable_csv(", ".join(COLUMNS))) from None
    return "".join("\t".join(row) + "\n" for row in rows)


def _cell(value: str | None) -> str:
    return " ".join((value or "").split())


def look_at_stated(looking: Looking, resources: Sequence[Resource]) -> Detailed:
    """The lines of a Binary beside the core's."""
    asked, binary = resources
    window = read_window(looking, asked, scheme_named=False)
    text = str(binary["data"])
    lines = read_lines(text)
    id = file_id(looking.area, window.key, text)
    return compared_lines(looking.store, window, looking.schemes, lines, file=id)


def file_id(area: AreaCode, window: str, text: str) -> str:
    """The number of the file that lines of a window are kept as."""
    return derived_id(area, FILE, window, text)


def state_details(desk: Desk, resources: Sequence[Resource]) -> Result:
    """The operation `state-details`. Answer tree: Comparison{…}, its lines what differs."""
    detailed: Detailed = desk.looked
    text = "".join(write_line(line) + "\n" for line in read_lines(str(resources[1]["data"])))
    until = instant_text(desk.now + KEPT)
    if desk.unit.dossier(FILE, detailed.file) is None:
        body = encode(StoredFile("details.csv", UPLOADED, text, until))
        party = detailed.window.institution
        desk.unit.put_dossier(Dossier(FILE, detailed.file, detailed.file, UPLOADED, "", party, 0, body))
    result = keep_details(desk, detailed)
    differing = [each for each in detailed.verdicts if each.what != MATCHED]
    shown = [
        {
            "settlement": each.line.settlement,
            "refund": each.line.refund,
            "class": each.what,
            "memo": each.memo,
            "message": each.message,
            "total": money.decimal(each.line.total),
            "fund": money.decimal(each.line.fund),
            "account": money.decimal(each.line.account),
        }
        for each in differing[:MOST_SHOWN]
    ]
    tree = {
        "file": detailed.file,
        "result": result,
        "stated": figures_tree(detailed.stated),
        "ours": figures_tree(detailed.ours),
        "compared": len(detailed.verdicts),
        "differing": len(differing),
        "lines": shown,
    }
    return Result({"Comparison": tree}, subject=detailed.file)
