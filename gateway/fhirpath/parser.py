"""Reads the tokens of an expression into its tree, by operator precedence (FHIRPath N1 section 6.8).

Nesting is counted, so that no input can exhaust the stack; chains of one operator are read in a loop.
"""

from decimal import Decimal
from typing import Final

from gateway.fhirpath import problems as wrong
from gateway.fhirpath.lexer import Token, tokens_of
from gateway.fhirpath.problems import place, refuse
from gateway.fhirpath.tree import (
    Binary,
    Call,
    Chain,
    Empty,
    Indexer,
    Literal,
    Member,
    Node,
    Special,
    TypeOperation,
    Unary,
    Variable,
)
from gateway.fhirpath.values import CALENDAR, Quantity, read_date, read_datetime, read_time

MAX_DEPTH: Final = 100

# From the weakest; a sign binds stronger than all of these, and postfix stronger than a sign.
_BY_STRENGTH: Final = (
    ("implies",),
    ("or", "xor"),
    ("and",),
    ("in", "contains"),
    ("=", "~", "!=", "!~"),
    ("<", ">", "<=", ">="),
    ("|",),
    ("is", "as"),
    ("+", "-", "&"),
    ("*", "/", "div", "mod"),
)
BINDING: Final = {operator: strength for strength, row in enumerate(_BY_STRENGTH, 1) for operator in row}
CHAINS: Final = frozenset({"and", "or", "|", "+", "&"})
SPECIALS: Final = frozenset({"this", "index", "total"})


