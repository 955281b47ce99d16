"""What people say in the sample shop: by theme, what is asked, answered, asked back and answered again.

`{name}` is the customer's given name, `{agent}` the agent's, `{order}` the order's number.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Talk:
    """Everything that is said about one theme; each place holds a few ways to say it."""

    subjects: tuple[str, ...]
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    returns: tuple[str, ...]
    second_answers: tuple[str, ...]
    labels: tuple[str, ...]
    team: str


LATE: Final = Talk(
    subjects=(
        "Where is my order {order}?",
        "Order {order} has not come",
        "No sign of my coffee",
        "Delivery of {order}",
    ),
    questions=(
        "Hello,\n\nmy order {order} was to be here two days ago and the tracking page has not moved since. Could you "
        "find out where it is? We are down to the last spoonful.\n\nThank you,\n{name}",
        "Hi there, the parcel with order {order} still has not come. Was it sent at all?\n\n{name}",
        "Good morning,\n\nI ordered last week ({order}) and the carrier now says “delivered to a neighbour”. Nobody "
        "in the house has it. What can we do?\n\nBest wishes\n{name}",
    ),
    answers=(
        "Dear {name},\n\nI am sorry you are waiting. I have just spoken with the carrier: your parcel stood in the "
        "depot over the weekend and is on the van today. If it is not with you by tomorrow evening, write one word "
        "back and I will send a new one at once.\n\n{agent}",
        "Hello {name},\n\nyour order left us on time, but the carrier lost a day at the border. The new date is "
        "tomorrow before noon. I am keeping an eye on it and have taken the shipping off your bill.\n\n{agent}",
        "Hello {name},\n\nthat is our fault: the label was printed twice and your parcel stayed on the shelf. It "
        "leaves with the next van, and I have put a bag of this week's roast in with it.\n\nSorry again,\n{agent}",
    ),
    returns=(
        "It has still not come, I am afraid. Can you send a new one?",
        "Thanks! One more thing: could it go to my office address from now on?",
    ),
    second_answers=(
        "Of course. A new parcel leaves in an hour, and this one goes by express. You need not send anything back.\n\n"
        "{agent}",
        "Done: from the next order on it goes there. You can change it back under “My addresses” whenever you like.\n\n"
        "{agent}",
    ),
    labels=("Delivery",),
    team="Orders",
)
TORN: Final = Talk(
    subjects=("Bag arrived open", "Torn bag in order {order}", "Beans all over the parcel"),
    questions=(
        "Hi,\n\none of the bags in {order} was torn, half the beans are in the box. The rest smells wonderful, but I "
        "cannot use it. What should I do?\n\n{name}",
        "Hello, the seal of the bag was open when it came ({order}). Is the coffee still good?\n\nKind regards, {name}",
    ),
    answers=(
        "Dear {name},\n\nwhat a pity, I am sorry. Keep what is still clean and put the rest on your roses. A new bag "
        "leaves today, with our apologies.\n\n{agent}",
        "Hello {name},\n\nplease do not drink it: open beans go stale within days. I am sending you a fresh bag "
        "roasted this morning; you pay nothing.\n\n{agent}",
    ),
    returns=("The new bag is here and whole. Could you pack the next one in a box with a little paper?",),
    second_answers=("Gladly, I have put a note on your orders.\n\n{agent}",),
    labels=("Damaged",),
    team="Orders",
)
GRIND: Final = Talk(
    subjects=("Which grind for my machine?", "Coffee tastes bitter", "Question about the grinder"),
    questions=(
        "Hello,\n\nsince the last bag my espresso runs through in ten seconds and tastes of nothing. Is the grind "
        "wrong, or is it me?\n\n{name}",
        "Hi! I have a small Italian stove pot. Which setting of the hand grinder do you recommend for the Morning "
        "blend?\n\nThanks, {name}",
        "Dear roasters, the Yirgacheffe comes out bitter with my filter. What am I doing wrong?\n\n{name}",
    ),
    answers=(
        "Hello {name},\n\nit is not you! Ten seconds means too coarse. Go two clicks finer, keep the 18 grams, and "
        "aim for 25 to 30 seconds. If it turns sour, go one click finer still.\n\n{agent}",
        "Hello {name},\n\nfor the stove pot: 14 clicks from closed, water already hot, and take it off the flame as "
        "soon as it gurgles. You will taste chocolate.\n\n{agent}",
        "Hello {name},\n\nlet the water stand half a minute after boiling (92 to 94 degrees), grind a little coarser "
        "and pour in three goes. That brings the lemon out and leaves the bitter behind.\n\n{agent}",
    ),
    returns=("Much better already! And for French press?",),
    second_answers=("For the press: coarse as sea salt, four minutes, and break the crust with a spoon.\n\n{agent}",),
    labels=("Coffee advice",),
    team="Coffee advice",
)
INVOICE: Final = Talk(
    subjects=("Invoice for {order}", "Wrong address on the invoice", "VAT number on invoice"),
    questions=(
        "Hello,\n\ncould you send me the invoice for {order} with our company's name on it? My bookkeeper insists.\n\n"
        "Thanks\n{name}",
        "Good day, the invoice for {order} shows my old address. Could you correct that?\n\n{name}",
    ),
    answers=(
        "Dear {name},\n\nof course. The corrected invoice is on its way to you by mail, and I have changed your "
        "details for the next ones.\n\n{agent}",
        "Hello {name},\n\ndone; you also find all your invoices under “My orders”.\n\n{agent}",
    ),
    returns=("Thank you, but the number is missing on the second page.",),
    second_answers=("Well spotted. Here it is again, with the number on both pages.\n\n{agent}",),
    labels=("Invoice",),
    team="Orders",
)
PLAN: Final = Talk(
    subjects=("Pause my monthly bag", "Change of plan", "Too much coffee!"),
    questions=(
        "Hi,\n\nwe are away for six weeks. Can I pause the monthly bag until then, without cancelling?\n\n{name}",
        "Hello, I would like to change from one bag a month to two. How do I do that?\n\nBest, {name}",
        "Dear all, three bags are piling up here. Could I get one every second month?\n\n{name}",
    ),
    answers=(
        "Hello {name},\n\nenjoy your journey! I have paused your bag; it starts again by itself, and you can end the "
        "pause earlier with one click under “My plan”.\n\n{agent}",
        "Hello {name},\n\nwith pleasure: it is changed from the next delivery on. You can go back whenever you like; "
        "there is no term.\n\n{agent}",
    ),
    returns=("Wonderful. Could the next one be the Decaf?",),
    second_answers=("It is noted: Decaf next time, then back to your usual.\n\n{agent}",),
    labels=("Plan",),
    team="Coffee advice",
)
# In the order of truth.THEMES.
TALKS: Final = (LATE, TORN, GRIND, INVOICE, PLAN)

THANKS: Final = (
    "Perfect, thank you so much!",
    "That was quick. Thank you, {agent}!",
    "Thanks a lot, all is well now.\n\n{name}",
    "Great service, as always.",
)
NOTES: Final = (
    "The depot confirmed it by phone.",
    "Second time this month for this customer; I put a bag in.",
    "Left a note for the packing room.",
)
