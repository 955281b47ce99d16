"""Where mail services call: they bring mail, and tell what became of ours."""
