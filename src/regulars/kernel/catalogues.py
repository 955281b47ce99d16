"""Message catalogues: `.po` files, which people write, and the `.mo` files that gettext reads.

The `.mo` files are made where the data is, when a `.po` is newer: nothing compiled is committed, and no
tool beyond Python is needed.
"""

import ast
import os
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

WRITTEN = Path(__file__).parents[1] / "locale"
HEADER = (
    "MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"
    "Language: {language}\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
)
_FIELD = re.compile(r"(msgctxt|msgid|msgid_plural|msgstr|msgstr\[(\d)\])? ?(\".*\")$")


@dataclass(slots=True)
class Phrase:
    """One text of the product, what it becomes when counted, and how a language says it."""

    text: str
    plural: str = ""
    context: str = ""
    places: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.text

    @property
    def is_said(self) -> bool:
        """Whether every form of it is translated; one that is not is read in English."""
        return len(self.said) == (2 if self.plural else 1) and all(self.said)


def languages() -> list[str]:
    """The languages there is a catalogue of."""
    return sorted(path.parts[-3] for path in WRITTEN.glob("*/LC_MESSAGES/django.po"))


def path_of(language: str, *, folder: Path = WRITTEN) -> Path:
    """Where a language's catalogue is written."""
    return folder / language / "LC_MESSAGES" / "django.po"


def read(path: Path) -> dict[tuple[str, str], Phrase]:
    """The phrases of a catalogue, its header left out."""
    found: dict[tuple[str, str], Phrase] = {}
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        phrase = _phrase(block)
        if phrase.text:
            found[phrase.key] = phrase
    return found


def _phrase(block: str) -> Phrase:
    values: dict[str, str] = {}
    name = ""
    for line in block.splitlines():
        match = _FIELD.match(line.strip())
        if match:
            name = match[1] or name
            values[name] = values.get(name, "") + ast.literal_eval(match[3])
    said = [values[each] for each in ("msgstr", "msgstr[0]", "msgstr[1]") if each in values]
    places = [place for line in block.splitlines() if line.startswith("#:") for place in line[2:].split()]
    return Phrase(values.get("msgid", ""), values.get("msgid_plural", ""), values.get("msgctxt", ""), places, said)


def write(path: Path, phrases: list[Phrase], *, language: str) -> None:
    """Write a catalogue, in the order of the phrases given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    header = "\n".join(['msgid ""', 'msgstr ""', *(_quoted(f"{line}\n") for line in _header(language))])
    path.write_text("\n\n".join([header, *map(_block, phrases)]) + "\n", encoding="utf-8")


def _header(language: str) -> list[str]:
    return HEADER.format(language=language).splitlines()


def _block(phrase: Phrase) -> str:
    lines = [f"#: {place}" for place in phrase.places]
    lines += ["#, python-format"] if re.search(r"%\(\w+\)", phrase.text) else []
    lines += [f"msgctxt {_quoted(phrase.context)}"] if phrase.context else []
    lines += [f"msgid {_quoted(phrase.text)}"]
    if not phrase.plural:
        return "\n".join([*lines, f"msgstr {_quoted(phrase.said[0] if phrase.said else '')}"])
    said = [*phrase.said, "", ""][:2]
    lines += [f"msgid_plural {_quoted(phrase.plural)}"]
    return "\n".join([*lines, *(f"msgstr[{number}] {_quoted(text)}" for number, text in enumerate(said))])


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def compiled(*, into: Path) -> Path:
    """The folder with every catalogue as gettext reads it, made anew where the written one is newer."""
    for language in languages():
        source, target = path_of(language), path_of(language, folder=into).with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_suffix(f".{os.getpid()}.new")
            fresh.write_bytes(binary(list(read(source).values()), language=language))
            fresh.replace(target)
    return into


def binary(phrases: list[Phrase], *, language: str) -> bytes:
    """The phrases that are said, in GNU gettext's format: sorted keys, two tables of lengths and offsets, the texts.

    Described in the gettext manual, "The Format of GNU MO Files".
    """
    said = {"": HEADER.format(language=language), **dict(_keyed(phrases))}
    pairs = sorted((key.encode(), value.encode()) for key, value in said.items())
    texts, offset = b"", 28 + 16 * len(pairs)
    tables: list[list[int]] = []
    for column in (0, 1):
        table: list[int] = []
        for pair in pairs:
            table += [len(pair[column]), offset + len(texts)]
            texts += pair[column] + b"\0"
        tables.append(table)
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + b"".join(struct.pack(f"<{len(table)}I", *table) for table in tables) + texts


def _keyed(phrases: list[Phrase]) -> Iterator[tuple[str, str]]:
    for phrase in phrases:
        if phrase.is_said:
            text = f"{phrase.text}\0{phrase.plural}" if phrase.plural else phrase.text
            yield (f"{phrase.context}\4{text}" if phrase.context else text), "\0".join(phrase.said)
