"""Delivery reports that are only words: whether one is, whom it is about, and whether it is final.

Two things make a report: somebody who sends such reports (or a subject they use), and a sentence
that says so. A customer who writes about an undelivered mail has the second only.
"""

from __future__ import annotations

import re

from regulars.channels.email.understanding.addresses import Address
from regulars.channels.email.understanding.bounce_reports import is_plausible
from regulars.channels.email.understanding.headers import Headers
from regulars.channels.email.understanding.mail import Bounce

_DAEMON = re.compile(
    r"(?i)mailer-?daemon|mail-?daemon|mail(?:er)? delivery|delivery (?:sub)?system|mail system|mdaemon|returned ?mail"
)
_POSTMASTER = re.compile(r"(?i)postmaster|system administrator|mail-?administrator|\bndr@|^[^@]*<>")
_ANSWER = re.compile(r"(?i)\s*(?:re|aw|sv|antw?|res|odp|rv|fwd?|wg|tr|vs|回复|答复)\s?(?:\[\d+\])?[:：]")
_TELLS = re.compile(
    r"(?i)your (?:e-?mail|message|mail)(?: message)? (?:\w+ ){0,3}(?:could|can|was|did|has) ?n(?:ot|'t)"
    r"|(?:could|can) ?n(?:ot|'t) (?:\w+ ){0,3}deliver your (?:e-?mail|message|mail)|votre message n'a pas"
    r"|ihre (?:nachricht|e-?mail).{0,40} nicht (?:zugestellt|zustellen)"
)
_CODE = re.compile(r"(?<![\d.])(?:[45]\.[0-7]\.\d{1,3}(?![\d.])|(?:4[25][0-9]|5[05][0-9])[ -](?=[^\d\s]|[45]\.))")
_SUBJECT = re.compile(
    r"(?i)undeliver|non[- ]?(?:delivery|remis)|not (?:be )?delivered"
    r"|delivery (?:failure|problem|status|has failed|report|notification|error)"
    r"|(?:failure|failed) (?:notice|delivery)|mail delivery|returned (?:mail|to sender)|mail returned"
    r"|returning message"
    r"|message delayed|delayed mail|warning: (?:message|could not)|could not (?:send|be sent|be delivered)"
    r"|delivery delay"
    r"|unzustellbar|nicht zustellbar|nicht zugestellt|zustellung|non remis|échec de|no se puede entregar|devuelto"
    r"|não entregue"
    r"|mancat[ao] consegna|onbestelbaar|niet bezorgd|failed mail|mail error|mail failure|message status"
    r"|user unknown|配信|退信"
)
_SAYS = re.compile(
    r"(?im)(?:could|can|was|were|did|is|has|have|been) ?n[o'’]t (?:\w+ ){0,2}(?:delivered|deliver|reach"
    r"|be delivered|receive|sent|send|be sent|accept)"
    r"|wasn't able to deliver|unable to (?:deliver|be delivered|send)|cannot be (?:delivered|sent)|undeliverable"
    r"|(?:delivery|message|mail).{0,40}(?:failed|failure|problem|has failed|delayed|returned|rejected|refused)"
    r"|failed (?:recipient|address|to deliver|permanently|temporarily)|permanent(?:ly)? (?:fatal )?(?:error|fail)"
    r"|fatal errors|following (?:address|recipient|mailbox|user|error|mail|message)"
    r"|unknown (?:user|recipient|address|local|mailbox)"
    r"|user (?:is )?unknown|no such (?:user|mailbox|recipient|address|local)"
    r"|(?:mailbox|account|quota).{0,30}(?:full|exceeded|unavailable|disabled|over)"
    r"|over ?quota|not (?:a )?(?:valid|known|recognized|listed|found)"
    r"|invalid (?:user|recipient|address|final|mailbox)"
    r"|warning message only|does not exist|has been (?:returned|rejected|delayed|postponed)"
    r"|^[ \t]{0,20}<[^<>\s]{1,200}@[^<>\s]{1,200}>:|no mailbox here"
    r"|full mailbox|mailbox full|error was detected|incorrect addresses|error-for:|did not (?:\w+ ){0,2}match"
    r"|n'existe pas|message not delivered|not yet been delivered"
    r"|fehler bei der nachrichtenzustellung|échec de la remise|error al entregar|falha na entrega"
    r"|recapito non riuscito|bezorgen is mislukt|nie można dostarczyć|introuvable"
    r"|konnte(?:n)? nicht (?:zugestellt|zustellen|ausgeliefert)|n'a pas pu être|pas été (?:remis|distribu)"
    r"|no (?:pudo|se pudo|se ha podido|fue posible|se puede) "
    r"|não (?:pôde|foi possível)|non (?:è stato possibile|può essere|recapitat)"
    r"|niet (?:worden )?(?:bezorgd|afgeleverd)|nie (?:mogła|może) "
)
_STILL_TRYING = re.compile(
    r"(?i)warning message only|do(?:n't| not) need to (?:resend|re-send)"
    r"|(?:will|still) (?:\w+ ){0,3}(?:try|retry|trying|keep trying|be retried|continue)"
    r"|delivery attempts will continue|not yet been delivered|message (?:has been )?delayed"
    r"|delayed|keep trying|temporary problem|no action is required|further attempts|will be retried"
    r"|(?:still )?being (?:retried|attempted)"
    r"|wird weiter(?:hin)? versuch|noch nicht zugestellt|weitere(?:n)? zustellversuche"
)
_GAVE_UP = re.compile(
    r"(?i)permanent (?:fatal )?(?:error|fail)|giv(?:en|ing) up|not going to try again|will not be retried"
    r"|(?<!non-)fatal errors|has been returned"
    r"|returned to sender|returning message|no further attempts"
)
_COPY = re.compile(
    r"(?im)^(?:[ \t>*]{0,8}[-=_*~ ]{2,60}\s{0,3})?(?:"
    r"below this line is a copy|this is a copy of the message"
    r"|original (?:message|mail) (?:follows|header|details|text)|header of the (?:source|original)"
    r"|the headers? of the original|returned message|forwarded message|original message"
    r"|message (?:header|text) follows|your (?:original )?message (?:follows|text)"
    r"|unsent message|message (?:contents?|headers?) follow|copy of your (?:message|mail)"
    r"|begin(?:ning)? of (?:the )?(?:original|returned)"
    r"|the original message|message removed|included is a copy|die kopfzeilen|ursprüngliche nachricht"
    r"|received: |return-path: |message-id: |x-mailer: )"
)
_ADDRESS = re.compile(r"[^\s<>()\"',;:\[\]=|`*]{1,64}@[A-Za-z0-9\u0080-\uffff.-]{1,255}")
_STATUS = re.compile(r"(?<![\d.])([45]\.[0-7]\.\d{1,3})(?![\d.])")
_NOT_RECIPIENT = re.compile(
    r"(?i)^(?:postmaster|mailer-?daemon|abuse|support|hostmaster|webmaster|help|helpdesk|root|mail-?admin)@"
)
_OUR_HEADER = re.compile(r"(?i)^\s*(?:to|cc|from|sent|subject|an|von|de|para)\s{0,3}:")
_NAMES = re.compile(
    r"(?i)(?:\bto|addressed(?: to)?|recipient|recipients|user|userid|address|mailbox|account|\bfor"
    r"|destinatario|destinataire|an)"
    r"[\s,:;'\"<(]{1,6}$"
)
_LIST_INTRO = re.compile(r"(?i)(?:following|recipient|recipients|addressees|deliver|reach).{0,160}:$")
_LOCAL_PART = re.compile(r"^\s{1,20}([A-Za-z0-9._+-]{2,64})(?:\s{2,}.{0,200}|\s*)$")
_MAX_TEXT = 60_000
_MAX_LINES = 600


