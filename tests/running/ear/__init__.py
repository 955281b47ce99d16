"""A context of the tests' own: one domain event and one handler, to hear the worker deliver it."""
