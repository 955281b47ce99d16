"""What each role may do. Pages ask for a capability, never for a role."""

from typing import Final

OWNER, MANAGER, AGENT, ANALYST = "owner", "manager", "agent", "analyst"
ROLES: Final = (OWNER, MANAGER, AGENT, ANALYST)

CAPABILITIES: Final = {
    "see_customers": "see every customer's card and timeline",
    "edit_customers": "change customers, their labels and their consent",
    "merge_customers": "join two customers who are one person, and take it back",
    "erase_customers": "erase a customer for good",
    "export_customer": "export one customer",
    "export_bulk": "export lists of customers",
    "answer": "read and answer conversations",
    "manage_desk": "set up channels, targets, rules, macros and shared views",
    "import_files": "import orders, customers and facts from files",
    "see_numbers": "see retention and the other figures",
    "manage_people": "invite colleagues, change their role, end their access",
    "manage_keys": "make and revoke the keys programs use, and see their secrets",
    "manage_settings": "change the company's settings",
    "see_audit": "read who did what",
    "grant_ownership": "make somebody an owner, or end an owner's access",
}

_OF_AGENTS = frozenset(
    {"see_customers", "edit_customers", "merge_customers", "export_customer", "answer", "see_numbers"}
)

BY_ROLE: Final[dict[str, frozenset[str]]] = {
    OWNER: frozenset(CAPABILITIES),
    MANAGER: frozenset(CAPABILITIES) - {"manage_keys", "grant_ownership"},
    AGENT: _OF_AGENTS,
    ANALYST: frozenset({"see_numbers"}),
}


def capabilities(role: str) -> frozenset[str]:
    """Everything a role may do; nothing for a role there is not."""
    return BY_ROLE.get(role, frozenset())


def is_allowed(role: str, capability: str) -> bool:
    """Whether a role has one capability; asking for one that does not exist is a mistake in the code."""
    if capability not in CAPABILITIES:
        raise KeyError(f"no such capability: {capability!r}")
    return capability in capabilities(role)


def with_capability(capability: str) -> list[str]:
    """The roles that have a capability."""
    return [role for role in ROLES if is_allowed(role, capability)]