def read(text: str, *, headers: Headers, author: Address | None, to: tuple[Address, ...]) -> tuple[Bounce, ...]:
    """One failure for each recipient the words name."""
    failed = headers.text("x-failed-recipients")
    signs = _signs(headers)
    if not (failed or signs):
        return ()
    words = _before_copy(text[:_MAX_TEXT])
    if not failed and not (_SAYS.search(words) and _is_enough(signs, words, has_copy=len(words) < len(text))):
        return ()
    is_permanent = not _is_still_trying(words, headers.readable("subject") or "")
    status = _STATUS.search(words)
    number = status[1] if status else None
    people = _addresses(failed) if failed else _recipients(words, author=author, to=to)
    if not people:
        return (Bounce(None, number, is_permanent),) if _is_certain(headers, signs) else ()
    return tuple(
        Bounce(one, _status_near(words, one) or number, is_permanent, _said_about(words, one)) for one in people
    )


def _signs(headers: Headers) -> set[str]:
    """What in the headers speaks for a report: most mails have nothing, and are not looked into."""
    sender, path = headers.text("from") or "", (headers.text("return-path") or "").strip()
    subject = headers.readable("subject") or ""
    is_answer = "in-reply-to" in headers or bool(_ANSWER.match(subject))
    found = {
        "daemon": _DAEMON.search(sender) or _DAEMON.search(path),
        "type": "delivery-status" in (headers.text("content-type") or ""),
        "postmaster": _POSTMASTER.search(sender),
        "path": path == "<>",
        "subject": not is_answer and _SUBJECT.search(subject),
        "answer": is_answer and _SUBJECT.search(subject),
    }
    return {name for name, is_there in found.items() if is_there}


