"""Forms as the public sees them: no sign-in, no script, no machine, nothing typed lost."""

import os
import time
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.channels.actions import forms, pausing
from regulars.channels.models import Channel, Incoming
from regulars.channels.selectors.forms import Door
from regulars.channels.webform import definitions, tokens, work
from regulars.channels.webform.definitions import Field
from regulars.channels.webform.submissions import Submission, understand
from regulars.desk.actions import files as sweeping
from regulars.kernel import clock, files
from regulars.kernel.actors import SYSTEM
from regulars.kernel.errors import NoRoom
from tests.desk.asking_by_form import make_form
from tests.desk.cast import make_mailbox
from tests.jobs_waiting import arguments_of

pytestmark = pytest.mark.django_db
PAGE = "/form/contact/"
EVERY_KIND = tuple(
    Field(id=kind, kind=kind, label=f"A {kind}", choices=("One", "Two") if kind in definitions.CHOOSING else ())
    for kind in definitions.KINDS
)


@pytest.fixture
def door() -> Door:
    return make_form(fields=())


def token(door: Door, *, seconds: float = 60) -> str:
    return tokens.issue(door.id, at=clock.now() - timedelta(seconds=seconds))


def typed(door: Door, **said: Any) -> dict[str, Any]:
    """What a person types, with a token that is a minute old and no script at work."""
    return {"token": token(door), "email": "Ada@Example.com", "message": "Where is it?", **said}


def came() -> Submission:
    return understand(bytes(Incoming.objects.get().raw))


def test_a_visitor_fills_in_the_form_and_is_thanked(client: Client, door: Door) -> None:
    page = client.get(PAGE)
    assert page.status_code == 200 and "frame-ancestors 'none'" in page["Content-Security-Policy"]
    answer = client.post(PAGE, typed(door, name="Ada", subject="Late"))
    assert (answer.status_code, answer["Location"]) == (302, "/form/contact/thanks/")
    thanks = client.get(answer["Location"]).content.decode()
    assert "Your message has arrived." in thanks and "A mail that says so" not in thanks
    assert came() == Submission(
        email="ada@example.com", name="Ada", subject="Late", message="Where is it?", language="en"
    )  # fmt: skip
    assert Incoming.objects.get().envelope == {"from": "ada@example.com"}


def test_a_mail_is_promised_only_where_a_mailbox_sends_one(client: Client) -> None:
    make_form(mailbox_id=make_mailbox().pk, thanks="We read everything.")
    page = client.get(f"{PAGE}thanks/").content.decode()
    assert "We read everything." in page and "A mail that says so is on its way to you." in page


def test_every_kind_of_question_is_read_into_words(client: Client) -> None:
    door = make_form(fields=EVERY_KIND)
    said = {
        "own-text": "20318", "own-long": "a\nb", "own-choice": "Two", "own-choices": ["One", "Two"],
        "own-checkbox": "on", "own-date": "2026-03-02", "own-number": "12.50",
    }  # fmt: skip
    client.post(PAGE, typed(door, **said))
    assert {each.label: each.value for each in came().answers} == {
        "A text": "20318", "A long": "a\nb", "A choice": "Two", "A choices": "One, Two", "A checkbox": "yes",
        "A date": "2026-03-02", "A number": "12.50",
    }  # fmt: skip


