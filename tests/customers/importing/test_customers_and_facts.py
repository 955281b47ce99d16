"""Customers and facts out of files, and what columns are taken for."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from regulars.customers.importing import mapping
from regulars.customers.importing.models import Import
from regulars.customers.importing.reading import open_file
from regulars.customers.models import Consent, Customer, Identity
from regulars.kernel.models import Fact

pytestmark = pytest.mark.django_db
Bring = Callable[..., Import]


def test_customers_are_made_and_changed_never_doubled(bring: Bring) -> None:
    heading = "Customer ID,Email,First name,Last name,Plan,consent news\n"
    content = heading + "7,Ada@Shop.example,Ada,Moreno,pro,yes\n8,,Musa,,,no\n"
    bring(content, "customers")
    ada = Customer.objects.get(email="ada@shop.example")
    assert (ada.name, ada.attributes) == ("Ada Moreno", {"Plan": "pro"})
    assert set(Identity.objects.filter(customer=ada).values_list("kind", "value")) == {
        ("external", "7"), ("email", "ada@shop.example"),
    }  # fmt: skip
    assert list(Consent.objects.order_by("customer_id").values_list("purpose", "is_given")) == [
        ("news", True),
        ("news", False),
    ]
    facts = Fact.objects.count()
    again = bring(content, "customers")
    assert (Customer.objects.count(), Consent.objects.count(), Fact.objects.count()) == (2, 2, facts)
    assert again.counts.get("customers_changed") is None
    bring("Email,Plan\nada@shop.example,team\n", "customers")
    ada.refresh_from_db()
    assert (ada.attributes, Customer.objects.count()) == ({"Plan": "team"}, 2)


def test_customers_that_cannot_be_recognised_are_named(bring: Bring) -> None:
    imported = bring(
        "Email,Name,consent sales\nnot an address,Bo,yes\n,Ines,yes\nines@shop.example,Ines,perhaps\n", "customers"
    )
    assert imported.counts["checked"] == {"bad_email": 1, "no_customer": 1, "bad_consent": 1}
    assert Customer.objects.count() == 0


def test_a_file_says_since_when_they_are_customers(bring: Bring) -> None:
    content = "Customer ID,Name,Customer since\n7,Ada,31.05.2019\n8,Musa,\n9,Lena,02.06.2020 10:30\n"
    imported = bring(content, "customers", zone="Europe/Berlin")
    customers = {customer.name: customer for customer in Customer.objects.all()}
    assert customers["Ada"].known_at == customers["Ada"].created_at == datetime(2019, 5, 30, 22, tzinfo=UTC)
    assert customers["Lena"].known_at == datetime(2020, 6, 2, 8, 30, tzinfo=UTC)
    assert customers["Musa"].known_at == customers["Musa"].created_at > datetime(2026, 1, 1, tzinfo=UTC)
    assert (customers["Ada"].attributes, imported.plan["columns"]["Customer since"]) == ({}, "since")
    again = bring(content, "customers", zone="Europe/Berlin")
    assert again.counts.get("customers_changed") is None
    bring("Customer ID,created_at\n7,2024-01-01\n", "customers")
    assert Customer.objects.get(name="Ada").known_at == datetime(2019, 5, 30, 22, tzinfo=UTC)


def test_a_date_that_cannot_be_read_is_named(bring: Bring) -> None:
    rows = "7,2019-05-31\n" * 3 + "8,soon\n9,2999-01-01\n"
    imported = bring(f"Customer ID,signed up\n{rows}", "customers")
    assert imported.counts["checked"] == {"bad_time": 1, "future": 1}
    assert list(Identity.objects.values_list("value", flat=True)) == ["7"]


@pytest.mark.parametrize(
    ("heading", "is_since"),
    [("created_at", True), ("Kunde seit", True), ("date d'inscription", True), ("SignedUpAt", True),
     ("Fecha de alta", True), ("Account created at", True), ("birthday", False), ("last order", False),
     ("updated_at", False)],
)  # fmt: skip
def test_only_a_column_whose_name_says_so_tells_since_when(
    written: Callable[..., Path], heading: str, is_since: bool
) -> None:
    guess = mapping.guess(open_file(written(f"email,{heading}\na@b.example,2019-05-31\n")), "customers")
    assert guess.columns == {"email": "email", heading: "since" if is_since else "kept"}
    assert guess.doubts == ()


def test_facts_carry_their_properties_and_come_once(bring: Bring) -> None:
    content = (
        '{"event":"Signed Up","user_id":"7","timestamp":"2026-01-01T10:00:00Z","properties":{"plan":"pro"},"seats":3}\n'
        '{"event":"label added","user_id":"7","timestamp":"2026-01-01T10:00:00Z"}\n'
        '{"event":"Signed Up","user_id":"7","timestamp":"2026-01-01T10:00:00Z","properties":{"plan":"pro"},"seats":3}\n'
    )
    imported = bring(content, "facts")
    fact = Fact.objects.get()
    assert (fact.name, fact.properties, fact.is_recorded_assumed) == ("Signed Up", {"plan": "pro", "seats": 3}, True)
    assert imported.counts["checked"] == {"own_name": 1}
    assert imported.counts["facts_there"] == 1


def test_facts_with_numbers_of_their_own_are_told_apart_by_them(bring: Bring) -> None:
    bring(
        "event,user_id,timestamp,message_id\nSeen,7,2026-01-01,a\nSeen,7,2026-01-01,b\nSeen,7,2026-01-01,b\n", "facts"
    )
    assert sorted(Fact.objects.values_list("message_id", flat=True)) == ["fact:a", "fact:b"]


@pytest.mark.parametrize(
    ("heading", "row", "meant"),
    [
        ("InvoiceNo,CustomerID,InvoiceDate,Quantity,UnitPrice", "1,2,2026-01-01,1,2.5",
         {"order": "InvoiceNo", "customer": "CustomerID", "time": "InvoiceDate", "quantity": "Quantity",
          "price": "UnitPrice"}),
        ("Bestellnummer;Kundennummer;Bestelldatum;Menge;Einzelpreis;Währung", "1;2;31.01.2026;1;2,5;EUR",
         {"order": "Bestellnummer", "customer": "Kundennummer", "time": "Bestelldatum", "quantity": "Menge",
          "price": "Einzelpreis", "currency": "Währung"}),
        ("Numéro de commande;Courriel;Date de commande;Montant total", "1;a@b.example;31/01/2026;2,5",
         {"order": "Numéro de commande", "email": "Courriel", "time": "Date de commande", "total": "Montant total"}),
        ("número de pedido,correo,fecha,cantidad,precio unitario", "1,a@b.example,2026-01-31,1,2.5",
         {"order": "número de pedido", "email": "correo", "time": "fecha", "quantity": "cantidad",
          "price": "precio unitario"}),
    ],
)  # fmt: skip
def test_columns_are_recognised_in_several_languages(
    written: Callable[..., Path], heading: str, row: str, meant: dict[str, str]
) -> None:
    guess = mapping.guess(open_file(written(f"{heading}\n{row}\n")), "orders")
    assert {target: column for column, target in guess.columns.items() if target} == meant


def test_a_column_whose_cells_speak_against_its_name_is_not_taken_for_it(written: Callable[..., Path]) -> None:
    guess = mapping.guess(open_file(written("order id,email,date\n1,yes,soon\n2,no,later\n")), "orders")
    assert guess.columns == {"order id": "order", "email": "", "date": ""}


def test_two_columns_that_fit_equally_are_a_doubt(written: Callable[..., Path]) -> None:
    guess = mapping.guess(open_file(written("order id,customer,am,pm\n1,2,2026-01-01,2026-01-02\n")), "orders")
    assert [(doubt.field.name, doubt.candidates) for doubt in guess.doubts] == [("time", ("am", "pm"))]
