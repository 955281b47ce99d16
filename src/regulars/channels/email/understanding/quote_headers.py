"""The lines with which mail programs introduce what they quote, in the languages they are used in.

Every pattern looks at a few short lines and has no alternative paths through the same characters.
"""

from __future__ import annotations

import re

MAX_HEADER_LINES = 5
_MAX_LINE = 400

_WROTE = re.compile(
    r"(?i)(?:wrote|writes|said|schrieb|geschrieben|a écrit|à écrit|ecrit|escribió|escribio|escreveu|ha scritto"
    r"|scrisse"
    r"|schreef|heeft geschreven|napisał|napisała|napisał\(a\)|pisze|geschreven|пише|đã viết|menulis"
    r"|va escriure|napísal|napisao je|napisala je|je napisal|rašė|rakstīja|kirjutas"
    r"|skrev|skrifaði|kirjoitti|napsal|napsal\(a\)|írta"
    r"|a scris|yazdı|έγραψε|пишет|написал|написал\(а\)|написа|schreven"
    r"|写道|寫道|さんは書きました|のメール|wrote the following|작성)\s{0,3}(?:der)?[:：]?\s{0,3}$"
)
_VERB_INSIDE = re.compile(
    r"(?i)\b(?:schrieb|skrev|schreef|kirjoitti|írta|wrote on|a écrit le|escribió el|escreveu em|ha scritto il"
    r"|hat .{0,80}geschrieben|odesílatel|tarihinde"
    r"|wiadomość napisana przez)\b"
)
_DIRECTIONS = dict.fromkeys([*range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_ABOVE_HERE = re.compile(
    r"(?i)^[\W_]{0,8}(?:please )?(?:(?:type|write|enter|add) your )?(?:reply|respond|antwort|réponse|respuesta"
    r"|resposta)"
    r" (?:above|oberhalb|au-dessus|encima|acima).{0,40} (?:line|zeile|ligne|línea|linha)[\W_]{0,8}$"
)
_CITES = re.compile(r"(?i)^(?:quoting|zitat von|citando|citazione|citát|cytowanie|quote from)\b")
_OPENER = re.compile(
    r"(?i)^(?:>\s?)*(?:on|am|le|el|em|il|op|den|på|kl|w dniu|dnia|dne|в|at|in|it was|data|fecha|a\(z\)|tarihinde"
    r"|mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|mié|mie|jue|vie|sáb|dom"
    r"|seg|ter|qua"
    r"|qui|sex|pon|wt|śr|czw|pt|sob|niedz|man|tirs|ons|tors|fre|lør|søn|ma|wo|vr|za|zo|пн|вт|ср|чт|пт|сб|вс)\b"
)
_DATE = re.compile(r"\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}|\b(?:19|20)\d\d\b|\d{1,2}[:.h]\d{2}|\d{4}年|\d{4}년")
_TIMED = re.compile(r"(?:\b(?:19|20)\d\d\b|\d{4}年|\d{4}년|\d{1,2}[./]\d{1,2}[./]\d{2,4}).{0,40}?\d{1,2}[:.h]\d{2}")
_ADDRESS_ENDS = re.compile(r"<[^<>\s]{1,100}@[^<>\s]{1,200}>\s?(?:님이 작성|님이|wrote)?\s?[:：]$")
_OLD_GMAIL = re.compile(r"^\d{4}[/-]\d{1,2}[/-]\d{1,2} .{0,100}<[^<>\s]{1,100}@[^<>\s]{1,200}>:?$")

_FROM = ("from|von|de|da|van|od|från|fra|fran|expéditeur|remitente|remetente|mittente|lähettäjä|от|kimden"
         "|feladó|发件人|寄件者|寄件人|差出人|送信者|보낸 사람")  # fmt: skip
_WHEN = ("sent|date|gesendet|datum|envoyé|envoyé le|enviado|enviado el|enviado em|enviada em|enviada|fecha|data|inviato"
         "|verzonden|wysłano|wysłane|skickat|sendt|lähetetty|отправлено|дата|gönderildi|elküldve|odesláno"
         "|发送时间|日期|寄件日期|傳送時間|送信日時|日時|보낸 날짜|날짜")  # fmt: skip
_TO = ("to|an|à|a|para|per|aan|do|till|til|destinataire|destinatario|destinatário|komu|кому|kime|címzett"
       "|收件人|宛先|받는 사람")  # fmt: skip
_CC = ("cc|cópia|copie à|kopie|kopi|kopia|dw|dk|копия|抄送|副本|참조|bcc|reply-to|antwort an|répondre à"
       "|importance|wichtigkeit")  # fmt: skip
_SUBJECT = ("subject|betreff|objet|asunto|assunto|oggetto|onderwerp|temat|ämne|emne|aihe|тема|konu|tárgy|předmět"
            "|主题|主旨|主題|件名|제목")  # fmt: skip
_FIELD = re.compile(
    rf"(?i)^[*_\s]{{0,4}}(?:(?P<sender>{_FROM})|(?P<when>{_WHEN})|(?P<to>{_TO})|(?P<cc>{_CC})"
    rf"|(?P<subject>{_SUBJECT}))"
    r"\s{0,2}[*_]{0,2}\s?[:：][*_]{0,2}(?:\s|$|[*_\w<\"'+(\[])"
)

_DASHED = re.compile(r"^[>\s]{0,6}[-_=—–]{2,40}\s?([^-_=—–].{2,60}?)\s?[-_=—–]{2,40}$")
_ORIGINAL = re.compile(
    r"(?i)^(?:original|original message|original appointment|ursprüngliche nachricht|originalnachricht"
    r"|original-nachricht"
    r"|message d'origine|message original|mensaje original|mensagem original|messaggio originale"
    r"|oorspronkelijk bericht|origineel bericht|wiadomość oryginalna|oryginalna wiadomość|ursprungligt meddelande"
    r"|ursprungligt mail|original meddelelse|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti"
    r"|исходное сообщение|původní zpráva|原始邮件|原始郵件|邮件原件|元のメッセージ|original email|reply message)$"
)
_FORWARDED = re.compile(
    r"(?i)^(?:(?:begin )?forwarded (?:message|mail|email|by .{1,60})|weitergeleitete nachricht|weitergeleitet"
    r"|message transféré|message transmis|mensaje reenviado|mensagem encaminhada|mensagem reencaminhada"
    r"|messaggio inoltrato|doorgestuurd bericht|doorgestuurde bericht|przekazana wiadomość|wiadomość przekazana"
    r"|vidarebefordrat meddelande|vidarebefordrat brev|videresendt (?:besked|melding|meddelelse)"
    r"|välitetty viesti|пересылаемое сообщение|přeposlaná zpráva|转发的?邮件|轉寄的?郵件|転送メッセージ"
    r"|転送されたメッセージ|forwarded message .{1,60})$"
)
_BEGIN_FORWARDED = re.compile(
    r"(?i)^(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)"
    r"|début du message (?:réexpédié|transféré)"
    r"|inicio del mensaje reenviado|início da mensagem (?:reencaminhada|encaminhada)|inizio messaggio inoltrato"
    r"|begin doorgestuurd bericht|rozpoczęcie przekazywanej wiadomości|vidarebefordrat brev"
    r"|videresendt (?:besked|melding)"
    r"|開始轉寄郵件|以下是转发的邮件|転送されたメッセージ)\s{0,2}[:：]$"
)
_FORWARDING_SUBJECT = re.compile(
    r"(?i)^\s{0,5}(?:fwd?|wg|tr|rv|enc|i|pd|vs|vb|vl|doorst|fs|ynt|továbbítás|转发|轉寄|転送)\s?[:：]"
)
_RULE = re.compile(r"^[>\s]{0,6}(?:[-_=*—–]\s?){3,}$")
_MARKER = re.compile(r"^[>\s*_]{0,40}\[ref:c\d{1,18}\.[a-z2-7]{16}\][\s*_]{0,10}$", re.IGNORECASE | re.ASCII)


def is_our_marker(line: str) -> bool:
    """A line with the marker alone that `marks.body_marker` makes, quoted or not."""
    return len(line) < 200 and bool(_MARKER.match(line))


def is_rule(line: str) -> bool:
    """A line of dashes or underscores alone."""
    return len(line) < 200 and bool(_RULE.match(line))


def is_forwarding_subject(subject: str) -> bool:
    return bool(_FORWARDING_SUBJECT.match(subject[:60]))


def starts_forward(line: str) -> bool:
    """`---------- Forwarded message ---------`, `Begin forwarded message:` and their like."""
    line = line.strip()[:_MAX_LINE]
    if found := _DASHED.match(line):
        return bool(_FORWARDED.match(found[1].strip(" :")))
    return bool(_BEGIN_FORWARDED.match(line))


def starts_original(line: str) -> bool:
    """`-----Original Message-----`."""
    found = _DASHED.match(line.strip()[:_MAX_LINE])
    return bool(found and _ORIGINAL.match(found[1].strip(" :")))


def starts_what_we_sent(line: str) -> bool:
    """`## Please type your reply above this line ##`, as desks write into what they send."""
    return len(line) < 200 and bool(_ABOVE_HERE.match(line))


def introduction(lines: list[str], last: int) -> tuple[int, bool] | None:
    """Where an "On … wrote:" ends at line `last`: its first line, and whether it is sure without `>` after it."""
    tail = _bare(lines[last])
    if not 3 < len(tail) < _MAX_LINE:
        return None
    if _OLD_GMAIL.match(tail):
        return last, tail.endswith(":") and bool(_TIMED.search(tail))
    if tail[-1] not in ":：" and not _WROTE.search(tail[-60:]):
        return None
    joined = ""
    for first in range(last, max(-1, last - MAX_HEADER_LINES), -1):
        line = _bare(lines[first])
        if not line or len(line) > _MAX_LINE or (first < last and line.endswith((":", "：", ".", "!", "?"))):
            break
        joined = f"{line} {joined}".strip()
        if _is_introduction(joined):
            return _with_name(lines, first), True
    return (_with_name(lines, last), False) if _may_introduce(tail) else None


def _bare(line: str) -> str:
    """Without dashes around it, and without the marks that turn the direction of writing."""
    return (line if line.isascii() else line.translate(_DIRECTIONS)).strip(" -")


def _with_name(lines: list[str], first: int) -> int:
    """A name that stands on the line above its address, below a blank one, belongs to it."""
    if not lines[first].lstrip().startswith("<") or first == 0 or not 0 < len(lines[first - 1].strip()) < 60:
        return first
    return first - 1 if first == 1 or not lines[first - 2].strip() else first


def _may_introduce(tail: str) -> bool:
    """Words that introduce a quote if one follows."""
    return bool(_WROTE.search(tail[-60:]) or _CITES.match(tail) or _ADDRESS_ENDS.search(tail))


def _is_introduction(text: str) -> bool:
    if not _DATE.search(text):
        return False
    is_timed = bool(_TIMED.search(text))
    if text[-1] in ":：" and _VERB_INSIDE.search(text):
        return is_timed or bool(_OPENER.match(text)) or "@" in text
    if _WROTE.search(text[-60:]):
        return bool(_OPENER.match(text)) or bool(re.match(r"\D{0,12}\d", text)) or "@" in text
    return is_timed and bool(_ADDRESS_ENDS.search(text))


def block(lines: list[str], first: int) -> int | None:
    """Where a block of `From: Sent: To: Subject:` that begins at `first` ends; None where there is none."""
    opening = field_of(lines[first])
    if opening in (None, "cc"):
        return None
    seen, last, gaps = {opening}, first, 0
    for at in range(first + 1, min(len(lines), first + 15)):
        kind = field_of(lines[at])
        if kind is None:
            gaps += 1
            if gaps > 2 or (not lines[at].strip() and len(seen) >= 4):
                break
            continue
        if kind in seen and kind != "cc":
            break
        seen.add(kind)
        last, gaps = at, 0
    has_enough = "sender" in seen and len(seen) >= 3 and ("subject" in seen or {"when", "to"} <= seen)
    return last if has_enough and (opening != "to" or "subject" in seen) else None


def field_of(line: str) -> str | None:
    """Which of the fields a line of such a block begins with."""
    if ":" not in line[:40] and "：" not in line[:40]:
        return None
    found = _FIELD.match(line[:60])
    return found.lastgroup if found else None
