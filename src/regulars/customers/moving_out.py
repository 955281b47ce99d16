"""What is kept of customers. Those who were merged into another are rows of their own, as they are here."""

from regulars.kernel.moving_out import Kind, register

_IDENTITIES = """coalesce((SELECT jsonb_agg(jsonb_build_object('kind', i.kind, 'value', i.value,
    'source_id', i.source_id, 'created_at', i.created_at, 'verified_at', i.verified_at) ORDER BY i.id)
    FROM customers_identity AS i WHERE i.customer_id = c.id), '[]'::jsonb)"""
_CONSENTS = """coalesce((SELECT jsonb_agg(jsonb_build_object('purpose', s.purpose, 'is_given', s.is_given,
    'at', s.at, 'source', s.source, 'text_version', s.text_version, 'actor', s.actor) ORDER BY s.id)
    FROM customers_consent AS s WHERE s.customer_id = c.id), '[]'::jsonb)"""
_TRAITS = """coalesce((SELECT jsonb_object_agg(t.name, jsonb_build_object('value', t.value, 'as_of', t.as_of,
    'why', t.why)) FROM customers_trait AS t WHERE t.customer_id = c.id), '{}'::jsonb)"""
_LABELS = """ARRAY(SELECT l.name FROM customers_customer_labels AS w JOIN customers_label AS l ON l.id = w.label_id
    WHERE w.customer_id = c.id ORDER BY l.name)"""

register(
    Kind(
        "companies",
        "The companies customers belong to.",
        "customers_company AS c",
        "c.id",
        {
            "id": ("c.id", "its number"),
            "external_id": ("c.external_id", "what your systems call it"),
            "name": ("c.name", "its name"),
            "attributes": ("c.attributes", "whatever is known of it, by name"),
            "created_at": ("c.created_at", "since when it is known here"),
        },
    ),
    Kind(
        "customer_labels",
        "The words agents put on customers.",
        "customers_label AS l",
        "l.id",
        {"id": ("l.id", "its number"), "name": ("l.name", "the word"), "hue": ("l.hue", "its colour, 0 to 360")},
    ),
    Kind(
        "customers",
        "Customers and visitors, with how they are recognised, what they agreed to, and their labels.",
        "customers_customer AS c",
        "c.id",
        {
            "id": ("c.id", "their number; messages, facts and conversations name it"),
            "name": ("c.name", "their name"),
            "email": ("c.email", "their address"),
            "phone": ("c.phone", "their telephone number"),
            "language": ("c.language", "their language"),
            "time_zone": ("c.time_zone", "where their clock is"),
            "company_id": ("c.company_id", "their company, or null"),
            "merged_into_id": ("c.merged_into_id", "the customer they turned out to be, or null"),
            "created_at": ("c.created_at", "since when there is this row"),
            "known_at": ("c.known_at", "when they said who they are; null for a visitor"),
            "first_seen_at": ("c.first_seen_at", "the first that is known of them"),
            "last_seen_at": ("c.last_seen_at", "the last that is known of them"),
            "attributes": ("c.attributes", "whatever is known of them, by name"),
            "labels": (_LABELS, "the words agents put on them"),
            "identities": (_IDENTITIES, "ways to recognise them: kind, value, source_id, created_at, verified_at"),
            "consents": (_CONSENTS, "what they agreed to or withdrew, oldest first"),
            "traits": (_TRAITS, "what was worked out about them, by name: value, as_of, why"),
        },
    ),
    Kind(
        "customer_merges",
        "Which customers were found to be the same person, and what was taken back.",
        "customers_merge AS m",
        "m.id",
        {
            "id": ("m.id", "its number"),
            "kept_id": ("m.kept_id", "who is shown"),
            "merged_id": ("m.merged_id", "who was joined to them"),
            "at": ("m.at", "when"),
            "actor": ("m.actor", "who did it"),
            "why": ("m.why", "why"),
            "undone_at": ("m.undone_at", "when it was taken back, or null"),
            "undone_by": ("m.undone_by", "who took it back"),
        },
    ),
)
