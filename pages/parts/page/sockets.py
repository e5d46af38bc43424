"""How the server's answers leave it."""

import gc
import socket

INTERNET = (socket.AF_INET, socket.AF_INET6)


def answer_at_once() -> None:
    """Let no part of an answer wait until the browser has acknowledged the part before, 40 ms each: once, at start.

    asyncio sees to that for sockets of its own, but the server brings one (github.com/Kludex/uvicorn/issues/3149).
    Connections have the option from the socket that listens.
    """
    for one in gc.get_objects():
        if type(one) is not socket.socket or one.fileno() < 0:
            continue
        if one.family in INTERNET and one.type == socket.SOCK_STREAM:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
