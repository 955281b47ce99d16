"""The portal: customers read and continue their own conversations.

A customer's session is not an agent's: another cookie, another table, and no page looks at both.
"""
