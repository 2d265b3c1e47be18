"""What each event of the fund books: one pure function an event, giving the postings of one entry.

Amounts are fen above zero. Every event balances in each of its funds, and none lets money skip a station (`stations`).
"""

from typing import TypeAlias

from gateway.ledger.entry import Posting

Flow: TypeAlias = tuple[Posting, ...]
"""The postings of one event, balanced in each fund."""
