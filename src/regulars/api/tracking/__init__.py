"""The tracking interface: Segment's public protocol on `/v1/…`, as a bare ASGI application.

No middleware and no session: a key, JSON in, one transaction, a short answer. See
docs/reference/tracking.md.
"""

from regulars.api.tracking.application import Tracking

app = Tracking()
