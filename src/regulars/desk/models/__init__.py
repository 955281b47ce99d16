"""What the desk keeps. Private to the desk: others use its actions and selectors."""

from regulars.desk.models.awaited import Awaited as Awaited
from regulars.desk.models.bulks import Bulk as Bulk
from regulars.desk.models.clocks import Clock as Clock
from regulars.desk.models.conversations import Conversation as Conversation
from regulars.desk.models.conversations import Label as Label
from regulars.desk.models.conversations import Link as Link
from regulars.desk.models.conversations import Watch as Watch
from regulars.desk.models.macros import Macro as Macro
from regulars.desk.models.messages import Attachment as Attachment
from regulars.desk.models.messages import Draft as Draft
from regulars.desk.models.messages import Mention as Mention
from regulars.desk.models.messages import Message as Message
from regulars.desk.models.numbers import Episode as Episode
from regulars.desk.models.numbers import Turn as Turn
from regulars.desk.models.presence import Presence as Presence
from regulars.desk.models.routing import Route as Route
from regulars.desk.models.routing import Routed as Routed
from regulars.desk.models.routing import Seat as Seat
from regulars.desk.models.rules import Firing as Firing
from regulars.desk.models.rules import Rule as Rule
from regulars.desk.models.searching import Searched as Searched
from regulars.desk.models.searching import Word as Word
from regulars.desk.models.steps import Merge as Merge
from regulars.desk.models.steps import Step as Step
from regulars.desk.models.targets import Policy as Policy
from regulars.desk.models.views import View as View
