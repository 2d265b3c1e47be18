"""Messages that we send: a result tree through a feed's outbound mapping to the bytes of its adapter.

The mapping (`mappings/<feed>/<message>.yaml` with neither operation nor build) names things, the adapter knows the
format; the core knows neither. The same tree and the same context give the same bytes, so that a file asked for twice
is the same file.
"""

from collections.abc import Mapping
from typing import Any

from gateway.contract import Context, Message
from gateway.exchange.feeds import Feed
from gateway.exchange.translate import to_tree
from gateway.kernel.calendar import instant_text


def render(feeds: Mapping[str, Feed], feed: str, message_type: str, tree: Mapping[str, Any], context: Context) -> bytes:
    """The bytes of an outbound message.

    `tree`: what the answer rows read, amounts as exact decimals in yuan. AssertionError: no such outbound message, a
    fault of ours. Refusal of kind fault: our own tree does not fit the rows.
    """
    found = feeds.get(feed)
    mapping = found.mappings.get(message_type) if found else None
    assert found is not None, f"there is no feed {feed}"
    assert mapping is not None, f"feed {feed} has no message {message_type}"
    assert not mapping.build, f"{feed} {message_type} is a message that comes in"
    about = {"reference": context.reference, "now": instant_text(context.now)}
    answer = to_tree(mapping, {**tree, "Context": about})
    return found.adapter.encode(Message(message_type, {}), answer, context)
