"""The tracking application on a real socket, with a key of each kind."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

import pytest
import uvicorn

from regulars.accounts.actions import keys
from regulars.accounts.models import Agent, Key
from regulars.api.tracking import app
from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk.models import Conversation
from regulars.kernel.actors import SYSTEM
from tests.api.program import Program
from tests.customers.cast import make_customer
from tests.desk.cast import ask, make_agent, make_mailbox
from tests.settled import wait_until_settled


@dataclass
class Server:
    """Where the application listens, and its keys."""

    port: int
    server_key: str
    browser_key: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def send(
        self, path: str, content: Any, *, key: str | None = "", method: str = "POST", **headers: str
    ) -> tuple[int, dict[str, Any]]:
        """Send JSON (or bytes as they are), wait until it took effect; return the status and the JSON answered."""
        status, _, body = self.ask(path, content, key=key, method=method, **headers)
        wait_until_settled()
        return status, json.loads(body) if body else {}

    def ask(
        self, path: str, content: Any = b"", *, key: str | None = "", method: str = "POST", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            said.setdefault("authorization", f"Bearer {key or self.server_key}")
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, said)
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def source_id(self, kind: str = "server") -> int:
        return Key.objects.get(source__kind=kind).source_id


@pytest.fixture
def tracking(transactional_db: None, standing_rows: None) -> Iterator[Server]:
    """The application, running."""
    texts = [keys.create(kind, name=f"the {kind}", by=SYSTEM) for kind in ("server", "browser")]
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None, lifespan="off", loop="asyncio")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
    thread.start()
    while not server.started:
        thread.join(0.01)
    try:
        yield Server(listening.getsockname()[1], *texts)
    finally:
        server.should_exit = True
        thread.join(10)
        app.close()
        listening.close()


@pytest.fixture(scope="session")
def described() -> dict[str, Any]:
    """The description of the API, as programs read it."""
    from regulars.api.rest.urls import api

    return json.loads(json.dumps(api.get_openapi_schema()))


@pytest.fixture
def program(db: None) -> Program:
    return Program(keys.create("api", name="Shop system", by=SYSTEM))


@pytest.fixture
def reader(db: None) -> Program:
    return Program(keys.create("api", name="Reports", by=SYSTEM, scopes=("read",)))


@pytest.fixture
def ada(db: None) -> Customer:
    return make_customer("Ada Moreno", email="ada@example.com", external="u-1")


@pytest.fixture
def mailbox(db: None) -> Channel:
    return make_mailbox()


@pytest.fixture
def ines(db: None) -> Agent:
    return make_agent("Ines")


@pytest.fixture
def question(ada: Customer, mailbox: Channel) -> Conversation:
    return ask(ada.pk, mailbox, subject="Where is it?")
