"""The demonstration day: made-up people, real messages over real sockets, and everything that came of it compared."""
