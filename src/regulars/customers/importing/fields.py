"""What a column may mean, and the names under which other programs write it."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEXT, IDENTIFIER, EMAIL, PHONE, TIME, AMOUNT, CURRENCY, YES_NO, JSON = (
    "text", "identifier", "email", "phone", "time", "amount", "currency", "yes_no", "json",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One meaning. `names` are folded, the most telling first."""

    name: str
    label: str | Promise
    holds: str
    names: tuple[str, ...]


def _field(name: str, label: str | Promise, holds: str, names: str) -> Field:
    return Field(name, label, holds, tuple(entry.strip() for entry in names.split(",")))


CUSTOMER = _field(
    "customer", _("customer number"), IDENTIFIER,
    "customer id, customerid, customer number, customer no, customer, client id, client number, user id, userid,"
    " external id, member id, shopper id, buyer id, account id, kundennummer, kunden nr, kundennr, kunden id, kunde,"
    " numero client, no client, id client, client, numero de cliente, id cliente, cliente, codice cliente, klantnummer",
)  # fmt: skip
EMAIL_FIELD = _field(
    "email", _("e-mail address"), EMAIL,
    "email, e mail, email address, e mail address, customer email, mail, e mail adresse, emailadresse, courriel,"
    " adresse mail, adresse email, adresse e mail, correo, correo electronico, indirizzo email",
)  # fmt: skip
WHEN = (
    "occurred at, timestamp, time, date, datetime, created at, event time, when, original timestamp, datum, zeit,"
    " zeitpunkt, fecha, hora, horodatage, data"
)
ORDERS = (
    _field(
        "order", _("order number"), IDENTIFIER,
        "order id, orderid, order number, order no, order, invoice no, invoiceno, invoice number, invoice id, invoice,"
        " transaction id, receipt number, receipt, basket id, bestellnummer, bestell nr, bestellung, auftragsnummer,"
        " rechnungsnummer, belegnummer, numero de commande, no commande, commande, numero de facture, facture,"
        " numero de pedido, pedido, numero de factura, factura, numero ordine, ordine, ordernummer",
    ),
    CUSTOMER,
    EMAIL_FIELD,
    _field(
        "time", _("time of the order"), TIME,
        "order date, orderdate, ordered at, order time, invoice date, invoicedate, purchase date, purchased at,"
        " paid at, processed at, completed at, bestelldatum, auftragsdatum, rechnungsdatum, kaufdatum,"
        " date de commande, date de la commande, date commande, date de facture, fecha de pedido, fecha pedido,"
        " fecha de compra, data ordine, orderdatum, " + WHEN,
    ),
    _field("product", _("product number"), IDENTIFIER,
        "sku, stock code, stockcode, product id, product sku, lineitem sku, item sku, item id, item number,"
        " article number, artikelnummer, artikel nr, reference, reference produit, codigo, codigo producto"),
    _field("product_name", _("name of the product"), TEXT,
        "product name, description, lineitem name, item name, product, item, product title, title, artikel,"
        " artikelbezeichnung, bezeichnung, designation, produit, nom du produit, producto, descripcion"),
    _field("quantity", _("quantity"), AMOUNT,
        "quantity, qty, lineitem quantity, units, menge, anzahl, stueckzahl, quantite, qte, cantidad, quantita"),
    _field("price", _("price of one"), AMOUNT,
        "unit price, unitprice, price, lineitem price, item price, price per unit, einzelpreis, stueckpreis, preis,"
        " prix unitaire, prix, precio unitario, precio, prezzo"),
    _field("total", _("total of the order"), AMOUNT,
        "order total, total, grand total, total price, total amount, order value, order amount, revenue, total paid,"
        " gesamtbetrag, gesamtsumme, bestellwert, gesamt, summe, rechnungsbetrag, montant total, total ttc,"
        " importe total, totale"),
    _field("amount", _("amount of the line"), AMOUNT,
        "line total, line amount, amount, line price, extended price, sales, value, betrag, umsatz, zeilensumme,"
        " montant, importe, importo"),
    _field("currency", _("currency"), CURRENCY, "currency, currency code, waehrung, devise, monnaie, moneda, valuta"),
    _field("status", _("sale or refund"), TEXT,
        "financial status, order status, status, transaction type, order type, kind, type, bestellstatus, statut,"
        " estado, stato"),
)  # fmt: skip
CUSTOMERS = (
    _field("customer", CUSTOMER.label, IDENTIFIER, ", ".join(CUSTOMER.names) + ", id"),
    EMAIL_FIELD,
    _field("phone", _("phone number"), PHONE,
        "phone, phone number, mobile, mobile phone, telephone, tel, telefon, telefonnummer, mobil, handy,"
        " telephone portable, portable, telefono, movil, cellulare"),
    _field("name", _("name"), TEXT,
        "name, full name, customer name, display name, vollstaendiger name, nom complet, nombre completo"),
    _field("first_name", _("first name"), TEXT,
        "first name, firstname, given name, forename, vorname, prenom, nombre, nome"),
    _field("last_name", _("last name"), TEXT,
        "last name, lastname, surname, family name, nachname, familienname, nom, nom de famille, apellido, apellidos,"
        " cognome"),
    _field("company", _("company"), TEXT,
        "company, company name, organisation, organization, firma, unternehmen, entreprise, societe, empresa, azienda"),
    _field("language", _("language"), TEXT, "language, locale, lang, sprache, langue, idioma, lingua"),
    _field("time_zone", _("time zone"), TEXT, "time zone, timezone, tz, zeitzone, fuseau horaire, zona horaria"),
    _field("since", _("customer since"), TIME,
        "customer since, client since, member since, user since, created at, created, date created, created date,"
        " creation date, created on, create date, account created at, signed up at, signed up, sign up date,"
        " signup date, registered at, registered on, registered, registration date, date registered, joined at, joined,"
        " joined on, join date, date joined, kunde seit, kundin seit, mitglied seit, angelegt am, erstellt am,"
        " registriert am, registrierungsdatum, anmeldedatum, client depuis, date d inscription, date inscription,"
        " inscrit le, date de creation, cliente desde, fecha de alta, fecha de registro, fecha de creacion,"
        " cliente dal, data di registrazione, data registrazione, data di iscrizione, klant sinds"),
    _field("consent_service", _("agreed to service messages"), YES_NO, "consent service"),
    _field("consent_goodwill", _("agreed to thank-you notes"), YES_NO, "consent goodwill"),
    _field("consent_news", _("agreed to news"), YES_NO, "consent news"),
    _field("consent_sales", _("agreed to offers"), YES_NO, "consent sales"),
)  # fmt: skip
FACTS = (
    _field("name", _("what happened"), TEXT,
        "fact, event, event name, eventname, fact name, action, activity, name, ereignis, evenement, evento"),
    CUSTOMER,
    EMAIL_FIELD,
    _field("time", _("when"), TIME, WHEN),
    _field("id", _("number of the fact"), IDENTIFIER,
        "message id, messageid, event id, eventid, fact id, uuid, insert id, id"),
    _field("recorded", _("when it became known"), TIME, "recorded at, received at, sent at, ingested at"),
    _field("properties", _("properties as JSON"), JSON, "properties, props, event properties, payload, params"),
)  # fmt: skip

FIELDS: Final[dict[str, tuple[Field, ...]]] = {"orders": ORDERS, "customers": CUSTOMERS, "facts": FACTS}
KINDS: Final = tuple(FIELDS)
# Of each group one field must have a column.
NEEDED: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "orders": (("order",), ("time",), ("customer", "email")),
    "customers": (("customer", "email", "phone"),),
    "facts": (("name",), ("time",), ("customer", "email")),
}
# Columns of orders worth keeping though no number is made of them: what one may later break retention down by.
TELLING: Final = frozenset(
    "country, land, pays, pais, paese, channel, kanal, canal, canale, coupon, coupon code, discount code, gutschein,"
    " plan, store, shop, region, city, source, campaign, category, payment method".replace(", ", ",").split(",")
)


def field_of(kind: str, name: str) -> Field | None:
    """The field of this name, if the kind has it."""
    return next((field for field in FIELDS[kind] if field.name == name), None)
