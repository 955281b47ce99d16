"""What the customer has read: known from the portal alone, where they open it themselves.

Mail could tell only by a picture that calls home, behind its reader's back, and wrongly, as programs fetch it too.
"""

from collections.abc import Sequence

from django.db.models import Q

from regulars.desk.actions import steps
from regulars.desk.models import Conversation
from regulars.desk.selectors.threads import Turn
from regulars.kernel import clock, live


def opened(found: Conversation, turns: Sequence[Turn]) -> None:
    """Its customer has these before them: the last of ours is read, from the first time on. Nobody's turn changes."""
    ours = [turn.message.pk for turn in turns if turn.message.state]
    if not ours or ours[-1] <= (found.read_message_id or 0):
        return
    is_news = Q(read_message_id=None) | Q(read_message_id__lt=ours[-1])
    rows = Conversation.objects.filter(is_news, pk=found.pk)
    if rows.update(read_message_id=ours[-1], read_at=clock.now()):
        live.tell(steps.TOPIC, found.pk)
