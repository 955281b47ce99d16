"""Mail through a real mail server: what arrives is what was meant, once, and what is refused is said in its words."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from regulars.channels.actions import carrying, setting_up
from regulars.channels.email.understanding import understand
from regulars.channels.letters import Enclosure
from regulars.channels.models import Channel, SuppressedAddress
from regulars.kernel import clock, files
from regulars.kernel.actors import SYSTEM
from tests.channels.email.out import exim
from tests.channels.email.out.exim import Exim
from tests.channels.email.out.test_carrying import again, put_down

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def server() -> Iterator[Exim]:
    if exim.program() is None:
        pytest.skip("Exim is not installed (apt-get install exim4-daemon-light)")
    home = Path(tempfile.mkdtemp(prefix="regulars-exim-"))  # where the server's own user can reach it
    home.chmod(0o755)
    running = Exim(home)
    try:
        running.wait()
        yield running
    finally:
        running.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def channel(db: None, server: Exim) -> Channel:
    settings = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none", "from_name": "Müller & Co"}
    return setting_up.create("email", "Help", by=SYSTEM, address="help@shop.example", settings=settings)


def test_what_arrives_is_what_was_meant_and_once(channel: Channel, server: Exim) -> None:
    picture = files.store(bytes(range(256)) * 4_000)
    delivery = put_down(
        channel,
        text=".Grüße\n\n..\n.\nFrom here\n" + "x" * 3_000,
        subject="Re: Größe, " * 12,
        author_name="Inès",
        in_reply_to="question@example.com",
        references=[f"{'r' * 90}{number}@example.com" for number in range(30)] + ["question@example.com"],
        enclosures=[Enclosure(picture, "größe.png", "image/png")],
    )
    assert carrying.deliver(delivery.pk) == "sent"
    (raw,) = server.mails(1)
    mail = understand(raw)
    assert mail.text.split() == [".Grüße", "..", ".", "From", "here", "x" * 3_000]
    assert (mail.message_id, mail.in_reply_to) == (delivery.external_id, ("question@example.com",))
    assert len(mail.references) == 31
    assert mail.subject == "Re: Größe, " * 11 + "Re: Größe,"
    assert mail.author
    assert (mail.author.name, mail.author.address) == ("Inès at Müller & Co", "help@shop.example")
    (file,) = mail.attachments
    assert (file.name, file.size) == ("größe.png", 1_024_000)


def test_what_a_real_server_refuses_or_puts_off_is_said_in_its_words(channel: Channel, server: Exim) -> None:
    gone = put_down(channel, about="message:1", to=[{"name": "", "address": "nobody@example.com"}])
    assert carrying.deliver(gone.pk) == "failed"
    assert "There is no such person here" in again(gone).trouble
    assert SuppressedAddress.objects.get().address == "nobody@example.com"
    later = put_down(channel, about="message:2", to=[{"name": "", "address": "later@example.com"}])
    assert carrying.deliver(later.pk) == "queued"
    assert "Come back later" in again(later).trouble
    assert again(later).due_at > clock.now() + timedelta(seconds=30)


def test_an_address_in_other_letters_arrives(channel: Channel, server: Exim) -> None:
    delivery = put_down(channel, to=[{"name": "Ädá", "address": "ädá@bücher.example"}])
    assert carrying.deliver(delivery.pk) == "sent", again(delivery).trouble
    (raw,) = server.mails(1)
    assert "ädá@xn--bcher-kva.example".encode() in raw
