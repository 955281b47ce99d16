"""What analytics.js asks for before it sends: where to send to, and that nothing is blocked."""

from collections.abc import MutableMapping
from typing import Any

from django.conf import settings


def settings_for(key_text: str, scope: MutableMapping[str, Any]) -> dict[str, Any]:
    """The settings of one browser key. `apiHost` has no scheme: the SDK sends to its page's own kind of address."""
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1") or settings.PUBLIC_URL.split("://")[-1]
    allowed = {"__default": {"enabled": True, "integrations": {}}}
    return {
        "integrations": {
            "Segment.io": {
                "apiKey": key_text,
                "apiHost": f"{host}/v1",
                "unbundledIntegrations": [],
                "addBundledMetadata": True,
                "maybeBundledConfigIds": {},
                "versionSettings": {"version": "4.4.7", "componentTypes": ["browser"]},
            }
        },
        "plan": {
            "track": allowed,
            "identify": {"__default": {"enabled": True}},
            "group": {"__default": {"enabled": True}},
        },
        "edgeFunction": {},
        "analyticsNextEnabled": True,
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "metrics": {"sampleRate": 0},
        "legacyVideoPluginsEnabled": False,
        "remotePlugins": [],
    }
