"""What a row of the list says beyond what is kept: names, marks, and how urgent a moment is."""

from datetime import timedelta
from typing import Any, Final

from regulars.customers.selectors import naming
from regulars.kernel import clock, page_settings
from regulars.kernel.money import Money

SOON: Final = timedelta(hours=1)
WORTH_SAYING: Final = timedelta(minutes=10)  # the moment of the last message stands in the row anyway
CHANNEL_ICONS: Final = {
    "email": "mail",
    "form": "edit",
    "api": "bolt",
    "chat": "chat",
    "phone": "phone",
    "messenger": "chat",
}


def dressed(rows: list[Any]) -> list[Any]:
    """The rows with everything `desk/row.html` shows; a customer is called as the one theirs was merged into."""
    people = {row.pk: list(filter(None, (row.customer.merged_into, row.customer))) for row in rows}
    names = naming.names(people)
    now = clock.now()
    currency = page_settings.value("currency") if any(getattr(row, "stake", None) for row in rows) else ""
    for row in rows:
        row.called = names[row.pk]
        row.is_late = row.due_at is not None and row.due_at < now
        row.is_due_soon = row.due_at is not None and row.due_at < now + SOON
        row.waits_longer = row.waiting_since is not None and row.last_at - row.waiting_since > WORTH_SAYING
        row.channel_icon = CHANNEL_ICONS.get(row.channel.kind, "chat")
        row.stake_money = Money(round(row.stake), currency) if getattr(row, "stake", None) else None
    return rows
