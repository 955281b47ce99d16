"""One call on its way: what came in, and who waits for the answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.accounts.selectors import KeyInfo
from regulars.customers.tracking.pending import Stored
from regulars.customers.tracking.rejected import Rejection


@dataclass(slots=True, eq=False)
class Call:
    """A POST. `kind` is the type of its event, or None for a batch; `future` gets what to answer."""

    kind: str | None
    body: bytes
    encoding: bytes
    key_text: str | None
    visitor_token: str
    address: str
    received_at: datetime
    future: "asyncio.Future[list[dict[str, Any]]]"


@dataclass(slots=True, eq=False)
class LookUp:
    """A question whether a key opens anything."""

    key_text: str
    future: "asyncio.Future[KeyInfo | None]"


@dataclass(slots=True, eq=False)
class Ready:
    """A call that was understood and is to be stored, where anything of it is to be kept."""

    call: Call
    key: KeyInfo
    count: int
    rejections: Sequence[Rejection]
    stored: Stored | None
