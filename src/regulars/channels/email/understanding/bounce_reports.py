"""RFC 3464: the part of a delivery report that is written for programs."""

from __future__ import annotations

import re

from regulars.channels.email.understanding import headers
from regulars.channels.email.understanding.headers import Headers
from regulars.channels.email.understanding.mail import Bounce

TYPES = ("message/delivery-status", "message/global-delivery-status", "text/delivery-status")
_ADDRESS = re.compile(r"[^\s<>()\"',;:\[\]]{1,64}@[^\s<>()\"',;@]{1,255}")
_PLAUSIBLE = re.compile(r"[^\s@.](?:[^\s@]*[^\s@.])?@[^\s@.][^\s@]*")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_GOOD = ("delivered", "relayed", "expanded")
_MAX_BLOCKS = 1_000


def read(reports: list[bytes]) -> tuple[tuple[Bounce, ...], bool]:
    """The failures and delays, and whether a report spoke of any recipient at all."""
    found: dict[str, Bounce] = {}
    nameless: list[Bounce] = []
    has_recipient = False
    for report in reports:
        for block in _blocks(report):
            action = (block.text("action") or "").strip().lower()
            has_recipient = has_recipient or bool(action) or "final-recipient" in block
            one = _failure(block, action)
            if one and one.recipient:
                found.setdefault(one.recipient.lower(), one)
            elif one:
                nameless.append(one)
    return (*found.values(), *nameless[: 0 if found else 1]), has_recipient


def recipient(value: str | None) -> str | None:
    """`rfc822; <ada@example.org>` as the address alone; None where none is named or it cannot be one."""
    kind, mark, address = (value or "").partition(";")
    found = _ADDRESS.search(address if mark else kind)
    return found[0].rstrip(".") if found and is_plausible(found[0]) else None


def is_plausible(address: str) -> bool:
    """With one at-sign and something on each side; dots at the end of a name are what a censor left."""
    return bool(_PLAUSIBLE.fullmatch(address.rstrip(".")))


def _blocks(report: bytes) -> list[Headers]:
    """Groups of fields between blank lines; a group without fields is no group."""
    found: list[Headers] = []
    at = 0
    while at < len(report) and len(found) < _MAX_BLOCKS:
        block, after = headers.read(report, at, len(report))
        if block.lines:
            found.append(block)
        elif after == at:
            after = report.find(b"\n", at) + 1 or len(report)
        at = after
    return found


def _failure(block: Headers, action: str) -> Bounce | None:
    status = _STATUS.search(block.text("status") or "")
    number = status[0] if status else None
    word = action.partition(" ")[0].partition(";")[0]
    is_known = word.startswith("fail") or word in ("delayed", *_GOOD)
    if word in _GOOD or not (is_known or (number and number[0] in "45")):
        return None
    if not ("final-recipient" in block or "original-recipient" in block):
        return None
    who = recipient(block.text("original-recipient")) or recipient(block.text("final-recipient"))
    is_permanent = word.startswith("fail") or (not is_known and number is not None and number[0] == "5")
    return Bounce(who, number, is_permanent, block.readable("diagnostic-code"))
