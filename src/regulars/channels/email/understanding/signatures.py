"""Where what a person wrote ends and what their program adds to every mail begins."""

from __future__ import annotations

import re

_MAX_SIGNATURE_LINES = 25
_DELIMITER = re.compile(r"^(?:-- ?|—|–-)$")
_DEVICE = (
    r"(?:iphone|ipad|ipod|android|blackberry|galaxy|samsung|huawei|xiaomi|nokia|windows|outlook|mobil|handy"
    r"|smartphone"
    r"|phone|tablet|telefon|téléphone|teléfono|telemóvel|telefono|cellulare|pixel|htc|sony|gmx|web\.de|yahoo|proton"
    r"|mailbox|spark|aquamail|k-9|k9|mail|app\b|手机|電話)"
)
_MACHINE = re.compile(
    r"(?i)^[*_>\s]{0,3}(?:"
    rf"sent (?:from|via|with|using|by) [^,;]{{0,60}}{_DEVICE}[^,;]{{0,60}}"
    r"|sent from (?:my|a|an|the) [^,.;]{1,60}"
    rf"|(?:diese (?:nachricht|mail|e-mail) wurde )?(?:von|mit|vom|über) .{{0,60}}{_DEVICE}.{{0,60}} (?:gesendet"
    rf"|verschickt|geschickt)"
    rf"|gesendet (?:von|mit|vom|über) .{{0,80}}|von .{{1,40}} gesendet"
    rf"|envoyé (?:de|depuis|à partir de|avec) .{{0,80}}|télécharge[rz] outlook .{{0,60}}|obtenir outlook .{{0,60}}"
    rf"|envoyé à partir d['’]outlook .{{0,60}}"
    rf"|(?:enviado|obtener outlook|obter o outlook) (?:desde|de|do|da|a partir do|para|con|com|meu) .{{0,80}}"
    rf"|(?:inviato|inviata) (?:da|dal|con|tramite) .{{0,80}}|scarica outlook .{{0,60}}|ottieni outlook .{{0,60}}"
    rf"|(?:verstuurd|verzonden) (?:vanaf|met|via|vanuit) .{{0,80}}|outlook voor .{{0,60}}"
    rf"|wysłan[eoay] (?:z|ze|za pomocą) .{{0,80}}"
    rf"|(?:skickat|sendt) (?:från|fra|med|via) .{{0,80}}|lähetetty .{{0,80}}"
    rf"|hämta outlook .{{0,60}}|hent outlook .{{0,60}}"
    rf"|(?:get|hol(?:en)? sie sich|laden sie|download) outlook .{{0,60}}|outlook für .{{0,60}}"
    r"|отправлено (?:с|из) .{1,60}|odesláno (?:z|ze) .{1,60}"
    r"|.{0,30}(?:iphone|ipad|android|スマートフォン)から送信(?:されました)?|.{0,30}から送信|发自我?的?.{1,40}|從我的.{1,40}(?:傳送|發送)"
    r"|获取 ?outlook.{0,40}|내 .{1,40}에서 보냄"
    r")[.!]?[*_]{0,2}$"
)
_NAME = re.compile(r"^-{1,2}[^\W\d_][\w'’.-]{0,30}(?: [^\W\d_][\w'’.-]{0,30}){0,3}$")
_FOOTER_RULE = re.compile(r"^[_=-]{5,}$")
_LIST_FOOTER = re.compile(r"(?i)mailing list|mailman|listinfo|unsubscribe|list-?archive|google groups|googlegroups")
_NOTICE = re.compile(
    r"(?i)^(?:you(?:'re| are) receiving this|reply to this (?:e-?mail|message) directly"
    r"|you received this message because"
    r"|view it on github|to unsubscribe from this (?:group|list|thread))"
)


def footer_start(lines: list[str], end: int) -> int:
    """Where a mailing list's or a notice's lines at the very end begin; `end` where there are none."""
    seen = 0
    for at in range(end - 1, max(-1, end - 16), -1):
        line = lines[at].strip()
        if line.startswith(">"):
            return end
        seen += bool(line)
        if _FOOTER_RULE.match(line[:200]):
            return at if any(_LIST_FOOTER.search(one[:300]) for one in lines[at + 1 : end]) else end
        if line in ("—", "---", "--", "-- ") and any(_NOTICE.match(one.strip()[:200]) for one in lines[at + 1 : end]):
            return at
        if seen > 10:
            break
    return end


def start(lines: list[str], begin: int, end: int) -> int:
    """Where the signature of the lines from `begin` to `end` starts; `end` where there is none."""
    found = _after_delimiter(lines, begin, end)
    if found == end:
        found = _added_by_machine(lines, begin, end)
    if found == end:
        found = _name_alone(lines, begin, end)
    return end if not any(line.strip() for line in lines[begin:found]) else found


def is_machine_line(line: str) -> bool:
    return bool(_MACHINE.match(line.strip()[:200])) and len(line.split()) <= 16


def _after_delimiter(lines: list[str], begin: int, end: int) -> int:
    seen, found = 0, end
    for at in range(end - 1, begin - 1, -1):
        seen += bool(lines[at].strip())
        if seen > _MAX_SIGNATURE_LINES:
            break
        if _DELIMITER.match(lines[at]):
            found = at
    return found


def _added_by_machine(lines: list[str], begin: int, end: int) -> int:
    """`Sent from my iPhone` as one of the last lines that say anything, on a line of its own."""
    seen, found = 0, end
    for at in range(end - 1, begin - 1, -1):
        if not lines[at].strip():
            continue
        seen += 1
        if is_machine_line(lines[at]):
            found = at
        if seen > 4:
            break
    return found


def _name_alone(lines: list[str], begin: int, end: int) -> int:
    """`-Ada Lovelace` as the last line."""
    for at in range(end - 1, begin - 1, -1):
        if lines[at].strip():
            return at if _NAME.match(lines[at].strip()[:200]) else end
    return end
