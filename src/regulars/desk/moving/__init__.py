"""Reading what other desks and mailboxes hold: one module a format, each giving the same frozen form.

Nothing here knows a database or Django: an archive goes in, matters come out, and `desk.actions.moving`
stores them.
"""
