"""The matters on the sample shop's desk this morning, as they would be in any good shop."""

from dataclasses import dataclass
from typing import Final

INES, BO, MARA, JONAS = range(4)  # places in housing.COLLEAGUES
URGENT, HIGH, NORMAL, LOW = range(1, 5)


@dataclass(frozen=True, slots=True)
class Matter:
    """One conversation: who said what, how many minutes ago, and how it stands."""

    subject: str
    said: tuple[tuple[int, str, str], ...]  # minutes ago; customer, agent, note or machine; what
    team: str = "Orders"
    agent: int | None = None
    priority: int = NORMAL
    kind: str = "issue"
    labels: tuple[str, ...] = ()
    back_in_hours: float = 0
    is_spam: bool = False


MATTERS: Final = (
    Matter(
        "Forty guests on Saturday and no coffee",
        (
            (
                52,
                "customer",
                "Hello,\n\nour wedding is on Saturday, forty people are coming, and the 4 kg of House espresso we "
                "ordered are still “in preparation”. Please tell me they will be here by Friday. I am a little "
                "desperate.\n\n{name}",
            ),
        ),
        priority=URGENT,
        labels=("Delivery", "Event"),
    ),
    Matter(
        "Charged twice for September",
        (
            (
                187,
                "customer",
                "Hi, I see two payments of 18.50 EUR for September on my account. I only have one bag. Could you "
                "check?\n\n{name}",
            ),
            (171, "note", "The second one is a pre-authorisation from the failed card. It falls away by itself, but "
             "I would rather refund it now. @Jonas, all right?"),
            (160, "agent", "Hello {name},\n\nyou are right, and I am sorry. I have given the second one back; it is "
             "on your account within three days.\n\n{agent}"),
            (24, "customer", "Thank you, that was quick. Could you also tell me when the next bag leaves?"),
        ),
        agent=INES,
        priority=HIGH,
        labels=("Invoice",),
    ),
    Matter(
        "Beans for our office: 12 kg a month?",
        (
            (
                310,
                "customer",
                "Dear Harbour Roasters,\n\nwe are thirty people and drink a lot of coffee. Do you deliver 12 kg a "
                "month, and what would that cost? We have a fully automatic machine that is easily offended by oily "
                "beans.\n\nKind regards\n{name}",
            ),
            (290, "agent", "Hello {name},\n\nwith pleasure! For offices we roast a little lighter, so that the "
             "machine stays friendly. Shall I send a tasting box with three blends, free of charge?\n\n{agent}"),
            (41, "customer", "A tasting box would be perfect. We are at the harbour ourselves, Pier 4. Tuesday "
             "mornings somebody is always there."),
        ),
        team="Coffee advice",
        agent=MARA,
        kind="account",
        labels=("Wholesale",),
    ),
    Matter(
        "Grind for a lever machine",
        (
            (66, "customer", "Hi!\n\nI inherited a lever machine from 1974 and would like to treat it well. Which of "
             "your coffees, and how fine?\n\nThanks, {name}"),
        ),
        team="Coffee advice",
        labels=("Coffee advice",),
        kind="account",
    ),
    Matter(
        "Falsche Sorte im Paket",
        (
            (
                128,
                "customer",
                "Guten Morgen,\n\nstatt des Yirgacheffe lag koffeinfreier Kaffee in meinem Paket. Der ist sicher "
                "auch gut, aber um sieben Uhr früh keine Hilfe. Können Sie mir den richtigen schicken?\n\nViele "
                "Grüße\n{name}",
            ),
        ),
        agent=BO,
        labels=("Wrong item",),
    ),
    Matter(
        "Third torn bag in a row",
        (
            (
                1_510,
                "customer",
                "I am sorry to say it, but this is the third parcel with a torn bag. I like your coffee very much; "
                "I do not like sweeping the hallway. If this goes on I will have to look elsewhere.\n\n{name}",
            ),
            (1_440, "note", "Three times in ten weeks, always the courier on the northern route. I am asking the "
             "packing room for boxes with paper. Worth a call, I think."),
            (1_395, "agent", "Dear {name},\n\nthank you for telling us instead of quietly leaving. From today on "
             "your coffee goes in a box with paper, and the three bags are on us. May I call you this afternoon?"
             "\n\n{agent}"),
        ),
        agent=INES,
        priority=HIGH,
        labels=("Damaged",),
    ),
    Matter(
        "Gift for my father: can it come on the 24th?",
        (
            (95, "customer", "Hello,\n\ncan a cupping set arrive exactly on the 24th, wrapped, with a card? He is "
             "turning seventy.\n\n{name}"),
            (80, "agent", "Hello {name},\n\nit can. What should the card say?\n\n{agent}"),
            (79, "machine", "I am away until Monday and will read your message then."),
        ),
        agent=BO,
        kind="account",
        labels=("Gift",),
    ),
    Matter(
        "Moving to Lyon",
        (
            (2_950, "customer", "Hi, we are moving to Lyon in two weeks. Does my monthly bag come along?\n\n{name}"),
            (2_890, "agent", "Hello {name},\n\nit does, and at the same price. Send me the new address when you have "
             "it; I will ask you again the day before the next roast.\n\n{agent}"),
        ),
        team="Coffee advice",
        agent=MARA,
        kind="account",
        labels=("Plan",),
        back_in_hours=43,
    ),
    Matter(
        "Is the decaf made with water or with something else?",
        (
            (35, "customer", "Dear roasters, my doctor says decaf, my conscience asks how. How is the caffeine taken "
             "out?\n\n{name}"),
        ),
        team="Coffee advice",
        labels=("Coffee advice",),
    ),
    Matter(
        "Allergy: traces of nuts?",
        (
            (14, "customer", "Hello, my daughter is allergic to hazelnuts. Can your Morning blend contain traces? We "
             "have just opened the bag.\n\n{name}"),
        ),
        priority=URGENT,
        labels=("Safety",),
    ),
    Matter(
        "Grow your shop with 10,000 followers",
        ((400, "customer", "Dear webmaster, we noticed your website could have more visitors. Reply YES for a free "
          "offer."),),
        is_spam=True,
    ),
)  # fmt: skip