class _Reader:
    """A place in the tokens of one expression, and how deep the reading is."""

    __slots__ = ("at", "deep", "text", "tokens")

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens_of(text)
        self.at = 0
        self.deep = 0

    def peek(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

    def sees(self, symbol: str) -> bool:
        token = self.tokens[self.at]
        return token.kind == "symbol" and token.text == symbol

    def need(self, symbol: str) -> Token:
        if not self.sees(symbol):
            self.fail(f"'{symbol}'")
        return self.take()

    def fail(self, expected: str) -> None:
        token = self.peek()
        found = "the end" if token.kind == "end" else f"'{self.text[token.at : token.end]}'"
        refuse(wrong.syntax(place(self.text, token.at), found=found, expected=expected))

    def checked(self, node: Node) -> Node:
        if node.depth > MAX_DEPTH:
            refuse(wrong.too_deep(place(self.text, node.at), MAX_DEPTH))
        return node


def parse(text: str) -> Node:
    """The tree of an expression. Refusal: fhirpath-syntax, fhirpath-too-long, fhirpath-too-deep, with the position."""
    reader = _Reader(text)
    node = _expression(reader, 0)
    if reader.peek().kind != "end":
        reader.fail("an operator or the end")
    return node


def _expression(reader: _Reader, least: int) -> Node:
    reader.deep += 1
    if reader.deep > MAX_DEPTH:
        refuse(wrong.too_deep(place(reader.text, reader.peek().at), MAX_DEPTH))
    left = _signed(reader)
    while (strength := _strength(reader.peek())) > least:
        token = reader.take()
        if token.text in ("is", "as"):
            namespace, name = _type_name(reader)
            left = TypeOperation(token.text, left, namespace, name, token.at, left.depth + 1)
        elif token.text in CHAINS:
            left = _chain(reader, token, left, strength)
        else:
            right = _expression(reader, strength)
            left = Binary(token.text, left, right, token.at, max(left.depth, right.depth) + 1)
        reader.checked(left)
    reader.deep -= 1
    return left


def _strength(token: Token) -> int:
    return BINDING.get(token.text, 0) if token.kind in ("symbol", "name") else 0


def _chain(reader: _Reader, first: Token, left: Node, strength: int) -> Node:
    operands = [left, _expression(reader, strength)]
    while (token := reader.peek()).text == first.text and _strength(token) == strength:
        reader.take()
        operands.append(_expression(reader, strength))
    return Chain(first.text, tuple(operands), first.at, max(each.depth for each in operands) + 1)


def _signed(reader: _Reader) -> Node:
    signs = []
    while reader.sees("-") or reader.sees("+"):
        signs.append(reader.take())
    node = _postfix(reader)
    for token in reversed(signs):
        node = reader.checked(Unary(token.text, node, token.at, node.depth + 1))
    return node


def _postfix(reader: _Reader) -> Node:
    node = _term(reader)
    while True:
        if reader.sees("."):
            reader.take()
            node = _invocation(reader, node)
        elif reader.sees("["):
            at = reader.take().at
            index = _expression(reader, 0)
            reader.need("]")
            node = Indexer(node, index, at, max(node.depth, index.depth) + 1)
        else:
            return node
        reader.checked(node)


def _invocation(reader: _Reader, source: Node | None) -> Node:
    token = reader.peek()
    if token.kind not in ("name", "quoted"):
        if token.kind == "special" and source is not None:
            return _term(reader)
        reader.fail("the name of an element or function")
    reader.take()
    below = source.depth if source else 0
    if not reader.sees("("):
        return Member(source, token.text, token.at, below + 1)
    reader.take()
    arguments: list[Node] = []
    while not reader.sees(")"):
        if arguments:
            if not reader.sees(","):
                reader.fail("',' or ')'")
            reader.take()
        arguments.append(_expression(reader, 0))
    reader.take()
    return Call(source, token.text, tuple(arguments), token.at, max(below, *(a.depth for a in arguments), 0) + 1)


def _term(reader: _Reader) -> Node:
    token = reader.peek()
    match token.kind:
        case "number":
            return _number(reader)
        case "text":
            reader.take()
            return Literal(token.text, token.at)
        case "date" | "time":
            return _moment(reader)
        case "special":
            if token.text[1:] not in SPECIALS:
                reader.fail("$this, $index or $total")
            reader.take()
            return Special(token.text[1:], token.at)
        case "name" if token.text in ("true", "false"):
            reader.take()
            return Literal(token.text == "true", token.at)
        case "name" | "quoted":
            return _invocation(reader, None)
    return _bracketed(reader)


def _bracketed(reader: _Reader) -> Node:
    token = reader.peek()
    if reader.sees("("):
        reader.take()
        node = _expression(reader, 0)
        reader.need(")")
        return node
    if reader.sees("{"):
        reader.take()
        reader.need("}")
        return Empty(token.at)
    if reader.sees("%"):
        reader.take()
        name = reader.peek()
        if name.kind not in ("name", "quoted", "text") or name.at != token.end:
            reader.fail("the name of a variable")
        reader.take()
        return Variable(name.text, token.at)
    reader.fail("an expression")
    raise AssertionError("unreachable")


def _number(reader: _Reader) -> Node:
    token = reader.take()
    unit = reader.peek()
    if unit.kind == "text" and reader.text[unit.at] == "'":
        reader.take()
        return Literal(Quantity(Decimal(token.text), unit.text), token.at)
    if unit.kind == "name" and unit.text in CALENDAR:
        reader.take()
        return Literal(Quantity(Decimal(token.text), CALENDAR[unit.text], True), token.at)
    if "." in token.text:
        return Literal(Decimal(token.text), token.at)
    number = int(token.text) if len(token.text) <= 12 else 2**31
    # -2147483648 is written as a sign and this number.
    if number > 2**31:
        refuse(
            wrong.syntax(place(reader.text, token.at), found=token.text, expected="an integer of at most 2147483647")
        )
    return Literal(number, token.at)


def _moment(reader: _Reader) -> Node:
    token = reader.take()
    said = token.text[1:]
    value = read_time(said[1:]) if token.kind == "time" else read_datetime(said) if "T" in said else read_date(said)
    if value is None:
        reader.at -= 1
        reader.fail("a date or time that the calendar has")
    return Literal(value, token.at)


def _type_name(reader: _Reader) -> tuple[str, str]:
    first = reader.take()
    if first.kind not in ("name", "quoted"):
        reader.at -= 1
        reader.fail("the name of a type")
    if not reader.sees("."):
        return "", first.text
    reader.take()
    second = reader.take()
    if second.kind not in ("name", "quoted"):
        reader.at -= 1
        reader.fail("the name of a type")
    return first.text, second.text
