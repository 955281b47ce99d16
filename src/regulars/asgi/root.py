"""Which door a request goes through."""

from regulars.api import tracking
from regulars.asgi import App, Receive, Scope, Send
from regulars.asgi.observing import observed
from regulars.asgi.pages import Pages
from regulars.asgi.standing import Standing
from regulars.kernel import settings_table
from regulars.web.live import Hub, Streams
from regulars.web.live.painting import DeskPainter


class Root:
    """The whole application of one web process."""

    def __init__(self) -> None:
        self.pages = Pages(threads=settings_table.number("web_threads"))
        self.standing = Standing()
        self.tracking = tracking.app
        self.hub = Hub(DeskPainter())
        self.streams = Streams(self.hub)

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
        if path == "/live":
            return "live", self.streams
        if path == "/healthz":
            return "health", self.standing.healthz
        if path == "/metrics":
            return "metrics", self.standing.metrics
        return ("static" if path.startswith("/static/") else "pages"), self.pages

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self.tracking.open()
        self.hub.open()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.hub.close()
        await self.standing.close()
        self.pages.close()
        await send({"type": "lifespan.shutdown.complete"})
