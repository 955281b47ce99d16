"""A program with a key, as it calls the API."""

import json
from typing import Any

from django.test import Client


class Program:
    """A program with a key."""

    def __init__(self, text: str) -> None:
        self.text, self.client = text, Client(raise_request_exception=False)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        given = {
            "Authorization": f"Bearer {self.text}",
            **{name.replace("_", "-"): one for name, one in headers.items()},
        }
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.generic(method, f"/api/v1{path}", content, "application/json", headers=given)
