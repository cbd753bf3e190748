"""The steady part of a stream: what an upstream sends is translated and written before the loop turns.

A task that waits for every piece costs a future, a wake-up and a switch each time, a quarter of what a token costs that
comes alone. Here the connection itself calls. Everything that is not plain progress (the end, a breakdown, the finish
reason, a client that does not keep up) ends the flow and is left to `reading.pump`, which goes on as if nothing had been
read ahead.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import aiohttp

from tray_app.proxy.exchange.outgoing import StreamAnswer
from tray_app.proxy.exchange.outlet import Outlet
from tray_app.proxy.upstream.wire import Response


class Flow:
    """Pieces of `response` through `answer` to `outlet`; `progressed` is told whether a piece became something."""

    def __init__(
        self, response: Response, answer: StreamAnswer, outlet: Outlet, progressed: Callable[[bool], None]
    ) -> None:
        self._response = response
        self._content = response.content
        self._answer = answer
        self._push = outlet.push
        self._progressed = progressed
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._busy = False
        self._more = False  # something came while a piece was being passed on

    async def run(self) -> None:
        """Until something else than progress comes.

        Raises:
            ConnectionError: the client is gone.
        """
        self._response.listen(self._came)
        try:
            self._came()
            await self._ended
        finally:
            self._response.listen(None)
            if self._ended.done() and not self._ended.cancelled():
                self._ended.exception()  # seen, even if this task is cancelled in the same moment

    def _came(self) -> None:
        """Called by the connection; also from inside a read here, when that lets the parser go on."""
        if self._busy:
            self._more = True
            return
        if self._ended.done():
            return
        self._busy = self._more = True
        try:
            while self._more:
                self._more = False
                if not self._pass_on():
                    self._ended.set_result(None)
                    return
        except Exception as error:  # noqa: BLE001 - it belongs to the exchange, not to the connection that called
            self._ended.set_exception(error)
        finally:
            self._busy = False

    def _pass_on(self) -> bool:
        """Pass on what is here; False if it is not for us to go on."""
        content, answer = self._content, self._answer
        try:
            data = content.read_nowait()
        except (aiohttp.ClientError, OSError):
            return False  # raised again for whoever reads next
        if data:
            out = answer.feed(data)
            roomy = self._push(out) if out else True
            self._progressed(bool(out))
            if not (roomy and answer.flowing):
                return False
        return not content.is_eof()
