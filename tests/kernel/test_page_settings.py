"""Settings changed on a page, and the table of all settings held against its documentation."""

import re
from pathlib import Path

import pytest

from regulars.kernel import clock, page_settings, settings_table
from regulars.kernel.actors import Actor
from regulars.kernel.currencies import CURRENCIES
from regulars.kernel.errors import Invalid
from regulars.kernel.mail_url import NotAMailAddress, django_mail
from regulars.kernel.models import PageSetting
from regulars.kernel.money import _EXPONENTS
from tests.conftest import NOON, REPOSITORY

INES = Actor("agent", 3, "Ines")
REFERENCE = REPOSITORY / "docs" / "reference" / "settings.md"


@pytest.mark.django_db
def test_a_setting_nobody_changed_has_its_default() -> None:
    assert page_settings.values("time_zone", "currency", "week_starts", "company_name") == {
        "time_zone": "UTC",
        "currency": "EUR",
        "week_starts": "monday",
        "company_name": "",
    }


@pytest.mark.django_db
def test_a_change_is_kept_with_who_and_when() -> None:
    with clock.frozen(NOON):
        assert page_settings.change("time_zone", " Europe/Berlin ", by=INES)
    assert page_settings.value("time_zone") == "Europe/Berlin"
    row = PageSetting.objects.get()
    assert (row.name, row.changed_at, row.changed_by) == ("time_zone", NOON, "agent:3")
    assert not page_settings.change("time_zone", "Europe/Berlin", by=Actor("agent", 4))
    assert PageSetting.objects.get().changed_by == "agent:3"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "new"),
    [
        ("time_zone", "Mars/Olympus"),
        ("time_zone", ""),
        ("currency", "EUX"),
        ("currency", "€"),
        ("week_starts", "tuesday"),
        ("company_name", "x" * 201),
        ("company_name", "two\nlines"),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_changes(name: str, new: str) -> None:
    with pytest.raises(Invalid):
        page_settings.change(name, new, by=INES)
    assert not PageSetting.objects.exists()


@pytest.mark.django_db
def test_a_currency_is_kept_in_capitals() -> None:
    page_settings.change("currency", "usd", by=INES)
    assert page_settings.value("currency") == "USD"


@pytest.mark.django_db
def test_the_environment_goes_before_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    page_settings.change("currency", "USD", by=INES)
    monkeypatch.setenv("REGULARS_CURRENCY", "GBP")
    assert page_settings.value("currency") == "GBP"
    with pytest.raises(page_settings.SetElsewhere, match="REGULARS_CURRENCY"):
        page_settings.change("currency", "CHF", by=INES)
    monkeypatch.delenv("REGULARS_CURRENCY")
    assert page_settings.value("currency") == "USD"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["port", "secret_key", "nonsense"])
def test_only_settings_of_the_page_are_asked_for_and_changed_here(name: str) -> None:
    with pytest.raises(KeyError):
        page_settings.value(name)
    with pytest.raises(KeyError):
        page_settings.change(name, "1", by=INES)
    assert not PageSetting.objects.exists()


def test_every_setting_of_the_page_has_a_check_that_its_default_passes() -> None:
    for setting in settings_table.TABLE.values():
        if setting.on_page:
            assert page_settings.check(setting.name, setting.default) == setting.default


def test_every_currency_whose_minor_unit_is_odd_is_a_currency_or_a_unit_of_account() -> None:
    assert set(_EXPONENTS) - CURRENCIES == {"UYI", "CLF", "UYW"}


def test_the_reference_has_every_setting_with_its_default_and_its_sentence() -> None:
    rows = re.findall(r"^\| `(REGULARS_\w+)` \| (.*?) \| (.*?) \| (.*?) \|$", REFERENCE.read_text(), re.MULTILINE)
    assert rows == [documented(setting) for setting in settings_table.TABLE.values()]


def documented(setting: settings_table.Setting) -> tuple[str, str, str, str]:
    default = f"`{setting.default}`" if setting.default else ""
    return (setting.variable, default, "yes" if setting.on_page else "", setting.sentence)


def test_the_reference_lies_where_readers_look() -> None:
    assert Path("docs/reference/settings.md") == REFERENCE.relative_to(REPOSITORY)


def test_mail_leaves_the_way_its_address_says() -> None:
    console = "django.core.mail.backends.console.EmailBackend"
    assert django_mail("") == {"EMAIL_BACKEND": console, "MAIL_TO_THE_LOG": False}
    assert django_mail("log:") == {"EMAIL_BACKEND": console, "MAIL_TO_THE_LOG": True}
    read = django_mail("smtp://shop%40example:p%40ss@mail.example")
    assert (read["EMAIL_HOST"], read["EMAIL_PORT"], read["EMAIL_USE_TLS"]) == ("mail.example", 587, True)
    assert (read["EMAIL_HOST_USER"], read["EMAIL_HOST_PASSWORD"]) == ("shop@example", "p@ss")
    wrapped = django_mail("smtps://mail.example")
    assert (wrapped["EMAIL_PORT"], wrapped["EMAIL_USE_SSL"], wrapped["EMAIL_USE_TLS"]) == (465, True, False)
    assert not django_mail("smtp://localhost:25?tls=no")["EMAIL_USE_TLS"]
    for wrong in ("mail.example", "http://mail.example", "smtp://"):
        with pytest.raises(NotAMailAddress):
            django_mail(wrong)
