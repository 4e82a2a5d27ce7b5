"""The server that the tests marked `studio` share."""

import socket
from pathlib import Path

import msgspec

from variorum.label_studio import client, server
from variorum.label_studio.accounts import Logins


class Studio(msgspec.Struct, frozen=True):
    """A server that runs, and the folder it lives in."""

    folder: Path
    state: server.State

    @property
    def logins(self) -> Logins:
        return server.invite(self.folder, [])

    def admin(self) -> client.Studio:
        return client.connect(self.state.url, self.logins.admin.token)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
