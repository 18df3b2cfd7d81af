"""One visitor of the app: a session over a WebSocket that sends what a browser sends and reads what it gets.

Nothing is drawn: of each run of the page is kept whether it went well. Unlike a browser's, the messages that were
got before are never left out, as if none of them were still known.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

ANSWER = 'class="print fingerprint"'
"""What stands under each answer, and nowhere else."""
PATIENCE_SECONDS = 60
"""How long a run of the page may take before it counts as an error."""
CLOSE_SECONDS = 5
LARGEST_MESSAGE = 16 << 20


class VisitError(Exception):
    """The page showed an error, or no answer."""


@dataclass(slots=True)
class Shown:
    """What a run of the page has shown: its hash, the id of the field for questions, answers, errors."""

    page: str = ""
    field_id: str = ""
    answers: int = 0
    errors: list[str] = field(default_factory=list)

    def add(self, element: Any) -> None:
        """Take in an element that the run draws."""
        from streamlit.proto.Alert_pb2 import Alert

        kind = element.WhichOneof("type")
        if kind == "chat_input":
            self.field_id = element.chat_input.id
        elif kind == "html" and ANSWER in element.html.body:
            self.answers += 1
        elif kind == "exception":
            self.errors.append(element.exception.message)
        elif kind == "alert" and element.alert.format == Alert.ERROR:
            self.errors.append(element.alert.body)


class Session:
    """A visitor with an open page; `address` is the app's, `language` the browser's."""

    def __init__(self, connection: ClientConnection, address: str, language: str) -> None:
        self.connection = connection
        self.address = address
        self.language = language
        self.shown = Shown()
        self.asked = 0

    async def open(self) -> float:
        """Open the page of questions; return the seconds until it stood there whole. Raises as `ask` does."""
        return await self._run("")

    async def ask(self, question: str) -> float:
        """Ask a question; return the seconds until its answer, and all before it, stood there whole.

        Raises `VisitError` where the page showed an error or no answer, `TimeoutError` after a minute, and what the
        connection raises.
        """
        self.asked += 1
        return await self._run(question)

    async def _run(self, question: str) -> float:
        begun = time.perf_counter()
        await self.connection.send(self._request(question))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not self._ends(await self.connection.recv()):
                pass
        seconds = time.perf_counter() - begun
        if self.shown.errors:
            raise VisitError(self.shown.errors[0])
        if self.shown.answers != self.asked:
            raise VisitError(f"{self.shown.answers} answers stood there after {self.asked} questions")
        return seconds

    def _request(self, question: str) -> bytes:
        """Return the message that has the page run, with a question if there is one."""
        from streamlit.proto.BackMsg_pb2 import BackMsg

        message = BackMsg()
        wanted = message.rerun_script
        wanted.page_script_hash = self.shown.page
        wanted.context_info.locale = self.language
        wanted.context_info.timezone = "Europe/Copenhagen"
        wanted.context_info.url = self.address
        if question:
            widget = wanted.widget_states.widgets.add()
            widget.id = self.shown.field_id
            widget.chat_input_value.data = question
        return bytes(message.SerializeToString())

    def _ends(self, data: str | bytes) -> bool:
        """Take in a message; tell whether it ends the run, which one that the page itself begins anew does not."""
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.shown = Shown(message.new_session.page_script_hash)
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self.shown.add(message.delta.new_element)
        return bool(kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN)


def connecting(address: str) -> connect:
    """Return a connection to the app to be opened with `async with`, which closes it too."""
    return connect(
        f"{address.replace('http', 'ws', 1)}/_stcore/stream",
        origin=Origin(address),
        subprotocols=[Subprotocol("streamlit")],
        max_size=LARGEST_MESSAGE,
        close_timeout=CLOSE_SECONDS,
        open_timeout=PATIENCE_SECONDS,
        ping_interval=None,
        proxy=None,
    )
