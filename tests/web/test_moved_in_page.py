"""Settings, Moved in: which files still lie elsewhere, why some stay there, and one press that fetches them."""

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from regulars.desk.models import FarFile, Message, Origin
from regulars.kernel import clock
from tests.customers.cast import make_customer
from tests.desk.cast import ask, make_agent, make_mailbox

pytestmark = pytest.mark.django_db


def test_a_press_has_what_waits_and_what_failed_fetched(client: Client) -> None:
    question = ask(make_customer("Ada", email="ada@example.com").pk, make_mailbox())
    client.force_login(make_agent("Eva", role="manager"), backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("settings:moved_in")
    assert "Nothing moved in from another desk" in client.get(page).content.decode()
    origin = Origin.objects.create(kind="zendesk", name="tea", mark="tea", at=clock.now())
    for number, state in enumerate(("waiting", "failed", "fetched")):
        FarFile.objects.create(
            origin=origin, message=Message.objects.get(), number=str(number), where="ticket <9>", name="tea.png",
            type="image/png", url="https://z.example/1?<x>", state=state,
            reason="file gone" if state == "failed" else "",
        )  # fmt: skip
    shown = client.get(page).content.decode()
    assert "Zendesk tea" in shown and "Fetch the files" in shown and "every 3s" not in shown
    assert "It is no longer there." in shown and "ticket &lt;9&gt;" in shown and "?&lt;x&gt;" in shown
    assert reverse("desk:conversation", args=[question.pk]) in shown
    press = reverse("settings:moved_in_fetching", args=[origin.pk])
    answer = client.post(press, follow=True).content.decode()
    assert "2 files are being fetched." in answer and "being fetched" in answer and "every 3s" in answer
    client.post(press)
    (job,) = ProcrastinateJob.objects.filter(task_name="desk.fetch_far_files", status="todo")
    assert job.args == {"origin_id": origin.pk}
    assert client.post(reverse("settings:moved_in_fetching", args=[origin.pk + 1])).status_code == 404
