"""The one way in: channels hand over bytes and get the committed answer. `prepare` is pure, the store concludes."""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from dataclasses import replace as _with
from datetime import datetime
from typing import Any

from gateway.contract import Acknowledger, Adapter, Context, FileAdapter, Incoming, Key
from gateway.exchange.apply import LOOKS, OPERATIONS
from gateway.exchange.desk import Desk, Looking, Result
from gateway.exchange.feeds import Feed
from gateway.exchange.guide import load_guide
from gateway.exchange.pipeline import Office, Prepared, Reply, conclude, fault
from gateway.exchange.translate import to_fhir, to_tree
from gateway.exchange.wants import wants_of
from gateway.fhir.guide import Guide
from gateway.kernel.calendar import instant_text
from gateway.kernel.ids import AreaCode
from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.policies.load import PolicyBook
from gateway.security.allow import check_operation
from gateway.security.partners import Partner, Partners
from gateway.store.store import Store
from gateway.store.unit import Unit
from gateway.store.values import MessageKey

log = logging.getLogger("gateway.exchange")

_READING = ThreadPoolExecutor(max_workers=2, thread_name_prefix="reading")
"""Where messages look that compare files or days with the books: few at a time, so that they hold up nobody."""


@dataclass(frozen=True, eq=False)
class Exchange:
    """Everything a message passes. `clock` gives the instant, `new_id` a fresh id of the area; `guide` judges what
    comes in and what is written."""

    store: Store
    book: PolicyBook
    partners: Partners
    feeds: Mapping[str, Feed]
    area: AreaCode
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    guide: Guide = field(default_factory=load_guide)

    def accept(self, feed: str, incoming: Incoming, *, proven: Partner | None = None) -> "Future[Reply]":
        """One message of a feed. `proven`: the partner whose token the channel has checked already."""
        return self.take(self.prepare(feed, incoming, proven=proven))

    def take(self, prepared: Prepared) -> "Future[Reply]":
        """A prepared message: one that has to look first does so on a reading thread, and is concluded then."""
        if prepared.look is None or prepared.problems:
            return self.conclude(prepared)
        return _READING.submit(lambda: self.conclude(self._looked(prepared)).result())

    def _looked(self, prepared: Prepared) -> Prepared:
        """The message with what its look found, or with why it is refused."""
        assert prepared.look, "only a message that looks is sent here"
        assert prepared.partner, "a message without problems has a sender"
        looking = Looking(self.store, self.book, prepared.partner, self.area, prepared.received_at)
        try:
            return _with(prepared, looked=prepared.look(looking))
        except Refusal as refusal:
            return _with(prepared, run=_refusing(refusal.problems))  # a repeat still gets its stored answer
        except Exception:
            log.exception("fault while looking for message %s (%s)", prepared.id, prepared.kind)
            return _with(prepared, run=_refusing([fault(prepared.id)]))

    async def accept_framed(self, feed: str, body: bytes) -> Sequence[bytes]:
        """One message of a feed with a protocol of acknowledgements: what to send back, in order."""
        adapter = self.feeds[feed].adapter
        incoming = Incoming(body)
        reply = await asyncio.wrap_future(self.accept(feed, incoming))
        if isinstance(adapter, Acknowledger):
            return adapter.acknowledge(incoming, reply.body, self._context())
        return [reply.body]

    def accept_file(self, feed: str, incoming: Incoming, *, proven: Partner) -> Reply:
        """A file: each record is a message of its own; the reply is the adapter's report. Waits for all commits."""
        adapter = self.feeds[feed].adapter
        assert isinstance(adapter, FileAdapter), f"{feed} is not a feed of files"
        context = self._context()
        whole = self._refusable(feed, incoming, context)
        try:
            records = adapter.split(incoming)
        except Refusal as refusal:
            return self.conclude(_with(whole, problems=refusal.problems)).result()
        pending = [self.accept(feed, record, proven=proven) for record in records]
        replies = [each.result() for each in pending]
        report = adapter.report(incoming, [reply.body for reply in replies], context)
        noted = _with(whole, partner=proven, run=_nothing, answer=lambda _tree: report)
        self.conclude(noted).result()
        problems = tuple(problem for reply in replies for problem in reply.problems)
        return Reply(report, problems=problems)

    def conclude(self, prepared: Prepared) -> "Future[Reply]":
        """Hand a prepared message to the store: one unit of work, answered after its commit.

        When the store cannot commit now, the future holds a refusal of kind unavailable and nothing was kept.
        """
        office = Office(self.book, self.area, self.new_id, self.guide)
        replied: Future[Reply] = Future()

        def work(unit: Unit) -> Reply:
            return conclude(unit, prepared, office)

        def done(concluded: "Future[Reply]") -> None:
            error = concluded.exception()
            if error is None:
                replied.set_result(concluded.result())
            elif isinstance(error, Refusal):
                replied.set_result(Reply(prepared.refuse(error.problems), error.problems[0].kind, error.problems))
            else:
                replied.set_exception(error)

        self.store.submit(work, prepared.wants).add_done_callback(done)
        return replied

    def prepare(self, feed: str, incoming: Incoming, *, proven: Partner | None = None) -> Prepared:
        """Read, decode and translate one message. Whatever is wrong with it is in `problems`; never raises for it."""
        context = self._context()
        prepared = self._refusable(feed, incoming, context)
        try:
            return self._read(feed, incoming, context, prepared, proven)
        except Refusal as refusal:
            return _with(prepared, problems=refusal.problems)
        except Exception:
            log.exception("fault while reading message %s of feed %s", prepared.id, feed)
            return _with(prepared, problems=(fault(prepared.id),))

    def _read(
        self, feed: str, incoming: Incoming, context: Context, prepared: Prepared, proven: Partner | None
    ) -> Prepared:
        adapter = self.feeds[feed].adapter
        key = adapter.read_key(incoming)
        partner = self._sender(adapter, incoming, key, context, proven)
        prepared = _with(
            prepared,
            sender=key.sender,
            partner=partner,
            key=MessageKey(self.area, feed, key.sender, key.id),
            content_hash=hashlib.sha256(key.content).digest(),
        )
        try:
            message = adapter.decode(incoming)
            mapping = self.feeds[feed].mappings.get(message.type)
            if mapping is None or not mapping.build:  # unknown, or one that only we send
                raise Refusal(_no_mapping(feed, message.type))
            resources = to_fhir(mapping, message.tree)
        except Refusal as refusal:
            return _with(prepared, problems=refusal.problems)

        def run(desk: Desk) -> Result:
            return OPERATIONS[mapping.operation](desk, resources)

        def answer(tree: Mapping[str, Any]) -> bytes:
            about = {"reference": context.reference, "now": instant_text(context.now)}
            return adapter.encode(message, to_tree(mapping, {**tree, "Context": about}), context)

        look = LOOKS.get(mapping.operation)
        return _with(
            prepared,
            kind=f"{feed}.{message.type}",
            look=None if look is None else lambda looking: look(looking, resources),
            run=run,
            answer=answer,
            wants=wants_of(prepared.key, resources, institution=partner.institution),
            problems=tuple(check_operation(partner, mapping.operation)),
        )

    def _sender(
        self, adapter: Adapter, incoming: Incoming, key: Key, context: Context, proven: Partner | None
    ) -> Partner:
        """The partner that the message names. Refusal: unknown, not the one whose token was shown, signature wrong."""
        partner = self.partners.sender(adapter.feed, key.sender)
        if isinstance(partner, Problem):
            raise Refusal(partner)
        if proven is not None and proven.id != partner.id:
            raise Refusal(_other_sender(key.sender))
        if partner.nhsa_secret:
            problems = adapter.check_proof(incoming, secret=partner.nhsa_secret, now=context.now)
            if problems:
                raise Refusal(problems)
        return partner

    def _refusable(self, feed: str, incoming: Incoming, context: Context) -> Prepared:
        """A message of which nothing is known yet but how to refuse it."""
        adapter = self.feeds[feed].adapter

        def refuse(problems: Sequence[Problem]) -> bytes:
            return adapter.refuse(incoming, problems, context)

        return Prepared(
            id=context.reference,
            channel=feed,
            sender="",
            kind=feed,
            request=incoming.body,
            received_at=context.now,
            refuse=refuse,
        )

    def _context(self) -> Context:
        return Context(now=self.clock(), reference=self.new_id(), area=self.area)


def _nothing(_desk: Desk) -> Result:
    return Result({})


def _refusing(problems: Sequence[Problem]) -> Callable[[Desk], Result]:
    def run(_desk: Desk) -> Result:
        raise Refusal(problems)

    return run


def _no_mapping(feed: str, type: str) -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "unsupported-message",
        "",
        f"messages of type '{type[:20]}' are not offered on feed {feed}",
        f"接口 {feed} 不支持“{type[:20]}”类报文",
    )


def _other_sender(name: str) -> Problem:
    return Problem(
        Kind.FORBIDDEN,
        "sender-is-not-token-holder",
        "",
        f"the message says it is from '{name[:50]}', the token belongs to another partner",
        f"报文发送方“{name[:50]}”与令牌持有者不一致",
    )
