"""What a mail says, and that every reader in the world can read it."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regulars.channels.email import marks
from regulars.channels.email.out import addresses, bodies, composing, headers, references, subjects
from regulars.channels.email.out.addresses import AddressNotUsable
from regulars.channels.email.out.rewriting import rewrites_ids
from regulars.channels.email.out.servers import Server, Way
from regulars.channels.email.out.services import Service
from regulars.channels.email.out.wishes import Wishes
from regulars.channels.email.understanding import understand
from regulars.channels.letters import Enclosure, Letter, Quote

AT = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
SHOP = Wishes.of({}, address="help@shop.example", company="Shop")
LETTER = Letter(
    channel_id=1,
    conversation_id=7,
    to=[{"name": "Ada Moreno", "address": "ada@example.com"}],
    subject="Where is my order?",
    text="On its way.\n\nSee https://shop.example/o?a=1&b=2.\n",
    author_name="Ines",
    in_reply_to="two@example.com",
    references=["one@example.com", "two@example.com"],
    external_id="c7.abc@shop.example",
)


def written(letter: Letter = LETTER, wishes: Wishes = SHOP) -> EmailMessage:
    raw = composing.compose(letter, wishes, at=AT, read=lambda digest: digest.encode()).raw
    return message_from_bytes(raw, EmailMessage, policy=policy.default)  # type: ignore[return-value]


def body(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part
    return part.get_content().replace("\r\n", "\n")


def test_an_answer_says_who_what_and_to_what() -> None:
    mail = written()
    assert mail["From"] == "Ines at Shop <help@shop.example>"
    assert mail["To"] == "Ada Moreno <ada@example.com>"
    assert mail["Subject"] == "Re: Where is my order?"
    assert mail["Date"].datetime == AT
    assert mail["Message-ID"] == "<c7.abc@shop.example>"
    assert mail["In-Reply-To"] == "<two@example.com>"
    assert mail["References"] == "<one@example.com> <two@example.com>"
    assert mail["Auto-Submitted"] is None


def test_answers_come_back_to_an_address_that_names_the_conversation() -> None:
    (answer_to,) = written()["Reply-To"].addresses
    assert marks.conversation_of_address(answer_to.addr_spec, channel_id=1) == 7
    bare = Wishes.of({"plus_address": False}, address="help@shop.example", company="Shop")
    assert written(wishes=bare)["Reply-To"] is None


def test_a_marker_stands_in_the_text_only_where_answers_could_not_be_known_otherwise() -> None:
    marker = marks.body_marker(channel_id=1, conversation_id=7)
    assert marker not in body(written()) + body(written(), "html")
    bare = Wishes.of({"plus_address": False, "signature": "{agent}"}, address="help@shop.example", company="Shop")
    mail = written(replace(LETTER, text="Here."), bare)
    assert body(mail) == f"Here.\n\n{marker}\n\n-- \nInes\n"
    assert f">{marker}</small>" in body(mail, "html")
    long = Wishes.of({}, address=f"{'a' * 60}@shop.example", company="Shop")
    assert marker in body(written(wishes=long))
    for other in ({"side_id": 3}, {"conversation_id": None}):
        assert "[ref:" not in body(written(replace(LETTER, **other), bare))


@pytest.mark.parametrize(
    ("way", "is_known_to"),
    [
        (Server(host="email-smtp.eu-west-1.amazonaws.com", port=587), True),
        (Server(host="SMTP.office365.com", port=587), True),
        (Server(host="smtp.shop.example", port=587), False),
        (Service(provider="brevo", key="k"), True),
        (Service(provider="postmark", key="k"), False),
    ],
)
def test_some_ways_out_write_another_message_id(way: Way, is_known_to: bool) -> None:
    assert rewrites_ids(way) is is_known_to


def test_the_text_is_there_and_the_same_as_html() -> None:
    mail = written()
    assert mail.get_content_type() == "multipart/alternative"
    assert body(mail) == "On its way.\n\nSee https://shop.example/o?a=1&b=2.\n"
    assert '<p>See <a href="https://shop.example/o?a=1&amp;b=2">' in body(mail, "html")


def test_what_an_agent_writes_never_becomes_markup_by_itself() -> None:
    assert bodies.paragraphs('<b>&\n\nhttps://x.example/"><script>') == (
        '<p>&lt;b&gt;&amp;</p>\n<p><a href="https://x.example/">https://x.example/</a>&quot;&gt;&lt;script&gt;</p>'
    )


def test_signature_and_the_message_that_is_answered_come_below() -> None:
    wishes = Wishes.of(
        {"signature": "{agent}\n{company} care", "quote_previous": True}, address="help@shop.example", company="Shop"
    )
    quote = Quote(author="Ada", at=AT.isoformat(), text="Where is it?\n> earlier")
    mail = written(replace(LETTER, text="Here.", quote=quote), wishes)
    assert body(mail) == (
        "Here.\n\n-- \nInes\nShop care\n\nOn March 2, 2026 12:30 UTC, Ada wrote:\n> Where is it?\n>> earlier\n"
    )
    understood = understand(mail.as_bytes())
    assert (understood.visible_text or "").strip() == "Here."
    assert "Where is it?" in (understood.quoted_text or "")


@pytest.mark.parametrize(
    ("wishes", "name"),
    [
        ({}, "Ines at Shop"),
        ({"sender_name": "company"}, "Shop"),
        ({"sender_name": "agent"}, "Ines"),
        ({"from_name": "Shop & Söhne"}, "Ines at Shop & Söhne"),
        ({"sender_name": 7, "automatic_a_day": "many"}, "Ines at Shop"),
    ],
)
def test_the_sender_is_called_what_the_channel_wishes(wishes: dict[str, object], name: str) -> None:
    mail = written(wishes=Wishes.of(wishes, address="help@shop.example", company="Shop"))
    assert mail["From"].addresses[0].display_name == name


@pytest.mark.parametrize(
    "subject",
    ["Hello", "Re: Hello", "RE: re: AW: Hello", "Antw: RV: Hello", "Re[2]: Hello", "回复：Hello", "Re : Sv: Hello"],
)
def test_an_answer_has_one_re_whatever_answered_before(subject: str) -> None:
    assert subjects.answering(subject) == "Re: Hello"


@pytest.mark.parametrize("subject", ["Regarding", "Fwd: Hello", "Rest: x", "R2D2: x"])
def test_what_only_begins_like_an_answer_stays(subject: str) -> None:
    assert subjects.answering(subject) == f"Re: {subject}"


def test_what_begins_a_conversation_is_no_answer() -> None:
    mail = written(replace(LETTER, in_reply_to="", references=[]))
    assert (mail["Subject"], mail["In-Reply-To"], mail["References"]) == ("Where is my order?", None, None)


def test_references_keep_the_beginning_and_the_newest_when_there_are_too_many() -> None:
    ids = [f"{number}@example.com" for number in range(100)]
    assert references.chain(ids, answers=ids[-1]) == [ids[0], *ids[61:]]
    assert references.chain(["a@b", "<a@b>", "no good id", "é@b", "x" * 300], answers="a@b") == ["a@b"]


def test_long_ids_are_folded_between_them_and_never_encoded() -> None:
    ids = [f"{'x' * 200}{number}@example.com" for number in range(50)]
    raw = composing.compose(replace(LETTER, references=ids, in_reply_to=ids[-1]), SHOP, at=AT, read=str.encode).raw
    assert b"=?" not in raw.split(b"\r\n\r\n")[0]
    assert max(len(line) for line in raw.split(b"\r\n")) < 998
    assert written(replace(LETTER, references=ids))["References"].split()[0] == f"<{ids[0]}>"


def test_automatic_mail_says_so_and_is_known_as_our_own() -> None:
    raw = composing.compose(replace(LETTER, is_automatic=True), SHOP, at=AT, read=str.encode).raw
    mail = message_from_bytes(raw, policy=policy.default)
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-replied", "All")
    assert understand(raw).automatic_reason == "own-loop"


def test_files_are_attached_and_pictures_stand_in_the_text() -> None:
    mail = written(
        replace(
            LETTER,
            html='<p>Look: <img src="cid:pic@1"></p>',
            enclosures=[
                Enclosure("p", "Bild ü.png", "image/png", "pic@1"),
                Enclosure("e", "a/../b.eml", "message/rfc822"),
                Enclosure("t", "", "text/html; charset=x"),
            ],
        )
    )
    (related,) = [part for part in mail.walk() if part.get_content_type() == "multipart/related"]
    picture = list(related.iter_parts())[1]
    assert (picture["Content-ID"], picture.get_filename(), picture.get_content()) == ("<pic@1>", "Bild ü.png", b"p")
    assert [(part.get_content_type(), part.get_filename()) for part in mail.iter_attachments()] == [
        ("application/octet-stream", "a_.._b.eml"),
        ("text/html", "file"),
    ]


def test_everybody_is_named_once() -> None:
    mail = written(
        replace(
            LETTER,
            cc=[{"name": "", "address": "ADA@example.com"}, {"name": "", "address": "musa@example.com"}],
            bcc=[{"name": "", "address": "boss@shop.example"}],
        )
    )
    assert (mail["Cc"], mail["Bcc"]) == ("musa@example.com", None)
    parcel = composing.compose(replace(LETTER, bcc=[{"address": "boss@shop.example"}]), SHOP, at=AT, read=str.encode)
    assert parcel.recipients == ("ada@example.com", "boss@shop.example")


def test_a_domain_in_other_letters_goes_as_every_server_knows_it() -> None:
    parcel = composing.compose(replace(LETTER, to=[{"address": "ada@bücher.example"}]), SHOP, at=AT, read=str.encode)
    assert (parcel.recipients, parcel.needs_utf8) == (("ada@xn--bcher-kva.example",), False)
    other = composing.compose(replace(LETTER, to=[{"address": "ädá@bücher.example"}]), SHOP, at=AT, read=str.encode)
    assert (other.recipients, other.needs_utf8) == (("ädá@xn--bcher-kva.example",), True)
    assert "To: ädá@xn--bcher-kva.example\r\n".encode() in other.raw


@pytest.mark.parametrize(
    "wrong", ["", "ada", "@x.example", "ada@", "a@b@c", "a b@c", "a@b\r\nBcc: eve@x", "<a@b>", "a@-b", "a@" + "ä" * 70]
)
def test_what_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(AddressNotUsable):
        written(replace(LETTER, to=[{"name": "", "address": wrong}]))


@example(name="ä" * 30, subject="", text="")
@given(name=st.text(max_size=120), subject=st.text(max_size=200), text=st.text(max_size=300))
def test_any_name_subject_and_text_arrives_as_it_was_meant(name: str, subject: str, text: str) -> None:
    to = [{"name": name, "address": "ada@example.com"}]
    letter = replace(LETTER, to=to, subject=subject, text=text, in_reply_to="")
    raw = composing.compose(letter, SHOP, at=AT, read=str.encode).raw
    mail = message_from_bytes(raw, EmailMessage, policy=policy.default)
    ((phrase, address),) = getaddresses([message_from_bytes(raw)["To"]])
    assert address == "ada@example.com"  # its name by the older reader: the newer sees a space between encoded words
    assert str(make_header(decode_header(phrase))) == headers.one_line(name)[:200].strip()
    assert set(mail.keys()) <= {
        "From", "To", "Subject", "Date", "Message-ID", "References", "Reply-To", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert "".join(str(mail["Subject"]).split()) == "".join(headers.one_line(subject).split())
    meant = text.encode("utf-8", "ignore").decode().replace("\x00", "")
    assert body(mail).split() == meant.split()


@given(st.lists(st.fixed_dictionaries({"address": st.sampled_from(["a@x", "A@X", "b@x", " b@x "])})))
def test_each_once_keeps_the_first_of_each_whatever_its_case(line: list[dict[str, str]]) -> None:
    kept = addresses.each_once(line)
    assert len({addresses.normal(one["address"]) for one in kept}) == len(kept)
    assert {addresses.normal(one["address"]) for one in line} == {addresses.normal(one["address"]) for one in kept}
