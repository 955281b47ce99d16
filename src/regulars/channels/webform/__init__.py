"""Web forms: what they ask, what keeps machines out, and what somebody sent."""
