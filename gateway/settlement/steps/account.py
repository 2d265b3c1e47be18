"""Personal account 个人账户: pays before the funds, or after them what the person would pay in cash.

The balance at hand is what the claim states, less what earlier claims of the same batch have drawn.
"""

from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.claim import Counters
from gateway.settlement.decision import Figure
from gateway.settlement.portions import CHARGE_LIST, take
from gateway.settlement.rule import Wording
from gateway.settlement.working import ACCOUNT, Step, Working

FIRST, LAST = "first", "last"
BEFORE, AFTER = "before_account", "after_account"
PARTS = ("in_scope", "first_payment", "over_limit", "own_expense")
ARGUMENTS = {
    "order": shapes.choice(FIRST, LAST),
    "counts": shapes.choice(BEFORE, AFTER),
    "covers": shapes.choice(*PARTS),
    "takes_first": CHARGE_LIST,
}
OPTIONAL = frozenset({"counts", "covers", "takes_first"})

PAID = Figure("account", Wording("个人账户支付", "paid from the personal account"), "min({0:m}, {1:m}) = {2:m}")
FIGURES = (PAID,)


def build(arguments: Arguments) -> Step:
    """`order`: first, in-scope cost before any fund; last, what the funds left.

    `counts`: with order first, whether the funds' rules count the cost before the account (all of it) or after it (what
    it left, the default). `covers`: how far the account goes: in-scope cost alone (the default), first payments too,
    then cost over price ceilings too, then own expense too. `takes_first`: with order first, the charges it pays before
    the others, where own shares differ by charge.
    """
    first, rule = arguments["order"].value == FIRST, arguments["order"].rule
    counts, covers = arguments.get("counts"), arguments.get("covers")
    reduces = first and (counts is None or counts.value == AFTER)
    charges = arguments["takes_first"].value if arguments.get("takes_first") else ()
    parts = PARTS[1 : PARTS.index(covers.value) + 1] if covers is not None else ()

    def step(working: Working) -> None:
        within = working.left
        beyond = sum(getattr(line, part) for line in working.lines for part in parts) - working.account_beyond
        balance = working.account_left
        paid = min(balance, within + beyond)
        if first:
            take(working, min(paid, within), first=charges)
        working.account += paid
        working.account_beyond += max(0, paid - within)
        if reduces:
            working.counted = min(working.counted, working.left)
        working.move(ACCOUNT, Counters(counted=paid))
        working.note(PAID, rule, 0, paid, balance, within + beyond, paid)

    return step
