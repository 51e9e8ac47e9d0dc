"""A TCP proxy in user space that delays, stalls, resets and cuts what runs through it, for tests of sites."""

import asyncio
import socket
import struct
import threading


class Proxy:
    """Stands in front of HOST:PORT on a loopback port of its own. All methods may be called from any thread."""

    def __init__(self, port):
        self.target = port
        self.delay = 0.0
        self.cut = False
        self._writers = set()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._flows = {"in": self._call(self._open_event), "out": self._call(self._open_event)}
        server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._accept, "127.0.0.1", 0), self._loop).result()
        self.port = server.sockets[0].getsockname()[1]

    def heal(self):
        """Whole and without delay from now on."""
        self.delay = 0.0
        self.cut = False
        self._loop.call_soon_threadsafe(lambda: [flow.set() for flow in self._flows.values()])

    def stall(self, direction):
        """Nothing moves in one direction ("in" is towards the server), and nobody is told."""
        self._loop.call_soon_threadsafe(self._flows[direction].clear)

    def reset(self):
        """Ends all connections by RST; new ones are taken."""
        self._loop.call_soon_threadsafe(self._reset)

    def sever(self):
        """Ends all connections, and new ones too, until healed."""
        self.cut = True
        self.reset()

    def state(self):
        stalled = [name for name, flow in self._flows.items() if not flow.is_set()]
        return "cut" if self.cut else f"stalled {stalled[0]}" if stalled else f"{self.delay * 1000:.0f} ms"

    def _call(self, function):
        async def run():
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    @staticmethod
    def _open_event():
        event = asyncio.Event()
        event.set()
        return event

    def _reset(self):
        for writer in list(self._writers):
            self._abort(writer)

    @staticmethod
    def _abort(writer):
        connection = writer.get_extra_info("socket")
        if connection is not None:
            try:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            except OSError:
                pass  # closed already
        writer.transport.abort()

    async def _accept(self, reader, writer):
        if self.cut:
            self._abort(writer)
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:  # the server is down
            self._abort(writer)
            return
        both = {writer, far_writer}
        self._writers |= both
        await asyncio.gather(self._pump(reader, far_writer, "in"), self._pump(far_reader, writer, "out"))
        self._writers -= both
        for each in both:
            self._abort(each)

    async def _pump(self, reader, writer, direction):
        try:
            while data := await reader.read(64 << 10):
                if self.delay:
                    await asyncio.sleep(self.delay)
                await self._flows[direction].wait()
                writer.write(data)
                await writer.drain()
            writer.write_eof()
        except OSError:  # reset, by one of the two or by this
            self._abort(writer)
