"""Live pages: what changes in the database reaches the open pages that show it, without a reload.

One hub per web process listens to the database; every open page is a stream of server-sent events.
See docs/adr/0013-live-pages.md.
"""

from regulars.web.live.hub import Hub, end_all_streams
from regulars.web.live.streams import Streams

__all__ = ["Hub", "Streams", "end_all_streams"]
