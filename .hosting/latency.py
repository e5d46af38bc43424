"""Tells HAProxy how soon each process answers, as the weight that newcomers should give it.

    python3 latency.py 127.0.0.1:8500 127.0.0.1:8501 127.0.0.1:8502

The first address is where HAProxy's agent checks ask, the others are the processes that may be asked about.
A process that is busy still says “ok” to a health check, only later: a weight of 100% is an answer within 50 ms,
10% one within half a second.
"""

import http.client
import socketserver
import sys
import time

PATH = "/_stcore/health"
SECONDS_AT_BEST = 0.05
TRIES = 5  # the slowest counts: a busy interpreter keeps only some waiting
SECONDS_BETWEEN = 0.05
SECONDS_AT_MOST = 2.0


def seconds_to_answer(address: str) -> float:
    """How long the process at an address takes to answer, at most `SECONDS_AT_MOST`; as long if it does not."""
    began = time.monotonic()
    host, _, port = address.rpartition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=SECONDS_AT_MOST)
    try:
        connection.request("GET", PATH)
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return SECONDS_AT_MOST
    finally:
        connection.close()
    return min(time.monotonic() - began, SECONDS_AT_MOST)


def slowest(address: str) -> float:
    """The slowest of a few answers, and no more of them once one took as long as it may."""
    worst = 0.0
    for _ in range(TRIES):
        worst = max(worst, seconds_to_answer(address))
        if worst >= SECONDS_AT_MOST:
            break
        time.sleep(SECONDS_BETWEEN)
    return worst


def weight(seconds: float) -> int:
    """Percent of a quick process's newcomers, from 1 to 100.

    >>> weight(0.01), weight(0.5), weight(60)
    (100, 10, 1)
    """
    return max(1, round(100 * min(1, SECONDS_AT_BEST / max(seconds, SECONDS_AT_BEST))))


class Agent(socketserver.StreamRequestHandler):
    """Answers one agent check: a line with an address comes, a line with a percentage goes."""

    timeout = SECONDS_AT_MOST
    known: frozenset[str] = frozenset()

    def handle(self) -> None:
        """Answer it; of an address that was not named at the start nothing is said."""
        address = self.rfile.readline(100).decode("ascii", "replace").strip()
        if address in self.known:
            self.wfile.write(f"{weight(slowest(address))}%\n".encode())


class Server(socketserver.ThreadingTCPServer):
    """One thread a check."""

    allow_reuse_address = True
    daemon_threads = True


def main(place: str, *processes: str) -> None:
    """Serve until the process is ended."""
    Agent.known = frozenset(processes)
    host, _, port = place.rpartition(":")
    with Server((host, int(port)), Agent) as server:
        server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("Expected the address to serve at and those of the processes, such as 127.0.0.1:8500 127.0.0.1:8501.")
    main(*sys.argv[1:])