def test_what_is_missing_is_marked_and_what_was_typed_stays(client: Client) -> None:
    door = make_form(
        fields=(Field(id="order", kind="text", label="Order number", is_required=True),), subject="required"
    )
    answer = client.post(PAGE, typed(door, email="nobody", message="Kept <b>words</b>"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "it is marked below" in page
    assert "Kept &lt;b&gt;words&lt;/b&gt;" in page and page.count('class="errors"') == 3
    assert not Incoming.objects.exists()


@pytest.mark.parametrize(
    ("seconds", "has_work", "status"), [(1, True, 422), (3, True, 302), (3, False, 422), (9, False, 302)]
)
def test_too_quick_is_refused_kindly_unless_the_browser_did_some_work(
    client: Client, door: Door, seconds: float, has_work: bool, status: int
) -> None:
    text = token(door, seconds=seconds)
    read = tokens.read(text, channel_id=door.id)
    assert read is not None
    done = work.do(read.nonce) if has_work else ""
    answer = client.post(PAGE, typed(door, token=text, work=done))
    assert (answer.status_code, Incoming.objects.count()) == (status, int(status == 302))
    if status == 422:
        page = answer.content.decode()
        assert "quicker than people type" in page and "Where is it?" in page
        assert text in page, "the token stays, so that waiting counts"


def test_a_page_that_was_open_too_long_gets_a_fresh_token_and_keeps_what_was_typed(client: Client, door: Door) -> None:
    old = token(door, seconds=90_000)
    page = client.post(PAGE, typed(door, token=old)).content.decode()
    assert "open for more than a day" in page and "Where is it?" in page and old not in page
    assert not Incoming.objects.exists()


@pytest.mark.parametrize("forged", ["", "1.2.3:x", "x" * 5_000])
def test_without_a_token_of_ours_nothing_is_stored(client: Client, door: Door, forged: str) -> None:
    answer = client.post(PAGE, typed(door, token=forged))
    assert answer.status_code == 422 and "Where is it?" in answer.content.decode()
    assert not Incoming.objects.exists()


def test_a_token_of_another_form_is_none_of_ours(client: Client, door: Door) -> None:
    other = make_form(slug="returns", title="Returns")
    assert client.post(PAGE, typed(door, token=token(other))).status_code == 422
    assert not Incoming.objects.exists()


def test_the_field_nobody_sees_catches_machines(client: Client, door: Door) -> None:
    answer = client.post(PAGE, typed(door, website="https://spam.example"))
    assert answer.status_code == 422 and "spam.example" not in answer.content.decode()
    assert not Incoming.objects.exists()


def test_the_same_form_sent_twice_arrives_once(client: Client, door: Door) -> None:
    said = typed(door)
    assert [client.post(PAGE, said)["Location"] for _ in range(2)] == ["/form/contact/thanks/"] * 2
    assert Incoming.objects.count() == 1
    changed = client.post(PAGE, {**said, "message": "Something else"})
    assert changed.status_code == 409 and "Something else" in changed.content.decode()
    assert Incoming.objects.count() == 1


def test_one_address_may_not_send_without_end(client: Client, door: Door) -> None:
    answers = [client.post(PAGE, typed(door, message=f"{number}")) for number in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert answers[-1]["Retry-After"] == "600" and "\n5</textarea>" in answers[-1].content.decode()
    assert Incoming.objects.count() == 5


def test_files_are_kept_beside_the_message_under_harmless_names(client: Client, door: Door) -> None:
    upload = SimpleUploadedFile("../../etc/pass\u202ewd.html", b"<script>", content_type="text/html; x=y")
    client.post(PAGE, typed(door, uploads=[upload, SimpleUploadedFile("b.png", b"", content_type="no type")]))
    first, second = came().files
    assert (first.name, first.type, first.size) == ("passwd.html", "text/html", 8)
    assert (second.name, second.type, second.size) == ("b.png", "application/octet-stream", 0)
    assert files.read(first.digest) == b"<script>"


def test_too_many_files_are_refused_before_any_is_kept(client: Client, door: Door) -> None:
    uploads = [SimpleUploadedFile(f"{number}.txt", b"x%d" % number) for number in range(6)]
    answer = client.post(PAGE, typed(door, uploads=uploads))
    page = answer.content.decode()
    assert answer.status_code == 422 and "too many or too large" in page and "choose yours once more" in page
    assert not list(files.stored()) and not Incoming.objects.exists()


def test_files_of_a_form_that_is_refused_are_swept_away_unless_they_come_again(client: Client, door: Door) -> None:
    said = typed(door)
    client.post(PAGE, said)
    changed = typed(door, message="Something else", uploads=[SimpleUploadedFile("a.txt", b"not to stay")])
    assert client.post(PAGE, {**changed, "token": said["token"]}).status_code == 409
    ((digest, _),) = files.stored()
    (job,) = arguments_of("desk.sweep_refused_files")
    assert job["digests"] == [digest]
    assert (sweeping.sweep_refused([digest]), len(list(files.stored()))) == (0, 1)
    an_hour_ago = time.time() - 3600
    os.utime(files.path(digest), (an_hour_ago, an_hour_ago))
    assert (sweeping.sweep_refused([digest]), list(files.stored())) == (1, [])


def test_on_a_full_disk_nothing_is_taken_and_what_was_typed_stays(client: Client, door: Door) -> None:
    with patch("regulars.web.forms.sending.files.store", side_effect=NoRoom):
        answer = client.post(PAGE, typed(door, uploads=[SimpleUploadedFile("a.txt", b"x")]))
    page = answer.content.decode()
    assert answer.status_code == NoRoom.status and "no room on our side" in page and "Where is it?" in page
    assert not Incoming.objects.exists()


def test_a_body_without_end_is_refused_unread(client: Client, door: Door) -> None:
    answer = client.post(PAGE, typed(door), headers={"content-length": str(10**9)})
    assert answer.status_code == 413 and not Incoming.objects.exists()


def test_our_own_address_is_no_customers(client: Client, door: Door) -> None:
    make_mailbox("help@shop.example")
    answer = client.post(PAGE, typed(door, email="help+c1.x@shop.example"))
    assert answer.status_code == 422 and "our own address" in answer.content.decode()
    assert not Incoming.objects.exists()


def test_forged_posts_are_refused_on_our_own_page(door: Door) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(PAGE, typed(door)).status_code == 403
    assert not Incoming.objects.exists()


def test_the_frame_is_shown_by_the_sites_that_may_and_sends_without_a_cookie(door: Door) -> None:
    forms.change(
        door.id, definitions.Form(slug="contact", title="Contact us", sites=("https://shop.example",)), by=SYSTEM
    )
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(f"{PAGE}embed/")
    assert "X-Frame-Options" not in page and "csrftoken" not in strict.cookies
    policy = page["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://shop.example;" in f"{policy};" and "default-src 'self'" in policy
    answer = strict.post(f"{PAGE}embed/", typed(door))
    assert answer["Location"] == "/form/contact/embed/thanks/"
    assert "frame-ancestors 'self' https://shop.example" in strict.get(answer["Location"])["Content-Security-Policy"]
    assert Incoming.objects.count() == 1


def test_a_form_switched_off_or_put_away_takes_nothing(client: Client, door: Door) -> None:
    pausing.pause(door.id, by=SYSTEM)
    answer = client.post(PAGE, typed(door))
    assert answer.status_code == 410 and "This form is closed" in answer.content.decode()
    Channel.objects.update(archived_at=clock.now())
    gone = client.get(PAGE)
    assert gone.status_code == 404 and "/account/login/" not in gone.content.decode()
    assert client.post(PAGE, typed(door)).status_code == 404 and not Incoming.objects.exists()


def test_a_form_speaks_the_language_the_browser_asks_for(client: Client, door: Door) -> None:
    page = client.get(PAGE, headers={"accept-language": "de"})
    assert '<html lang="de"' in page.content.decode()


names = st.sampled_from(
    [*(f"own-{kind}" for kind in definitions.KINDS), "name", "email", "subject", "message", "work", "x"]
)
values = st.text(max_size=20) | st.sampled_from(
    ["1e999999", "NaN", "-0", "\x00", "2026-02-30", "on", "One", "a@b.example"]
)


@given(said=st.dictionaries(names, st.lists(values, max_size=3), max_size=8))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_posted_is_answered(client: Client, said: dict[str, list[str]]) -> None:
    door = next(iter(_every_kind()))
    answer = client.post("/form/everything/embed/", {"token": token(door), **said})
    assert answer.status_code in (302, 422, 429)


def _every_kind() -> list[Door]:
    from regulars.channels.selectors.forms import doors

    return doors() or [make_form(slug="everything", fields=EVERY_KIND)]
