"""What the desk does when something comes from below."""

from regulars.channels import arrivals
from regulars.channels.events import DeliveryPostponed, DeliveryReturned, DeliverySettled
from regulars.desk.actions import outcomes, placing, placing_forms, portal_links, side_mail
from regulars.kernel.events import on

arrivals.placer(placing.place)
arrivals.form_placer(placing_forms.place)


@on(DeliverySettled)
def show_what_became_of_it(event: DeliverySettled) -> None:
    """A delivery ended: its message says so, and what did not arrive is our turn again."""
    outcomes.settle(event.about, event.state, trouble=event.trouble, delivery_id=event.delivery_id)
    side_mail.settle(event.about, event.state, trouble=event.trouble, delivery_id=event.delivery_id)


@on(DeliverySettled)
def forget_what_was_secret(event: DeliverySettled) -> None:
    """A link that signs a customer in stands in its mail alone."""
    portal_links.forget(event.about)


@on(DeliveryPostponed)
def show_why_it_waits(event: DeliveryPostponed) -> None:
    """A delivery is tried again later: its message says why."""
    outcomes.postpone(event.about, trouble=event.trouble)
    side_mail.postpone(event.about, trouble=event.trouble)


@on(DeliveryReturned)
def show_that_it_came_back(event: DeliveryReturned) -> None:
    """A mail service tells that what it carried did not arrive: its message says so, and it is our turn again."""
    outcomes.came_back(event.about, trouble=event.trouble)
    side_mail.came_back(event.about, trouble=event.trouble)
