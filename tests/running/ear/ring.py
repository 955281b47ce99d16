"""`python -m tests.running.ear.ring WORD`: publish an event as the product does, in a transaction."""

import sys

from regulars.kernel import starting

starting.set_django_up()

from django.db import transaction  # noqa: E402

from regulars.kernel.events import publish  # noqa: E402
from tests.running.ear.events import BellRang  # noqa: E402

with transaction.atomic():
    publish(BellRang(word=sys.argv[1]))
