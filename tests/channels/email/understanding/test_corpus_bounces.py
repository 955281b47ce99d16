"""Delivery reports of two dozen mail servers: whom they name, and whether it is final."""

from __future__ import annotations

import re
from typing import Any

import pytest

from regulars.channels.email.understanding import understand

from .corpora import FOLDER, needs_corpora, rows

DIFFERENT = {
    "flufl/yale_01.txt": "the report names `userx` alone; the second address in the list is a guess we do not make",
}


def _by_file() -> dict[str, dict[str, Any]]:
    """One file stands in the list twice, for two detectors of which one finds nothing: what any finds counts."""
    expected: dict[str, dict[str, Any]] = {}
    for row in rows("bounces/flufl.jsonl"):
        if "recipients" in row["expected"]:
            one = expected.setdefault(row["file"], {"recipients": set(), "permanent": row["expected"]["permanent"]})
            one["recipients"] |= set(row["expected"]["recipients"])
    return expected


EXPECTED = _by_file()


@needs_corpora
@pytest.mark.parametrize("file", EXPECTED)
def test_a_report_names_whom_it_could_not_reach(file: str) -> None:
    bounces = understand((FOLDER / "bounces" / file).read_bytes()).bounces
    found = {one.recipient for one in bounces if one.recipient}

    if file in DIFFERENT:
        assert found < EXPECTED[file]["recipients"]
        return
    assert found == EXPECTED[file]["recipients"]
    assert not found or {one.is_permanent for one in bounces} == {EXPECTED[file]["permanent"]}


@needs_corpora
def test_reports_nobody_looked_at_while_this_was_written_are_understood() -> None:
    raw = (FOLDER / "imports" / "mbox" / "sisimai-mbox-0").read_bytes()
    mails = [understand(one) for one in re.split(rb"(?m)^(?=From \S+.*\d{4}\s*$)", raw) if one.strip()]

    reports = [mail for mail in mails if mail.bounces]

    assert [mail.subject for mail in mails if not mail.bounces] == ["Fwd: Returned mail: see transcript for details"]
    assert len(reports) == 36
    assert all(len(mail.bounces) == 1 and mail.bounces[0].recipient for mail in reports)
    assert all(mail.bounces[0].is_permanent for mail in reports)


@needs_corpora
def test_what_reports_a_failure_is_never_answered() -> None:
    mails = [understand((FOLDER / "bounces" / file).read_bytes()) for file in EXPECTED]

    assert [mail.message_id for mail in mails if mail.bounces and not mail.is_automatic] == []


@needs_corpora
def test_no_ordinary_mail_of_the_corpora_is_taken_for_a_report() -> None:
    files = [row["file"] for row in rows("mails/stalwart.jsonl") + rows("mails/mime4j.jsonl")]

    found = [file for file in files if understand((FOLDER / "mails" / file).read_bytes()).bounces]

    assert found == ["mime4j/mimetools-testmsgs/badbound.msg"]  # which is a report, of a mail server of 1996
