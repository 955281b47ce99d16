from regulars.kernel import clock, jobs
from regulars.kernel.models import PageSetting


@jobs.task("ear.tick", retry=jobs.NEVER, every="* * * * * */2")
def tick(timestamp: int) -> None:
    """Shows that the schedule goes on."""
    values = {"value": str(timestamp), "changed_at": clock.now(), "changed_by": "system"}
    PageSetting.objects.update_or_create(name="tick", defaults=values)
