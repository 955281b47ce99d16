"""What the desk keeps, field by field. Unfinished drafts, who looks at what just now, and whatever is worked
out again from the rest (search, episodes, clocks) stay."""

from typing import Final

from regulars.desk.moving_out import beside, said, set_up

KINDS: Final = (*set_up.KINDS, *said.KINDS, *beside.KINDS)
