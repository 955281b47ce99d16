"""Moving out of the desk: conversations with everything in them as JSON lines, and mailboxes as mbox."""

from regulars.desk.moving_out import kinds
from regulars.kernel.moving_out import register

register(*kinds.KINDS)
