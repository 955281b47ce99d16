from regulars.kernel import clock
from regulars.kernel.events import on
from regulars.kernel.models import PageSetting
from tests.running.ear.events import BellRang


@on(BellRang)
def hear(event: BellRang) -> None:
    PageSetting.objects.create(name=f"heard {event.word}", value="1", changed_at=clock.now(), changed_by="system")
