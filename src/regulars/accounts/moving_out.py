"""What accounts keep, without anything that lets somebody in: no passwords, no keys, no links, no codes."""

from regulars.kernel.moving_out import Kind, register

register(
    Kind(
        "agents",
        "Colleagues, those who left too.",
        "accounts_agent AS a",
        "a.id",
        {
            "id": ("a.id", "their number"),
            "name": ("a.name", "their name"),
            "email": ("a.email", "their address"),
            "role": ("a.role", "owner, manager, agent or analyst"),
            "language": ("a.language", "the language they read; empty when the browser decides"),
            "keys": ("a.keys", "what they chose about the keyboard"),
            "created_at": ("a.created_at", "since when"),
            "deactivated_at": ("a.deactivated_at", "when their access ended, or null"),
        },
    ),
    Kind(
        "teams",
        "Teams, with who is in them.",
        "accounts_team AS t",
        "t.id",
        {
            "id": ("t.id", "its number"),
            "name": ("t.name", "its name"),
            "is_open": ("t.is_open", "whether everybody sees its conversations"),
            "agent_ids": (
                "ARRAY(SELECT m.agent_id FROM accounts_team_agents AS m WHERE m.team_id = t.id ORDER BY m.agent_id)",
                "its agents",
            ),
            "created_at": ("t.created_at", "since when"),
            "archived_at": ("t.archived_at", "when it was put away, or null"),
        },
    ),
    Kind(
        "audit",
        "Who did what: sign-ins, changes, exports.",
        "accounts_auditentry AS e",
        "e.id",
        {
            "id": ("e.id", "its number"),
            "at": ("e.at", "when"),
            "actor": ("e.actor", "who: agent:3, key:1 or system"),
            "actor_name": ("e.actor_name", "their name then"),
            "verb": ("e.verb", "what they did"),
            "subject": ("e.subject", "to what: agent:5, customer:9"),
            "details": ("e.details", "what belongs to it"),
            "address": ("host(e.address)", "from which network address, or null"),
        },
    ),
)
