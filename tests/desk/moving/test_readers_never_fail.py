"""Whatever stands in an export, a reader gives matters and misfits and raises nothing."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.desk.moving import chatwoot, freshdesk, helpscout, intercom, mail_files, mails, zendesk
from regulars.desk.moving.forms import Archive, Matter, Misfit, NotAnArchive, Person

_SIMPLE = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
_ANYTHING = st.recursive(
    _SIMPLE, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=3), inside, max_size=3)
)
_TIMES = st.sampled_from(["2024-01-01T00:00:00Z", 1_700_000_000, "soon", 1e300, "٣", None])
_TURN = {"id": 1, "author_id": 1, "created_at": "2024-01-01T00:00:00Z", "body": "x", "attachments": []}
WHOLE: dict[str, dict[str, Any]] = {
    "zendesk": {"id": 1, "requester_id": 1, "requester": {"id": 1}, "status": "open", "tags": [], "comments": [_TURN],
                "custom_fields": [], "created_at": 1, "group_id": 1, "assignee_id": 1, "type": "x", "subject": ""},
    "freshdesk": {"id": 1, "requester_id": 1, "requester": {"id": 1}, "status": 2, "tags": [], "conversations": [_TURN],
                  "custom_fields": {}, "created_at": "2024-01-01T00:00:00Z", "priority": 1, "stats": {}, "source": 1},
    "intercom": {"id": 1, "type": "conversation", "source": _TURN, "contacts": {"contacts": [{"type": "contact"}]},
                 "conversation_parts": {"conversation_parts": [_TURN]}, "created_at": 1_700_000_000, "tags": {},
                 "custom_attributes": {}, "statistics": {}, "state": "closed", "priority": "x"},
    "helpscout": {"id": 1, "primaryCustomer": {"id": 1}, "_embedded": {"threads": [_TURN]}, "tags": [],
                  "customFields": [], "assignee": {}, "status": "x", "closedAt": 1, "number": 1},
    "chatwoot": {"id": 1, "status": "open", "meta": {"sender": {"id": 1}}, "messages": [_TURN], "labels": [],
                 "custom_attributes": {}, "additional_attributes": {}, "priority": 1},
}  # fmt: skip
READERS: dict[str, Callable[[Path, Callable[[str], bool]], Archive]] = {
    "zendesk": zendesk.archive, "freshdesk": freshdesk.archive, "intercom": intercom.archive,
    "helpscout": helpscout.archive, "chatwoot": chatwoot.archive,
}  # fmt: skip
_LENIENT = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def gone_through(archive: Archive) -> None:
    assert all(isinstance(one, Person) for one in archive.people())
    assert all(isinstance(one, Matter | Misfit) for one in archive.matters())


@pytest.mark.parametrize("name", READERS)
@_LENIENT
@given(data=st.data())
def test_any_value_may_be_anything(name: str, data: st.DataObject, tmp_path: Path) -> None:
    record = json.loads(json.dumps(WHOLE[name]))
    places = [record, *(each for value in record.values() if isinstance(value, list) for each in value)]
    place = data.draw(st.sampled_from(places))
    for key in data.draw(st.lists(st.sampled_from(sorted(place)), max_size=3)):
        place[key] = data.draw(_ANYTHING | _TIMES)
    path = tmp_path / "export.json"
    path.write_text(json.dumps([record, data.draw(_ANYTHING)]))
    try:
        gone_through(READERS[name](path, lambda address: False))
    except NotAnArchive:
        assert "id" in place


@_LENIENT
@given(raw=st.binary(max_size=300), is_begun=st.booleans())
def test_any_bytes_may_be_a_mailbox(raw: bytes, is_begun: bool, tmp_path: Path) -> None:
    path = tmp_path / "box"
    path.write_bytes((b"From x Tue Mar 04 03:33:20 2003\nFrom: a@b\n" if is_begun else b"") + raw)
    try:
        gone_through(mails.archive(mail_files.mboxes(path), is_ours=lambda address: False))
    except NotAnArchive:
        assert not is_begun
