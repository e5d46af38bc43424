"""A learner without a browser: opens pages and lets go of sliders, in Streamlit's own messages."""

import asyncio
import json
import random
import time
from types import TracebackType
from typing import Self

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

SECONDS_TO_ANSWER = 60


class Learner:
    """One session of a server on this machine: an asynchronous context manager, connected inside."""

    def __init__(self, url: str, path: str = "/") -> None:
        """Take the server's address and the path of a page; nothing is sent yet."""
        self._origin = url
        self._page = path.strip("/")
        self._stage_id = ""
        self._stage: dict = {}

    async def __aenter__(self) -> Self:
        """Connect, as the page's front end does."""
        address = self._origin.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket = await websockets.connect(
            address, subprotocols=["streamlit"], origin=self._origin, max_size=None, proxy=None
        )
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Disconnect."""
        await self._socket.close()

    async def run(self) -> float:
        """Open the page; the seconds from sending the message to the end of the run."""
        message = BackMsg()
        message.rerun_script.page_name = self._page
        return await self._run(message)

    async def turn_to(self, path: str) -> float:
        """Open another page; the seconds until its run has ended."""
        self._page = path.strip("/")
        return await self.run()

    async def release(self) -> float:
        """Let go of the first logit's slider somewhere; the seconds until the run that follows has ended.

        RuntimeError if it is not that page any more, or does not hold that logit.
        """
        page = self._stage["page"]
        logit = f"{random.uniform(-5, 5):.2f}"
        commit = {
            "session": self._stage["session"],
            "revision": self._stage["revision"],
            "query": f"z={logit},1,0.1",
        }
        message = BackMsg()
        message.rerun_script.page_script_hash = self._page_id
        message.rerun_script.widget_states.widgets.add(id=self._stage_id, json_value=json.dumps({"commit": commit}))
        seconds = await self._run(message)
        held = self._stage["example"]["logits"][0]
        if self._stage["page"] != page:
            raise RuntimeError(f"the page was {page}, and is {self._stage['page']}")
        if float(held) != float(logit):
            raise RuntimeError(f"a logit of {logit} was released, but the page holds {held}")
        return seconds

    async def _run(self, message: BackMsg) -> float:
        began = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        while True:
            answer = ForwardMsg.FromString(await asyncio.wait_for(self._socket.recv(), SECONDS_TO_ANSWER))
            match answer.WhichOneof("type"):
                case "script_finished":
                    return time.perf_counter() - began
                case "navigation":
                    self._page_id = answer.navigation.page_script_hash
                case "delta":
                    self._look_at(answer.delta.new_element)

    def _look_at(self, element) -> None:  # a streamlit.proto.Element
        match element.WhichOneof("type"):
            case "bidi_component":
                self._stage_id = element.bidi_component.id
                self._stage = json.loads(element.bidi_component.bytes)
            case "exception":
                raise RuntimeError(f"/{self._page} shows {element.exception.type}: {element.exception.message}")
