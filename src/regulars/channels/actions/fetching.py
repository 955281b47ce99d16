"""Fetching mail from mail servers, by the server's own numbers: nothing is missed and nothing comes twice.

What was read in a mailbox elsewhere is fetched as well: numbers count, not marks. Each batch is stored
with how far it got in one transaction, so whoever falls over between two batches goes on there. Once
an hour everything the server has is compared with what is stored, and what is missing is fetched.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models.functions import Coalesce

from regulars.channels.actions import incoming, setting_up, signing_in
from regulars.channels.actions.incoming import Came
from regulars.channels.email import imap
from regulars.channels.email.imap import Folder, Server, Trouble
from regulars.channels.email.imap.folders import Fetched
from regulars.channels.email.oauth.asking import NotGiven
from regulars.channels.models import Channel, Incoming, Mailbox
from regulars.kernel import clock, jobs

log = structlog.get_logger(__name__)

FETCH = "channels.fetch"
BATCH = 50
BATCH_BYTES = 16 * 1024 * 1024
LARGEST = 50 * 1024 * 1024
COUNT_EVERY = timedelta(hours=1)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
REFUSED_PAUSE = timedelta(minutes=5)  # who knocks with a wrong password too often is locked out
SINCE_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What a first look at a mailbox says: how many mails lie there, and how many of them would be brought."""

    folder: str
    folders: list[str]
    there: int
    brought: int
    since: date | None


def foresee(server: Server, *, since_days: int | None) -> Foreseen:
    """Look without bringing anything; raises `Trouble` when the mailbox cannot be read."""
    since = _since(since_days, at=clock.now())
    with imap.opened(server) as folder:
        brought = len(folder.uids(since=since)) if since_days != 0 else 0
        return Foreseen(folder=server.folder, folders=folder.names(), there=folder.count, brought=brought, since=since)


def soon(channel_id: int) -> bool:
    """Have a mailbox looked into by a job; false when one waits already."""
    name = f"{FETCH}:{channel_id}"
    return jobs.defer_once(FETCH, lock=name, queueing_lock=name, channel_id=channel_id)


def fetch(channel_id: int) -> int:
    """Bring what is new in a channel's mailbox; returns how many mails. Trouble is put down, not raised."""
    channel = Channel.objects.filter(pk=channel_id, archived_at=None, paused_at=None).first()
    server = imap.way_in(channel.settings, setting_up.secrets_of(channel)) if channel else None
    if channel is None or server is None or _is_resting(channel, server):
        return 0
    try:
        count = _look(channel)
    except Trouble as trouble:
        _put_down_trouble(channel, server, trouble)
        return 0
    _put_down_work(channel, server)
    return count


def _look(channel: Channel) -> int:
    """Bring what is new; a token the server refuses is renewed once."""
    try:
        return _look_with(channel, signing_in.secrets_for(channel))
    except NotGiven as refusal:
        raise Trouble(refusal.words, is_refusal=refusal.is_refusal) from refusal
    except Trouble as trouble:
        if not trouble.is_sign_in or not signing_in.is_by_token(channel):
            raise
    try:
        return _look_with(channel, signing_in.secrets_for(channel, anew=True))
    except NotGiven as refusal:
        raise Trouble(refusal.words, is_refusal=refusal.is_refusal) from refusal


def _look_with(channel: Channel, secret: dict[str, str]) -> int:
    server = imap.way_in(channel.settings, secret)
    assert server is not None
    with imap.opened(server) as folder:
        return _bring(channel, _mailbox(channel, server, folder), folder)


def _bring(channel: Channel, mailbox: Mailbox, folder: Folder) -> int:
    wanted = _wanted(channel, mailbox, folder, after=mailbox.last_uid)
    count = _fetch(channel, mailbox, folder, wanted)
    _get_to(mailbox, max(folder.uid_next - 1, mailbox.last_uid) if not wanted else max(wanted))
    if mailbox.counted_at is None or mailbox.counted_at < clock.now() - COUNT_EVERY:
        count += _compare(channel, mailbox, folder)
    return count


def _mailbox(channel: Channel, server: Server, folder: Folder) -> Mailbox:
    """How far this folder was read. Other numbers than before: it is read anew, and what is known is known."""
    mailbox, is_new = Mailbox.objects.get_or_create(
        channel=channel,
        folder=server.folder,
        defaults={
            "uidvalidity": folder.uidvalidity,
            "first_uidvalidity": folder.uidvalidity,
            "history_uid": folder.uid_next - 1,
            "connected_at": clock.now(),
        },
    )
    if not is_new and mailbox.uidvalidity != folder.uidvalidity:
        log.warning("a mailbox has new numbers and is read anew", channel_id=channel.pk)
        if mailbox.uidvalidity == 0:  # it could never be read before
            mailbox.first_uidvalidity, mailbox.history_uid = folder.uidvalidity, folder.uid_next - 1
            mailbox.connected_at = clock.now()
        mailbox.uidvalidity, mailbox.last_uid, mailbox.counted_at = folder.uidvalidity, 0, None
        mailbox.save()
    return mailbox


