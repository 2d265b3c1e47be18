"""What this gateway needs of an invoice beyond HL7's own structure: one patient, one visit, amounts that add up.

Every check takes the tree of `tree.build_tree` and returns all problems, each with its path in that tree.
"""

from collections.abc import Callable, Iterable, Iterator

from adapters.hl7v2.problems import missing_field, missing_segment
from adapters.hl7v2.structure import place
from adapters.hl7v2.sums import at, check_sums, currency_problems, is_number
from adapters.hl7v2.tree import person_name
from gateway.contract import Tree
from gateway.kernel import quantity
from gateway.kernel.calendar import parse_day, parse_instant
from gateway.kernel.citizen_id import parse_citizen_id
from gateway.kernel.codes import check_area_code, check_institution_code
from gateway.kernel.problem import Kind, Problem

STAY_TYPES = frozenset({"inpatient", "maternity", "day_surgery"})
STAY_CLASSES = frozenset({"I", "B"})
CITIZEN_ID_TYPE = "NI"
CITIZEN_ID_AUTHORITY = "MPS"
"""PID-3: type NI in CX.5, or the Ministry of Public Security as assigning authority in CX.4, marks the citizen ID."""
ICD10_SYSTEMS = frozenset({"", "I10", "ICD10", "ICD-10", "NHSA-ICD10"})


def check_invoice(tree: Tree) -> list[Problem]:
    """What both a submission and a cancellation must say in IVC."""
    ivc = tree.get("IVC", {})
    problems = [missing_field(path) for path, text in _invoice_texts(ivc) if not text]
    if at(ivc, "10", "10"):
        problems += check_institution_code(at(ivc, "10", "10"), "IVC.10.10")
    if at(ivc, "11", "10"):
        problems += check_area_code(at(ivc, "11", "10"), "IVC.11.10")
    return [*problems, *_instant_problems([("IVC.7", at(ivc, "7"))])]


def _invoice_texts(ivc: Tree) -> list[tuple[str, str]]:
    return [
        ("IVC.1.1", at(ivc, "1", "1")),
        ("IVC.10.10", at(ivc, "10", "10")),
        ("IVC.11.10", at(ivc, "11", "10")),
    ]


def check_submission(tree: Tree) -> list[Problem]:
    """Everything a claim needs: patient, visit, diagnoses, lines and sums."""
    problems = check_invoice(tree)
    problems += _patient_problems(tree)
    problems += _visit_problems(tree)
    problems += _diagnosis_problems(tree)
    problems += _line_problems(tree)
    problems += check_sums(tree)
    return problems


def _patient_problems(tree: Tree) -> list[Problem]:
    pid = tree.get("PID")
    if pid is None:
        return [missing_segment("PID", "PID[0]")]
    problems = [] if person_name(pid) else [missing_field("PID.5")]
    number = citizen_number(pid)
    if not number:
        return [*problems, missing_field("PID.3[5=NI].1")]
    found = parse_citizen_id(number, "PID.3[5=NI].1")
    return [*problems, found] if isinstance(found, Problem) else problems


def citizen_number(pid: Tree) -> str:
    """The citizen ID of PID-3, '' when no repetition is one."""
    identifiers = pid.get("3", [])
    for identifier in identifiers:
        if at(identifier, "5") == CITIZEN_ID_TYPE:
            return at(identifier, "1")
    for identifier in identifiers:
        if at(identifier, "4", "1") == CITIZEN_ID_AUTHORITY:
            return at(identifier, "1")
    return ""


def is_stay(pv1: Tree) -> bool:
    """Whether the visit is an admission: PV1-18 tells, else PV1-2."""
    kind = at(pv1, "18", "1")
    return kind in STAY_TYPES if kind else at(pv1, "2", "1") in STAY_CLASSES


def _visit_problems(tree: Tree) -> list[Problem]:
    pv1 = tree.get("PV1")
    if pv1 is None:
        return [missing_segment("PV1", "PV1[0]")]
    needed = [("PV1.19.1", at(pv1, "19", "1")), ("PV1.44", at(pv1, "44"))]
    if is_stay(pv1):
        needed.append(("PV1.45", at(pv1, "45")))
    problems = [missing_field(path) for path, text in needed if not text]
    return problems + _instant_problems([("PV1.44", at(pv1, "44")), ("PV1.45", at(pv1, "45"))])


