"""What is true in the sample shop. Every number here is documented in docs/reference/sample-shop.md."""

from typing import Final

import numpy as np

ZONE: Final = "Europe/Berlin"
CURRENCY: Final = "EUR"
YEARS: Final = 2.5

# Where customers come from: (name, share, what their chance of leaving after an order is multiplied by).
CHANNELS: Final = (
    ("search", 0.38, 1.0),
    ("social", 0.27, 1.45),
    ("referral", 0.15, 0.60),
    ("market stall", 0.20, 0.85),
)
# What they buy: (name, share, days between orders, chance of leaving after an order, mean basket in cents).
PLANS: Final = (
    ("as I go", 0.62, 38.0, 0.20, 2_900),
    ("monthly bag", 0.28, 30.5, 0.085, 1_850),
    ("connoisseur", 0.10, 21.0, 0.055, 4_600),
)
COUNTRIES: Final = (("DE", 0.46), ("AT", 0.14), ("FR", 0.13), ("ES", 0.10), ("NL", 0.09), ("GB", 0.08))

# Share of a year's orders by month, January first: a rise before Christmas, a lull in summer.
SEASON: Final = np.array([0.95, 0.92, 0.96, 0.95, 0.93, 0.86, 0.78, 0.80, 0.97, 1.05, 1.30, 1.53])
# Orders by hour of the local day, midnight first.
HOURS: Final = np.array([1, 1, 0, 0, 0, 1, 3, 6, 8, 9, 9, 8, 8, 7, 6, 6, 7, 8, 10, 12, 13, 11, 7, 3], float)
# How many join later rather than earlier: the shop doubles in its time.
GROWTH: Final = 2.0

# One order in six gives rise to a request for help. Whether it is answered within the target of six
# hours is decided by a coin that knows nothing of the customer, so the effect below is causal.
REQUEST_SHARE: Final = 1 / 6
TARGET_SECONDS: Final = 6 * 3600
FAST_SHARE: Final = 0.65
# The chance of leaving after this order is multiplied: a good answer keeps, a late one drives away.
LEAVING_AFTER_FAST: Final = 0.90
LEAVING_AFTER_SLOW: Final = 1.80
THEMES: Final = (
    ("late delivery", 0.34),
    ("torn bag", 0.22),
    ("grind setting", 0.18),
    ("invoice", 0.14),
    ("change of plan", 0.12),
)

REFUND_SHARE: Final = 0.03
VISITS_PER_ORDER: Final = 1.6
MOST_ORDERS: Final = 120

PRODUCTS: Final = (
    ("Morning blend 250 g", 990),
    ("Harbour espresso 250 g", 1_090),
    ("Yirgacheffe 250 g", 1_390),
    ("Decaf 250 g", 1_050),
    ("House espresso 1 kg", 3_490),
    ("Paper filters", 450),
    ("Hand grinder", 6_900),
    ("Cupping set", 4_200),
)
PAGES: Final = ("/", "/coffee", "/coffee/morning-blend", "/coffee/yirgacheffe", "/gear", "/journal", "/subscriptions")

GIVEN: Final = tuple(
    """
    Ada Musa Jun Lea Paul Ines Bo Nora Emil Sofia Luca Mila Jonas Amara Noor Elif Hugo Clara Ravi Yuki Omar
    Greta Ivo Zoe Marta Tomas Aylin Felix Chiara Dario Ewa Finn Hana Igor Jana Karim Lina Mateo Nadia Oskar
    Petra Quim Rosa Samir Tessa Uma Vera Willem Xenia Yara
    """.split()  # noqa: SIM905
)
FAMILY: Final = tuple(
    """
    Moreno Traoré Kimura Steiner Okafor Brandt Novak Silva Rossi Keller Demir Larsen Haddad Fischer Nagy
    Dubois Weber Costa Ivanov Mendes Baumann Petit Kovač Lindqvist Ortega Schäfer Yilmaz Bianchi Dvořák
    Eriksen Fontaine Gruber Hoffmann Janssen Krüger Lefèvre Marín Nowak Olsen Popescu Quintana Ricci Sanders
    Tóth Ueda Vidal Wagner Zimmer Adeyemi Bauer
    """.split()  # noqa: SIM905
)