def _wanted(channel: Channel, mailbox: Mailbox, folder: Folder, *, after: int) -> list[int]:
    """What is to be brought: everything that came since we know the mailbox, and of before what was asked for."""
    uids = folder.uids(after=after)
    is_first = mailbox.uidvalidity == mailbox.first_uidvalidity
    if not uids or (is_first and uids[0] > mailbox.history_uid):
        return uids
    days = channel.settings.get("imap_since_days", SINCE_DAYS)
    since = _since(days, at=mailbox.connected_at)
    recent = set(uids if since is None else folder.uids(after=after, since=since))
    if is_first:
        return [uid for uid in uids if uid > mailbox.history_uid or (days != 0 and uid in recent)]
    return [uid for uid in uids if uid in recent]


def _since(days: int | None, *, at: datetime) -> date | None:
    return None if days is None or days < 0 else (at - timedelta(days=days)).date()


def _fetch(channel: Channel, mailbox: Mailbox, folder: Folder, uids: Sequence[int]) -> int:
    count = 0
    for batch in folder.batches(uids, most=BATCH, most_bytes=BATCH_BYTES):
        fetched = folder.fetch(batch, largest=LARGEST)
        with transaction.atomic():
            count += len(incoming.store_all([_came(channel, mailbox, one) for one in fetched]))
            _get_to(mailbox, batch[-1][0])
    return count


def _came(channel: Channel, mailbox: Mailbox, one: Fetched) -> Came:
    return Came(
        channel_id=channel.pk,
        raw=one.raw,
        source_key=_key(mailbox, one.uid),
        envelope={} if one.is_whole else {"left_on_server_bytes": one.size},
        is_history=_is_history(mailbox, one),
        received_at=min(one.received_at, clock.now()),
    )


def _key(mailbox: Mailbox, uid: int) -> str:
    """Two folders may have the same UIDVALIDITY; of the usual one the name is left out."""
    folder = "" if mailbox.folder == "INBOX" else f":{mailbox.folder}"
    return f"imap:{mailbox.uidvalidity}:{uid}{folder}"


def _is_history(mailbox: Mailbox, one: Fetched) -> bool:
    if mailbox.uidvalidity == mailbox.first_uidvalidity:
        return one.uid <= mailbox.history_uid
    return one.received_at < mailbox.connected_at


def _get_to(mailbox: Mailbox, uid: int) -> None:
    """Only ever forward, though two workers may be at it."""
    if uid > mailbox.last_uid:
        mailbox.last_uid = uid
        rows = Mailbox.objects.filter(pk=mailbox.pk, uidvalidity=mailbox.uidvalidity, last_uid__lt=uid)
        rows.update(last_uid=uid)


def _compare(channel: Channel, mailbox: Mailbox, folder: Folder) -> int:
    """Everything the server has against everything stored; what is missing is brought."""
    wanted = _wanted(channel, mailbox, folder, after=0)
    brought = _fetch(channel, mailbox, folder, _missing(channel, mailbox, wanted))
    missing = _missing(channel, mailbox, wanted)
    rows = Mailbox.objects.filter(pk=mailbox.pk)
    rows.update(counted_at=clock.now(), on_server=len(wanted), stored=len(wanted) - len(missing))
    if brought or missing:
        log.warning("mail was missing", channel_id=channel.pk, brought=brought, still_missing=len(missing))
    return brought


def _missing(channel: Channel, mailbox: Mailbox, uids: Sequence[int]) -> list[int]:
    prefix = f"imap:{mailbox.uidvalidity}:"
    rows = Incoming.objects.filter(channel=channel, source_key__startswith=prefix)
    stored = set(rows.values_list("source_key", flat=True))
    return [uid for uid in uids if _key(mailbox, uid) not in stored]


def forget_pause(channel_id: int) -> None:
    """Somebody mended something: look again at once instead of after the pause."""
    Mailbox.objects.filter(channel=channel_id).update(failures=0, next_try_at=None)


def _is_resting(channel: Channel, server: Server) -> bool:
    rows = Mailbox.objects.filter(channel=channel, folder=server.folder, next_try_at__gt=clock.now())
    return rows.exists()


def _put_down_trouble(channel: Channel, server: Server, trouble: Trouble) -> None:
    """Said on the channel, since when; tried again after a pause that grows."""
    now = clock.now()
    log.warning("a mailbox cannot be read", channel_id=channel.pk, trouble=str(trouble))
    Channel.objects.filter(pk=channel.pk).update(trouble=trouble.words, trouble_at=Coalesce("trouble_at", now))
    nothing = {"uidvalidity": 0, "first_uidvalidity": 0, "connected_at": now}
    mailbox, _ = Mailbox.objects.get_or_create(channel=channel, folder=server.folder, defaults=nothing)
    pause = min(FIRST_PAUSE * 2 ** min(mailbox.failures, 10), LONGEST_PAUSE)
    mailbox.next_try_at = now + max(pause, REFUSED_PAUSE if trouble.is_refusal else pause)
    mailbox.failures = min(mailbox.failures + 1, 1_000)
    mailbox.save(update_fields=["failures", "next_try_at"])


def _put_down_work(channel: Channel, server: Server) -> None:
    now = clock.now()
    Channel.objects.filter(pk=channel.pk).update(
        worked_at=now, synced_at=Coalesce("synced_at", now), trouble="", trouble_at=None
    )
    Mailbox.objects.filter(channel=channel, folder=server.folder).update(looked_at=now, failures=0, next_try_at=None)
