"""The HTTP and MLLP edge through real sockets."""
