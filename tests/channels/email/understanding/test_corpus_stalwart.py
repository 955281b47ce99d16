"""107 mails, compared with everything another parser says of them; where we differ, it is named and why."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from regulars.channels.email.understanding import Mail, understand

from .corpora import FOLDER, needs_corpora, rows

LATIN = "raw Latin-1 bytes in headers or text without a label are read, not replaced by question marks"
DECODED = "uuencoded files are decoded"
PATH = "a file name loses its path"
SHOWN = "text below a broken multipart is shown as text, not listed as an attachment"
DIFFERENT: dict[str, dict[str, str]] = {
    "legacy/010": {"subject": LATIN, "to": LATIN},
    "legacy/016": {"attachments": "BinHex is kept with the line ends it came with"},
    "legacy/017": {"to": LATIN, "attachments": DECODED},
    "legacy/020": {"subject": LATIN, "to": LATIN},
    "legacy/022": {"subject": LATIN, "to": LATIN},
    "legacy/023": {"attachments": LATIN},
    "legacy/026": {"attachments": LATIN},
    "legacy/027": {"subject": LATIN, "to": LATIN},
    "legacy/033": {"text": LATIN},
    "legacy/035": {"attachments": PATH},
    "legacy/039": {"attachments": PATH},
    "legacy/048": {"attachments": DECODED},
    "legacy/049": {"text": DECODED, "attachments": DECODED},
    "legacy/052": {"subject": LATIN, "to": LATIN, "text": LATIN},
    "malformed/001": {"text": SHOWN, "attachments": SHOWN},
    "malformed/002": {"attachments": SHOWN},
    "malformed/003": {"attachments": SHOWN},
    "malformed/004": {"attachments": SHOWN},
    "malformed/006": {"attachments": SHOWN},
    "malformed/007": {"attachments": "a part without a byte is no attachment"},
    "malformed/008": {"text": SHOWN, "html": SHOWN, "attachments": SHOWN},
    "malformed/009": {"text": SHOWN, "attachments": SHOWN},
    "malformed/011": {"text": SHOWN, "attachments": SHOWN},
    "malformed/012": {"attachments": "the third message of three is one, too"},
    "malformed/016": {"text": SHOWN, "attachments": SHOWN},
    "malformed/019": {"text": "a fuzzed file: what is legible is shown"},
    "malformed/020": {"text": "a delimiter inside another one's part ends it", "html": "the same"},
    "malformed/021": {"text": "a delimiter inside another one's part ends it", "html": "the same"},
    "rfc/001": {"attachments": PATH},
    "thirdparty/000": {"text": "null characters are left out: no database keeps them"},
    "thirdparty/002": {"text": "a part that is rubbish is decoded as what it may be", "attachments": "the same"},
    "thirdparty/005": {"text": "a delimiter begins a line"},
    "thirdparty/015": {"attachments": "the outer delimiter ends a message that never ends: three, not one"},
}
ROWS = rows("mails/stalwart.jsonl")


@needs_corpora
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_mail_is_understood_as_another_parser_understands_it(row: dict[str, Any]) -> None:
    mail = understand((FOLDER / "mails" / row["file"]).read_bytes())

    ours, theirs = _ours(mail), _theirs(row["expected"])
    differing = {name for name in theirs if ours[name] != theirs[name]}

    assert differing == set(DIFFERENT.get(row["id"].removeprefix("stalwart:"), {}))


def _ours(mail: Mail) -> dict[str, Any]:
    answer = mail.as_json()
    return {
        "subject": answer["subject"],
        "date": answer["date"],
        "message_id": answer["message_id"],
        "from": answer["from"],
        "to": answer["to"],
        "reply_to": answer["reply_to"],
        "text": " ".join(mail.text.split()),
        "html": " ".join((mail.html or "").split()),
        "attachments": [(one.type, one.name, hashlib.sha1(one.content).hexdigest()) for one in mail.attachments],
    }


def _theirs(expected: dict[str, Any]) -> dict[str, Any]:
    """Their fields in our shape; what their list leaves open, as text made from HTML, is left out."""
    said: dict[str, Any] = {name: expected.get(name) for name in ("subject", "date", "message_id")}
    said |= {"from": next(iter(expected.get("from", [])), None)}
    said |= {name: expected.get(name, []) for name in ("to", "reply_to")}
    words, html = expected["text_parts"], [one["text"] for one in expected["html_parts"] if one["kind"] == "Html"]
    if words and all(one["kind"] == "Text" for one in words):
        said["text"] = " ".join(" ".join(one["text"] for one in words).split())
    if len(expected["html_parts"]) == 1 or not html:
        said["html"] = " ".join(" ".join(html).split())
    said["attachments"] = _Attached(expected["attachments"])
    return said


class _Attached:
    """Equal to our list where each of theirs that says something says the same."""

    def __init__(self, theirs: list[dict[str, Any]]) -> None:
        self.theirs = theirs

    def __eq__(self, ours: object) -> bool:
        if not isinstance(ours, list) or len(ours) != len(self.theirs):
            return False
        wanted = [(one.get("content_type"), one.get("filename"), one.get("sha1")) for one in self.theirs]
        return all(
            expected is None or expected == found
            for pair in zip(wanted, ours, strict=True)
            for expected, found in zip(*pair, strict=True)
        )

    __hash__ = None  # pyright: ignore[reportAssignmentType]
