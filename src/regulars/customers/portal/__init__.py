"""How customers sign in to read their conversations: a link by mail, then a session of their own."""
