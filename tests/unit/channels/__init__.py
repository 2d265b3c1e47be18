"""Channels: how bytes are framed, whatever the network does to them."""
