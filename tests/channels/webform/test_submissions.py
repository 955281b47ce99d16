"""What was sent through a form is stored as bytes that read as the same again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.channels.email.reading import NotUnderstood
from regulars.channels.webform import definitions, submissions
from regulars.channels.webform.definitions import Field, Form
from regulars.channels.webform.submissions import Answer, SentFile, Submission

words = st.text(max_size=30)
answers = st.builds(Answer, words, words, words)
files = st.builds(SentFile, words, words, words, st.integers(0, 2**40))
sent = st.builds(
    Submission, email=words, message=words, name=words, subject=words, language=words,
    answers=st.lists(answers, max_size=3).map(tuple), files=st.lists(files, max_size=3).map(tuple),
)  # fmt: skip
questions = st.builds(
    Field, id=words, kind=st.sampled_from(definitions.KINDS), label=words, key=words, help=words,
    is_required=st.booleans(), choices=st.lists(words, max_size=3).map(tuple),
)  # fmt: skip
forms = st.builds(
    Form, slug=words, title=words, name=st.sampled_from(definitions.ASKED), takes_files=st.booleans(),
    fields=st.lists(questions, max_size=3).map(tuple), mailbox_id=st.none() | st.integers(1),
    sites=st.lists(words, max_size=3).map(tuple),
)  # fmt: skip


@given(sent)
def test_what_is_stored_reads_as_what_was_sent(submission: Submission) -> None:
    assert submissions.understand(submission.as_bytes()) == submission


@given(st.binary(max_size=200))
def test_other_bytes_are_refused_and_nothing_else_is_raised(raw: bytes) -> None:
    with pytest.raises(NotUnderstood):
        submissions.understand(raw)


@pytest.mark.parametrize("raw", [b"{}", b"[]", b"null", b'{"answers": 1, "files": []}', b"[" * 100_000])
def test_json_of_another_shape_is_refused(raw: bytes) -> None:
    with pytest.raises(NotUnderstood):
        submissions.understand(raw)


@given(forms)
def test_a_form_kept_in_its_channel_reads_as_itself_and_passes_over_what_it_does_not_know(form: Form) -> None:
    import json

    kept = json.loads(json.dumps(form.as_settings()))
    assert definitions.of_settings({**kept, "of a later version": 1}) == form