def _diagnosis_problems(tree: Tree) -> Iterator[Problem]:
    for index, diagnosis in enumerate(tree.get("diagnosis", [])):
        system = at(diagnosis, "3", "3")
        if system.upper() not in ICD10_SYSTEMS:
            yield Problem(
                Kind.INVALID,
                "diagnosis-system",
                f"diagnosis[{index}].3.3",
                f"diagnosis coding system '{system[:20]}' is not accepted: send I10 (ICD-10) or NHSA-MTB",
                f"不接受诊断编码体系“{system[:20]}”:请使用 I10(ICD-10医保版)或 NHSA-MTB(门慢特病种)",
            )
        if not at(diagnosis, "3", "1"):
            yield missing_field(f"diagnosis[{index}].3.1")


def _line_problems(tree: Tree) -> Iterator[Problem]:
    for index, line in enumerate(tree.get("PSL", [])):
        if not at(line, "1", "1"):
            yield missing_field(f"PSL[{index}].1.1")
        if not at(line, "7", "1"):
            yield missing_field(f"PSL[{index}].7.1")
        if not at(line, "16", "1", "1"):
            yield missing_field(f"PSL[{index}].16.1.1")
        yield from _figure_problems(line, index)
        yield from _instant_problems([(f"PSL[{index}].10", at(line, "10"))])
    yield from _sequence_problems(tree)


def _figure_problems(line: Tree, index: int) -> Iterator[Problem]:
    """Quantity and unit price; the billed amount is checked with the sums."""
    number = at(line, "12", "1")
    if number and not _reads(quantity.quantity, number):
        yield Problem(
            Kind.INVALID,
            "bad-quantity",
            f"PSL[{index}].12.1",
            f"'{number[:20]}' is not a quantity: send a number with at most four decimals and 16 digits",
            f"“{number[:20]}”不是数量:最多四位小数、16位数字",
        )
    price = at(line, "13", "1", "1")
    if price and not _reads(quantity.price, price):
        yield Problem(
            Kind.INVALID,
            "bad-price",
            f"PSL[{index}].13.1.1",
            f"'{price[:20]}' is not a unit price: send yuan with at most six decimals and 16 digits",
            f"“{price[:20]}”不是单价:请以元为单位,最多六位小数、16位数字",
        )
    if price:
        yield from currency_problems(line, "13", f"PSL[{index}].13")


def _reads(read: Callable[[str], int], text: str) -> bool:
    try:
        return is_number(text) and read(text) is not None
    except ValueError:
        return False


def _sequence_problems(tree: Tree) -> Iterator[Problem]:
    """PSS-3, PSG-3 and PSL-3 must rise, each within what holds it: the order of lines is the order of the claim."""
    sections = tree.get("sections", [])
    yield from _rising((at(section["PSS"], "3"), place("PSS", n, 3)) for n, section in enumerate(sections))
    group_number = 0
    for section in sections:
        groups = section["groups"]
        yield from _rising((at(g["PSG"], "3"), place("PSG", group_number + n, 3)) for n, g in enumerate(groups))
        group_number += len(groups)
        for group in groups:
            yield from _rising((at(tree["PSL"][n], "3"), place("PSL", n, 3)) for n in group["lines"])


def _rising(numbers: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    last = -1
    for text, path in numbers:
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else -1
        if text and number <= last:
            yield Problem(
                Kind.INVALID,
                "sequence-order",
                path,
                f"sequence number '{text[:10]}' does not rise: number from 1 and send in that order",
                f"序号“{text[:10]}”未按升序:请从1开始编号并按序发送",
            )
        last = max(last, number)


def _instant_problems(texts: Iterable[tuple[str, str]]) -> list[Problem]:
    return [_bad_instant(path, text) for path, text in texts if text and not _is_instant(text)]


def _is_instant(text: str) -> bool:
    try:
        return (parse_day(text) if len(text) == 8 else parse_instant(text)) is not None
    except (ValueError, OverflowError):
        return False


def _bad_instant(path: str, text: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-instant",
        path,
        f"'{text[:20]}' is no day or time that exists: send YYYYMMDD or YYYYMMDDHHMMSS",
        f"“{text[:20]}”不是有效的日期或时间:请按 YYYYMMDD 或 YYYYMMDDHHMMSS 发送",
    )
