"""A new database in one go: what all migrations together leave, as SQL. See docs/adr/0018-fresh-in-one-go.md."""
