"""A small SMTP server for tests: keeps what it takes, and can refuse or break off where told."""

import contextlib
import socketserver
import threading
import time
from dataclasses import dataclass, field


@dataclass
class Kept:
    """What was handed over: (recipient, content) of each accepted message."""

    messages: list[tuple[str, bytes]] = field(default_factory=list)


class Handler(socketserver.StreamRequestHandler):
    """`server.says` gives another answer to a command; "" breaks the connection off instead.

    Commands are by their first word; "." is the end of a message.
    """

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            self._talk()

    def _talk(self) -> None:
        self._answer("220 test")
        recipient = ""
        while line := self.rfile.readline():
            word = line.split(None, 1)[0].decode().upper() if line.strip() else ""
            if word == "RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0]
            usual = {"DATA": "354 go on", "QUIT": "221 bye"}.get(word, "250 ok")
            if not self._answer(self.server.says.get(word, usual)) or word == "QUIT":
                return
            if word == "DATA" and "DATA" not in self.server.says:
                content = self._content()
                if content is None:
                    return
                said = self.server.says.get(".", "250 taken")
                if said == "" or said.startswith("2"):  # taken, whether it is said or not
                    self.server.kept.messages.append((recipient, content))
                time.sleep(self.server.holds_back)
                if not self._answer(said):
                    return

    def _content(self) -> bytes | None:
        lines = []
        while line := self.rfile.readline():
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b".") else line)
        return None

    def _answer(self, said: str) -> bool:
        if not said:
            return False
        self.wfile.write(said.encode() + b"\r\n")
        return True


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.kept, self.says = Kept(), {}
        self.holds_back = 0.0  # seconds between taking a message and saying so

    @property
    def port(self) -> int:
        return self.server_address[1]

    def handle_error(self, request, client_address) -> None:
        """A client that was killed is no fault of the server."""


@contextlib.contextmanager
def serving():
    """A server in a thread of its own."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
