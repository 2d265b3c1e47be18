"""Who a report of money names: people by id or citizen ID, employers, institutions, levels of government.

A citizen ID never reaches the books: a person is posted under the id of their Patient.
"""

import re

from gateway.exchange.apply import fund_words as words
from gateway.exchange.desk import Desk
from gateway.exchange.records import find_patient
from gateway.kernel.citizen_id import parse_citizen_id
from gateway.kernel.codes import check_area_code
from gateway.kernel.ids import InstitutionCode, is_made_id
from gateway.kernel.problem import Problem, Refusal
from gateway.ledger.accounts import Party

LEVELS = ("government", "state", "province", "city", "district", "county", "town")
"""Levels of government; `government` is all of them together."""
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._\-]{0,63}", re.ASCII)


def find_party(desk: Desk, scheme: str, kind: Party, stated: str, *, path: str) -> str:
    """The party of a posting as the books name it. Refusal: bad-fund-party, person-not-found, area-code."""
    match kind:
        case Party.NONE:
            return ""
        case Party.PERSON:
            return _person(desk, stated, path)
        case Party.PAYER:
            return _payer(desk, stated, path)
        case Party.INSTITUTION:
            return _institution(desk, scheme, stated, path)
        case Party.DEBTOR:
            return _institution(desk, scheme, stated, path) if stated[:1] in "HP" else _payer(desk, stated, path)
        case Party.GOVERNMENT:
            if stated not in LEVELS:
                listed = ", ".join(LEVELS)
                raise Refusal(words.bad_party(path, f"a level of government: {listed}", f"政府级次 {listed} 之一"))
            return stated
        case Party.AREA:
            problems = check_area_code(stated, path)
            if problems:
                raise Refusal(problems)
            return stated
        case Party.INSURER | Party.FUND:
            return _named(stated, path)


def _person(desk: Desk, stated: str, path: str) -> str:
    by_id = is_made_id(stated)
    patient = find_patient(desk, id=stated if by_id else "", citizen_id="" if by_id else stated, path=path)
    return str(patient["id"])


def _payer(desk: Desk, stated: str, path: str) -> str:
    """A registered person, or an employer by its code 统一社会信用代码."""
    looks_personal = len(stated) == 18 and not isinstance(parse_citizen_id(stated), Problem)
    return _person(desk, stated, path) if looks_personal else _named(stated, path)


def _named(stated: str, path: str) -> str:
    if not _NAME.fullmatch(stated):
        raise Refusal(
            words.bad_party(path, "a code of letters, digits and ._- , at most 64", "至多 64 位字母、数字和 ._-")
        )
    return stated


def _institution(desk: Desk, scheme: str, stated: str, path: str) -> str:
    if InstitutionCode(stated) not in desk.area_policy(scheme).institutions.by_code:
        raise Refusal(words.bad_party(path, "the code of an institution of this area", "本统筹区定点机构代码"))
    return stated
