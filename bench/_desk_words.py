"""What is written in the made-up conversations, and what agents look for in them.

The vocabulary follows Zipf's law: a word's frequency falls with its rank, so that some words stand in
nearly every conversation, some in a few, and the order's number in one.
"""

from __future__ import annotations

import random

WORDS = 50_000
SENTENCES = 200_000
GIVEN = (
    "Ada", "Musa", "Jun", "Lea", "Paul", "Nora", "Emil", "Sofia", "Luca", "Mila", "Jonas", "Amara", "Noor", "Elif",
    "Hugo", "Clara", "Ravi", "Yuki", "Omar", "Greta",
)  # fmt: skip
FAMILY = (
    "Moreno", "Steiner", "Okafor", "Brandt", "Novak", "Silva", "Rossi", "Keller", "Demir", "Larsen", "Haddad",
    "Fischer", "Nagy", "Dubois", "Weber",
)  # fmt: skip
COMMON = (
    "order", "delivery", "parcel", "invoice", "refund", "late", "broken", "thank", "please", "coffee", "machine",
    "grind", "bag", "price", "address",
)  # fmt: skip
ELSEWHERE = ("注文の配送が遅れています", "Где мой заказ", "배송이 늦어요", "أين طلبي")  # one conversation in 97
FILE = "invoice"  # the beginning of every file's name


def word(number: int) -> str:
    """The word of this rank, from 0: the first are real, the others made of syllables."""
    if number < len(COMMON):
        return COMMON[number]
    dice = random.Random(number)
    return "".join(dice.choice("bdfgklmnprstvz") + dice.choice("aeiou") for _ in range(dice.randint(2, 5)))


def asked(dice: random.Random) -> str:
    """What an agent searches for: common and rare words, two at once, a name, a number, an operator, a slip."""
    middling, rare = word(dice.randrange(200, 2_000)), word(dice.randrange(5_000, WORDS))
    return dice.choice(
        [
            dice.choice(COMMON), f"{dice.choice(COMMON)} {dice.choice(COMMON)}", middling, rare,
            f"{dice.choice(COMMON)} {rare}", f"{dice.choice(GIVEN)} {dice.choice(FAMILY)}",
            f"{dice.choice(COMMON)} is:open", rare[:-1] + "x", f"A{dice.randrange(1_000_000, 1_010_000)}",
            f'"{dice.choice(COMMON)} {dice.choice(COMMON)}"', dice.choice(ELSEWHERE).split()[0],
        ]
    )  # fmt: skip
