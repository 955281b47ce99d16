"""What channels keep, without what opens a mailbox: sealed secrets have no field, and settings whose name
sounds like one are left out as well."""

from regulars.kernel import said
from regulars.kernel.moving_out import Kind, register, since

_OPEN_SETTINGS = """coalesce((SELECT jsonb_object_agg(s.key, s.value) FROM jsonb_each(c.settings) AS s
    WHERE s.key !~* 'secret|password|token|key|credential|dkim'), '{}'::jsonb)"""

# A mail as it came, for whoever writes mailboxes; nothing where it is not kept any more.
RAW = "SELECT raw FROM channels_incoming WHERE id = %s"

register(
    Kind(
        "channels",
        "Channels: mailboxes, forms and programs, without their secrets.",
        "channels_channel AS c",
        "c.id",
        {
            "id": ("c.id", "its number"),
            "kind": ("c.kind", "email, form, api, chat, phone or messenger"),
            "name": ("c.name", "its name"),
            "address": ("c.address", "what customers write to"),
            "team_id": ("c.team_id", "the team its conversations go to, or null"),
            "settings": (_OPEN_SETTINGS, "how it is set up, passwords and keys left out"),
            "created_at": ("c.created_at", "since when"),
            "paused_at": ("c.paused_at", "since when it is paused, or null"),
            "archived_at": ("c.archived_at", "when it was put away, or null"),
        },
    ),
    Kind(
        "deliveries",
        "What was tried to get messages out, and what became of it.",
        "channels_delivery AS d",
        "d.id",
        {
            "id": ("d.id", "its number"),
            "about": ("d.about", "what it carried: message:17, side:4"),
            "channel_id": ("d.channel_id", "the channel it left on"),
            "external_id": ("d.external_id", "the Message-ID it left with"),
            "state": ("d.state", "queued, claimed, sent, failed, unknown or cancelled"),
            "created_at": ("d.created_at", "when it was put down"),
            "settled_at": ("d.settled_at", "when it ended, or null"),
            "attempts": ("d.attempts", "how often it was tried"),
            "trouble": (said.IN_ENGLISH.format("d.trouble"), "what went wrong, in words"),
        },
        lately=since("d.created_at"),
    ),
    Kind(
        "suppressed_addresses",
        "Addresses that refused mail for good, to which nothing is sent.",
        "channels_suppressedaddress AS s",
        "s.id",
        {
            "address": ("s.address", "which address"),
            "reason": (said.IN_ENGLISH.format("s.reason"), "what the mail server said"),
            "at": ("s.at", "since when"),
            "lifted_at": ("s.lifted_at", "when somebody allowed it again, or null"),
            "lifted_by": ("s.lifted_by", "who allowed it"),
        },
    ),
)
