"""Which door a request goes through."""

from regulars.api import tracking
from regulars.asgi import App, Receive, Scope, Send
from regulars.asgi.observing import observed
from regulars.asgi.pages import Pages
from regulars.asgi.standing import Standing
from regulars.kernel import settings_table


class Root:
    """The whole application of one web process."""

    def __init__(self) -> None:
        self.pages = Pages(threads=int(settings_table.at_start("web_threads")))
        self.standing = Standing()
        self.tracking = tracking.app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            door, app = self._choose(scope["path"])
            await observed(app, door, scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    def _choose(self, path: str) -> tuple[str, App]:
        if path.startswith("/v1/"):
            return "tracking", self.tracking
        if path == "/healthz":
            return "health", self.standing.healthz
        if path == "/metrics":
            return "metrics", self.standing.metrics
        return ("static" if path.startswith("/static/") else "pages"), self.pages

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self.tracking.open()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.standing.close()
        self.pages.close()
        await send({"type": "lifespan.shutdown.complete"})
