"""The hash chain: no two books have the same text, and no link fits another place."""

from hashlib import sha256
from itertools import product

from gateway.ledger.chain import genesis, joined, ledger_hash, link

FIRST = genesis("321182")


def linked(**changed: object) -> bytes:
    given: dict[str, object] = {
        "previous": FIRST, "number": 1, "last_seq": 9, "postings": b"p", "movements": b"m", "counts": (1, 1),
    }  # fmt: skip
    given |= changed
    previous = given.pop("previous")
    return link(previous, **given)  # type: ignore[arg-type]


def test_rows_of_as_many_fields_have_texts_of_their_own() -> None:
    """Fields hold no separator, so what joins differently reads differently."""
    fields = ("", "a", "ab", "1", 1, -1, "乙")
    texts: dict[bytes, tuple[tuple[str, ...], ...]] = {}
    for one, two, three, four in product(fields, repeat=4):
        rows = ((str(one), str(two)), (str(three), str(four)))
        assert texts.setdefault(joined(rows), rows) == rows
    assert joined([]) == b""
    assert joined([("a", 1), ("b", 2)]) == b"a\x1f1\x1eb\x1f2"


def test_a_link_holds_everything_it_was_made_of() -> None:
    others = [
        linked(previous=genesis("370200")),
        linked(number=2),
        linked(last_seq=10),
        linked(postings=b"q"),
        linked(movements=b""),
        linked(postings=b"m", movements=b"p"),
        linked(counts=(2, 1)),
        linked(counts=(1, 2)),
        linked(number=19, last_seq=9),
        linked(number=1, last_seq=99),
    ]
    assert len({linked(), *others}) == len(others) + 1
    assert linked() == linked()
    assert len(linked()) == len(FIRST) == 32


def test_a_ledger_is_told_by_its_lines_in_their_order() -> None:
    lines = [("321182", "resident", 1), ("321182", "resident", 2)]
    assert ledger_hash(lines) == sha256(b"321182\x1fresident\x1f1\x1e321182\x1fresident\x1f2\x1e").hexdigest()
    assert ledger_hash(reversed(lines)) != ledger_hash(lines)
    assert ledger_hash([]) == sha256(b"").hexdigest()
