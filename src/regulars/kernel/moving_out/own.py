"""What the kernel keeps: the log of facts, where facts come from, what is set on pages."""

from typing import Final

from regulars.kernel.moving_out import Kind, since

KINDS: Final = (
    Kind(
        "settings",
        "What was set on the company's page.",
        "kernel_pagesetting AS s",
        "s.name",
        {
            "name": ("s.name", "which setting"),
            "value": ("s.value", "its value"),
            "changed_at": ("s.changed_at", "when it was changed last"),
            "changed_by": ("s.changed_by", "who changed it"),
        },
    ),
    Kind(
        "sources",
        "Where facts come from: the product itself, imports, keys.",
        "kernel_source AS s",
        "s.id",
        {
            "id": ("s.id", "its number"),
            "name": ("s.name", "its name"),
            "kind": ("s.kind", "product, import, browser, server or api"),
            "created_at": ("s.created_at", "since when"),
        },
    ),
    Kind(
        "facts",
        "Everything that happened to customers, as the log has it; see facts.md.",
        "kernel_fact AS f",
        "f.epoch, f.tx, f.id",
        {
            "id": ("f.id", "its number"),
            "source_id": ("f.source_id", "the source it came from"),
            "message_id": ("f.message_id", "what the source calls it; unique with the source"),
            "customer_id": ("f.customer_id", "to whom it happened"),
            "name": ("f.name", "what happened"),
            "occurred_at": ("f.occurred_at", "when it happened"),
            "recorded_at": ("f.recorded_at", "when it became known"),
            "received_at": ("f.received_at", "when it came here"),
            "is_recorded_assumed": ("f.is_recorded_assumed", "whether recorded_at is an assumption"),
            "is_trusted": ("f.is_trusted", "false for what a browser said"),
            "properties": ("f.properties", "what belongs to it, by name"),
        },
        lately=since("f.occurred_at"),
    ),
)