def _is_enough(signs: set[str], words: str, *, has_copy: bool) -> bool:
    """A daemon is one by its name. A postmaster may be a person, a subject a customer's, an empty path a holiday's:
    those need a second sign, such as the copy of a mail or the codes that servers speak in."""
    if signs & {"daemon", "type"}:
        return True
    speaks_like_one = has_copy or bool(_CODE.search(words)) or bool(_TELLS.search(words))
    if signs & {"postmaster", "path"}:
        return "subject" in signs or speaks_like_one
    names_one = any(map(_is_only_address, words.split("\n")[:_MAX_LINES]))
    if "subject" in signs:
        return speaks_like_one or names_one
    return names_one and bool(_TELLS.search(words))


def _is_only_address(line: str) -> bool:
    return any(_stands_alone(line[:500], one) for one in _addresses(line[:500]))


def _is_certain(headers: Headers, signs: set[str]) -> bool:
    """A report that names nobody is one only if both its sender and its subject say so."""
    is_returned = "returning message to sender" in (headers.readable("subject") or "").lower()
    return "subject" in signs and (bool(signs & {"daemon", "postmaster"}) or is_returned)


def _before_copy(text: str) -> str:
    """The report itself: what follows is our own mail, with addresses of people who have done nothing."""
    found = _COPY.search(text, 1)
    while found and not text[: found.start()].strip():
        found = _COPY.search(text, found.end())
    return text[: found.start()] if found else text


def _is_still_trying(words: str, subject: str) -> bool:
    if _GAVE_UP.search(words):
        return False
    return bool(_STILL_TRYING.search(words) or _STILL_TRYING.search(subject))


def _recipients(words: str, *, author: Address | None, to: tuple[Address, ...]) -> list[str]:
    """The best kind of naming there is: lines of their own, "user …", local names, other sentences, our own To."""
    others = {one.address.lower() for one in (*to, *([author] if author else ())) if one.address}
    alone: list[str] = []
    named: list[str] = []
    inside: list[str] = []
    ours: list[str] = []
    for line in words.split("\n")[:_MAX_LINES]:
        for address in _addresses(line[:500]):
            if address.lower() in others or _NOT_RECIPIENT.match(address):
                continue
            if _OUR_HEADER.match(line):
                ours.append(address)
            elif _stands_alone(line, address):
                alone.append(address)
            elif _is_named(line, address):
                named.append(address)
            else:
                inside.append(address)
    return (
        _each_once(alone) or _local_names(words, author) or _each_once(named) or _each_once(inside) or _each_once(ours)
    )


def _stands_alone(line: str, address: str) -> bool:
    """Nothing but marks around it, or qmail's `<address>:`, or the address our mail was expanded from."""
    rest = line.replace(address, "")
    return not re.search(r"\w", rest) or bool(re.match(r"\s*<[^<>]*>:|\s*\(expanded from:", line))


def _is_named(line: str, address: str) -> bool:
    return bool(_NAMES.search(line[: line.find(address)]))


def _local_names(words: str, author: Address | None) -> list[str]:
    """A name without a domain, indented below the sentence that announces it: it is one of the server's own."""
    domain = _organisation(author.address if author else None)
    lines = words.split("\n")[:_MAX_LINES]
    found: list[str] = []
    for at, line in enumerate(lines):
        if not (domain and _LIST_INTRO.search(line.strip())):
            continue
        for below in lines[at + 1 : at + 20]:
            name = _LOCAL_PART.match(below)
            if name:
                found.append(f"{name[1]}@{domain}")
            elif below.strip():
                break
    return _each_once(found)


def _organisation(address: str | None) -> str | None:
    """`mx1.its.example.edu` belongs to `example.edu`, `mx.example.co.uk` to `example.co.uk`."""
    labels = (address or "").partition("@")[2].lower().split(".")
    if len(labels) < 2:
        return None
    is_national = len(labels[-1]) == 2 and len(labels[-2]) <= 3 and len(labels) > 2
    return ".".join(labels[-3:] if is_national else labels[-2:])


def _addresses(text: str) -> list[str]:
    """Sendmail writes `<address>... User unknown`: an address ends where the dots begin."""
    cut = (found.partition("..")[0].strip(".-") for found in _ADDRESS.findall(text))
    return [one for one in cut if is_plausible(one)]


def _each_once(people: list[str]) -> list[str]:
    return list({one.lower(): one for one in reversed(people)}.values())[::-1]


def _status_near(words: str, address: str) -> str | None:
    """The status in the few lines after the address is first named."""
    at = words.find(address)
    found = _STATUS.search(words, at, at + 600) if at >= 0 else None
    return found[1] if found else None


def _said_about(words: str, address: str) -> str | None:
    """What stands behind the address, up to the end of its paragraph; nothing where that says nothing."""
    at = words.find(address)
    if at < 0:
        return None
    following = words[at + len(address) : at + 600].lstrip(" >:\t")
    said = " ".join(line.strip() for line in following.split("\n\n")[0].split("\n")).strip(" <>:;,.()[]'\"")
    return said[:300] if len(said.split()) > 1 else None
