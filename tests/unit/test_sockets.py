"""The server's answers do not wait for one another's acknowledgement."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from app import lifespan
from pages.parts.page.sockets import answer_at_once


@pytest.fixture
def listening():
    """A socket as the server binds it: with no protocol named, asyncio leaves it as it is."""
    with socket.socket(socket.AF_INET) as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen()
        yield bound


def waits(listening):
    """Whether what is sent to who connects may wait."""
    with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
        return not accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_who_connects_is_answered_at_once(listening):
    assert waits(listening)
    answer_at_once()
    assert not waits(listening)


def test_so_is_who_connects_to_the_app(listening):
    async def start():
        async with lifespan(None):
            pass

    with ThreadPoolExecutor(1) as other:  # a browser in use keeps this thread from running a loop of its own
        other.submit(asyncio.run, start()).result()
    assert not waits(listening)


def test_sockets_that_are_closed_or_none_of_the_internets_stay_as_they_are():
    closed = socket.socket(socket.AF_INET)
    closed.close()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams, socket.socket(socket.AF_UNIX) as local:
        answer_at_once()
        assert datagrams.fileno() >= 0
        assert local.fileno() >= 0
