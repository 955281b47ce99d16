"""How the desk is set up, as it is taken along: its words, fields, views, macros, rules, routes and targets."""

from typing import Final

from regulars.kernel.moving_out import Kind

KINDS: Final = (
    Kind(
        "labels",
        "The words agents put on conversations.",
        "desk_label AS l",
        "l.joined_into_id IS NOT NULL, l.id",
        {
            "id": ("l.id", "its number"),
            "name": ("l.name", "the word"),
            "hue": ("l.hue", "its colour, 0 to 360"),
            "joined_into": (
                "(SELECT other.name FROM desk_label AS other WHERE other.id = l.joined_into_id)",
                "which label this word means since it was joined into it, or null",
            ),
        },
    ),
    Kind(
        "fields",
        "The company's own fields of conversations.",
        "desk_fielddefinition AS f",
        "f.position, f.id",
        {
            "key": ("f.key", "by which conversations name it"),
            "label": ("f.label", "as people read it"),
            "kind": ("f.kind", "what values it takes"),
            "help": ("f.help", "the sentence beside it"),
            "choices": ("f.choices", "what can be chosen"),
            "is_required": ("f.is_required", "whether it must be filled in before a conversation is resolved"),
            "team_ids": ("f.team_ids", "the teams that see it; empty for all"),
            "position": ("f.position", "its place"),
            "retired_at": ("f.retired_at", "when it was retired, or null"),
        },
    ),
    Kind(
        "macros",
        "Saved text, and what else a macro does.",
        "desk_macro AS m",
        "m.id",
        {
            "id": ("m.id", "its number"),
            "name": ("m.name", "its name"),
            "text": ("m.text", "what it writes"),
            "deeds": ("m.deeds", "what it does besides"),
            "is_note": ("m.is_note", "whether it writes a note"),
            "agent_id": ("m.agent_id", "whose own it is; null when everybody's"),
            "team_id": ("m.team_id", "the team it is for, or null"),
            "changed_at": ("m.changed_at", "when it was changed last"),
            "retired_at": ("m.retired_at", "when it was retired, or null"),
        },
    ),
    Kind(
        "views",
        "Saved views of the inbox.",
        "desk_view AS v",
        "v.id",
        {
            "id": ("v.id", "its number"),
            "name": ("v.name", "its name"),
            "agent_id": ("v.agent_id", "whose own it is; null when shared"),
            "conditions": ("v.conditions", "what it shows"),
            "sort": ("v.sort", "in which order"),
            "position": ("v.position", "its place"),
        },
    ),
    Kind(
        "rules",
        "What the desk does by itself.",
        "desk_rule AS r",
        "r.position, r.id",
        {
            "id": ("r.id", "its number"),
            "name": ("r.name", "its name"),
            "triggers": ("r.triggers", "when it is asked"),
            "conditions": ("r.conditions", "what must hold"),
            "deeds": ("r.deeds", "what it does"),
            "is_last": ("r.is_last", "whether no rule after it is asked"),
            "position": ("r.position", "its place"),
            "paused_at": ("r.paused_at", "since when it is paused, or null"),
        },
    ),
    Kind(
        "routes",
        "Who gets conversations, by team.",
        "desk_route AS r",
        "r.id",
        {
            "team_id": ("r.team_id", "the team; null for conversations of none"),
            "method": ("r.method", "by hand, in turn or least busy"),
            "is_by_skill": ("r.is_by_skill", "whether what people know decides"),
        },
    ),
    Kind(
        "seats",
        "How much each agent takes, and what they know.",
        "desk_seat AS s",
        "s.agent_id",
        {
            "agent_id": ("s.agent_id", "who"),
            "capacity": ("s.capacity", "how many open conversations"),
            "skills": ("s.skills", "what they know"),
            "away_at": ("s.away_at", "since when they are away, or null"),
        },
    ),
    Kind(
        "targets",
        "Hours and targets, each version that was ever in force.",
        "desk_policy AS p",
        "p.id",
        {
            "id": ("p.id", "its number"),
            "at": ("p.at", "since when"),
            "by": ("p.by", "who changed them"),
            "content": ("p.content", "hours, targets and which hours count, as JSON"),
        },
    ),
)
