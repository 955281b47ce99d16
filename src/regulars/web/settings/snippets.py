"""A few lines to copy, so that the first fact arrives a minute after the key was made."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Snippet:
    """Some code, and what it is for."""

    id: str
    title: str | Promise
    code: str


SHELL = """curl -u {key}: -H "Content-Type: application/json" \\
  -d '{{"userId": "42", "event": "Order Completed", "properties": {{"total": 19.90, "currency": "EUR"}}}}' \\
  {address}/v1/track"""

PYTHON = """# pip install segment-analytics-python
import segment.analytics as analytics

analytics.write_key = "{key}"
analytics.host = "{address}"

analytics.identify("42", {{"email": "ada@example.com", "name": "Ada Moreno"}})
analytics.track("42", "Order Completed", {{"order_id": "A-1001", "total": 19.90, "currency": "EUR"}})
analytics.flush()"""

BROWSER = """// npm install @segment/analytics-next
import {{ AnalyticsBrowser }} from "@segment/analytics-next";

const analytics = AnalyticsBrowser.load(
  {{ writeKey: "{key}", cdnURL: "{address}" }},
  {{ integrations: {{ "Segment.io": {{ apiHost: "{host}/v1", protocol: "{scheme}" }} }} }},
);
analytics.page();"""

PLAIN_BROWSER = """fetch("{address}/v1/t", {{
  method: "POST",
  headers: {{ "Content-Type": "text/plain" }},
  body: JSON.stringify({{ writeKey: "{key}", anonymousId: "visitor-1", event: "Page Viewed", properties: {{ path: location.pathname }} }}),
}});"""  # noqa: E501

VISITOR_TOKEN = """import hashlib, hmac

token = hmac.new(SIGNING_SECRET.encode(), user_id.encode(), hashlib.sha256).hexdigest()"""


API = """\
curl {address}/api/v1/conversations?status=open \\
  -H 'Authorization: Bearer {key}'"""


def of(kind: str, *, text: str, address: str) -> list[Snippet]:
    """The lines for a key of this kind, filled in."""
    templates = {
        "server": [("shell", _("Try it from a shell"), SHELL), ("python", _("Python"), PYTHON)],
        "browser": [("analytics", _("With analytics.js"), BROWSER), ("plain", _("Without a library"), PLAIN_BROWSER)],
        "api": [("api", _("Try it from a shell"), API)],
    }[kind]
    parts = urlsplit(address)
    values = {"key": text, "address": address, "host": parts.netloc, "scheme": parts.scheme}
    return [Snippet(id, title, template.format(**values)) for id, title, template in templates]  # noqa: A001


def visitor_token() -> str:
    """How the company's own server signs a visitor's id."""
    return VISITOR_TOKEN
