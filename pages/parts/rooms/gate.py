"""Who may come in: codes that nobody here is known to hold are tried slowly, and only a room's own page asks.

One classroom has one address, so an address is never shut. A room that was once entered from an address stays open to
it, however many wrong codes come from there; only codes that are new to the address are counted, and refused unread
when there were too many.
"""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

from pages.parts.rooms.refused import Refused

AT_ONCE = 30  # wrong codes from an address
SECONDS_A_CODE = 4.0  # until it may try one more
ADDRESSES = 10_000  # remembered


class Guesses:
    """How many more wrong codes each address may try; in this process, by its own clock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self, address: str) -> None:
        """`Refused` if this address has tried too many."""
        if self._now_left(address) < 1:
            raise Refused(429, "Too many codes that no room has were tried from here: wait a minute.")

    def wrong(self, address: str) -> None:
        """This address has tried a code that no room has."""
        self._left[address] = (self._now_left(address) - 1, self._clock())
        self._left.move_to_end(address)
        if len(self._left) > ADDRESSES:
            self._left.popitem(last=False)

    def _now_left(self, address: str) -> float:
        left, since = self._left.get(address, (AT_ONCE, 0.0))
        return min(AT_ONCE, left + (self._clock() - since) / SECONDS_A_CODE)


def whole_address(host: str) -> str:
    """What one household or school holds: an IPv4 address, or an IPv6 network of 64 bits."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host[:100]
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))


def check_origin(headers: Mapping[str, str]) -> None:
    """`Refused` if a page of another site asks.

    A browser says so itself where the connection is safe; elsewhere its page's address is compared with the host that
    was asked, which a proxy may have renamed. No page of another site can set a proxy's header without asking first.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    hosts = {headers.get("host"), headers.get("x-forwarded-host")}
    by_host = origin is None or origin.partition("://")[2] in hosts
    if not (by_host if site is None else site == "same-origin"):
        raise Refused(403, "A room is asked by its own page alone.")
