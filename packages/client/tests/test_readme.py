"""Every example of the README runs as it stands, against the running product."""

import re
from pathlib import Path
from typing import Any

from regulars.desk.actions import indexing, labels
from regulars.desk.models import Conversation, Message
from regulars.kernel import tail
from regulars.kernel.actors import SYSTEM
from regulars_client import Regulars
from tests.customers.cast import make_customer
from tests.desk.cast import ask

README = Path(__file__).resolve().parents[1] / "README.md"


def test_the_examples_run(address: str, key: str, world: dict[str, Any], monkeypatch: Any) -> None:
    from regulars.channels.models import Channel

    lost = ask(
        make_customer("Ada L", email="ada.l@example.com").pk, Channel.objects.get(kind="email"), subject="A lost parcel"
    )
    labels.put(lost.pk, "Shipping", by=SYSTEM)
    tail.catch_up(indexing.CONSUMER)
    examples = re.findall(r"^```python\n(.*?)^```", README.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    known: dict[str, Any] = {}
    for example in examples:
        exec(example.replace("https://desk.example", address).replace("api_…", key), known)
    assert len(examples) == 7
    known["desk"].close()
    begun = Conversation.objects.get(subject="The bag is torn.")
    said = Message.objects.filter(conversation=begun).order_by("pk").values_list("text", flat=True)
    assert list(said) == ["The bag is torn.", "Seen it.", "A new one leaves today.", "On its way."]
    assert (begun.priority, known["found"].id) == (1, lost.pk)
    assert isinstance(known["desk"], Regulars)
    assert known["hook"](b"{}", {}) == 400
