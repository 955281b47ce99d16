"""The fold: facts in, episodes out."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from regulars.desk.episodes.facts import DeskFact, in_order, without_undone_merges
from regulars.desk.episodes.running import Running, Said
from regulars.desk.episodes.values import MERGED, RESOLVED, Episode, Standing
from regulars.kernel import fact_names

_UNRESOLVED = ("open", "waiting", "snoozed")


def fold(facts: Iterable[DeskFact]) -> list[Episode]:
    """The episodes of a conversation and of all that was merged into it, by conversation and in order.

    Give the facts of every conversation a merge joins, else what was said in the joined one is
    missing. Conversations that are spam in the end have no episodes.
    """
    threads: dict[int, Thread] = {}
    for fact in without_undone_merges(in_order(facts)):
        thread = threads.setdefault(fact.conversation_id, Thread(fact.conversation_id))
        thread.take(fact)
        if fact.name == fact_names.CONVERSATIONS_MERGED:
            _merge(thread, threads.get(fact.properties.get("merged", 0)), fact)
        if fact.name == fact_names.CONVERSATION_SPLIT:
            _split(thread, threads.values(), fact)
        if fact.is_undelivered:
            _withhold(thread, threads.values(), fact)
        if fact.name == fact_names.MESSAGE_SENT_AGAIN:
            _say_again(thread, threads.values(), fact)
    return [
        running.episode() for _, thread in sorted(threads.items()) if not thread.is_spam for running in thread.episodes
    ]


def _merge(kept: "Thread", merged: "Thread | None", fact: DeskFact) -> None:
    """The merged one's running episode goes on in the kept one; its past episodes stay its own.

    A kept one that was resolved is opened by the merge, which is told right after it.
    """
    if merged is None or merged.running is None:
        return
    moving = merged.running
    moving.end(MERGED, at=fact.at, by=fact.by)
    merged.running = None
    if kept.running is None:
        kept.arriving = moving
    else:
        kept.running.absorb(moving)


def _split(new: "Thread", threads: Iterable["Thread"], fact: DeskFact) -> None:
    """Messages that were taken along are the new conversation's, from when they were said."""
    moved = set(fact.properties.get("messages", ()))
    if new.running is None or not moved:
        return
    taken = [one for thread in threads for running in thread.episodes for one in running.give_up(moved)]
    new.running.said = sorted([*new.running.said, *taken], key=lambda one: one.at)


def _withhold(thread: "Thread", threads: Iterable["Thread"], fact: DeskFact) -> None:
    """An answer that did not arrive answered nobody: whoever asked waits on, in a past episode from now on."""
    message = fact.properties.get("message", 0)
    for one in threads:
        for running in one.episodes:
            for said in running.give_up({message}):
                one.withheld[message] = said
                thread.is_owing = thread.is_owing or running is not thread.running


def _say_again(thread: "Thread", threads: Iterable["Thread"], fact: DeskFact) -> None:
    """Sent once more, it answers from then on."""
    message = fact.properties.get("message", 0)
    for one in threads:
        said = one.withheld.pop(message, None)
        if said is not None and (running := thread.running or thread.last) is not None:
            running.said.append(said._replace(at=fact.at))
            thread.is_owing = False


@dataclass(slots=True)
class Thread:
    """One conversation while its facts are read."""

    conversation_id: int
    episodes: list[Running] = field(default_factory=list)
    running: Running | None = None
    arriving: Running | None = None
    labels: dict[object, str] = field(default_factory=dict)  # names by number, or by themselves where none is told
    is_spam: bool = False
    withheld: dict[int, Said] = field(default_factory=dict)  # what did not arrive, by message
    is_owing: bool = False  # an answer of a past episode did not arrive

    @property
    def last(self) -> Running | None:
        return self.episodes[-1] if self.episodes else None

    def take(self, fact: DeskFact) -> None:
        """Let one fact tell."""
        self._label(fact)
        if self.running is None and self._opens(fact):
            self.running = Running(self.conversation_id, fact.customer_id, len(self.episodes) + 1, fact.at)
            self.episodes.append(self.running)
            if self.arriving is not None:
                self.running.absorb(self.arriving)
                self.arriving = None
            if self.is_owing:
                self.running.said.append(Said(fact.at, "customer"))
                self.is_owing = False
        if self.running is None:
            self._answer_late(fact)
            return
        self._listen(self.running, fact)
        self._stand(self.running, fact)
        if fact.name == fact_names.CONVERSATION_RESOLVED:
            self.running.end(RESOLVED, at=fact.at, by=fact.by)
            self.running = None

    def _opens(self, fact: DeskFact) -> bool:
        """Whatever leaves it unresolved; but a reply tells how it stood when it left, and not when it was written."""
        return fact.name != fact_names.REPLY_SENT and fact.properties.get("status") in _UNRESOLVED

    def _answer_late(self, fact: DeskFact) -> None:
        """A reply that left after its conversation was resolved answers all the same."""
        if self.last is not None and (fact.is_from_agent or fact.is_from_bot):
            self.last.said.append(self._said(fact))

    def _listen(self, running: Running, fact: DeskFact) -> None:
        if fact.is_from_customer or fact.is_from_agent or fact.is_from_bot:
            running.said.append(self._said(fact))
        elif fact.name == fact_names.CONVERSATION_REOPENED and fact.by.startswith("customer"):
            self._reopened_by_customer(running, fact)

    def _said(self, fact: DeskFact) -> Said:
        by = "customer" if fact.is_from_customer else fact.by
        return Said(fact.at, by, fact.properties.get("message"), self._standing(fact))

    def _reopened_by_customer(self, running: Running, fact: DeskFact) -> None:
        """Their message may be dated before the resolve it crossed; then they wait from the reopening on."""
        if not any(one.is_asking for one in running.said):
            running.said.append(Said(fact.at, "customer"))

    def _stand(self, running: Running, fact: DeskFact) -> None:
        running.standing = self._standing(fact)
        if fact.name not in (fact_names.CONVERSATION_RESOLVED, fact_names.REPLY_SENT) and "status" in fact.properties:
            running.statuses.append((fact.at, fact.properties["status"]))

    def _standing(self, fact: DeskFact) -> Standing:
        told = fact.properties
        return Standing(
            channel_id=told.get("channel_id"),
            kind=told.get("kind", ""),
            priority=told.get("priority"),
            team_id=told.get("team_id"),
            agent_id=told.get("agent_id"),
            labels=frozenset(self.labels.values()),
        )

    def _unlabel(
        self, *, label: str, label_id: int | None = None, with_it: Iterable[int] = (), **_rest: object
    ) -> None:
        """By its number, as two of one name may be on that were two then; by its name where a number is not told."""
        gone = {label, label_id, *with_it}
        self.labels = {
            number: name
            for number, name in self.labels.items()
            if number not in gone and (label_id is not None or name != label)
        }

    def _label(self, fact: DeskFact) -> None:
        if fact.name == fact_names.CONVERSATION_LABELLED:
            self.labels[fact.properties.get("label_id", fact.properties["label"])] = fact.properties["label"]
        if fact.name == fact_names.CONVERSATION_UNLABELLED:
            self._unlabel(**fact.properties)
        if fact.name in (fact_names.CONVERSATION_MARKED_AS_SPAM, fact_names.CONVERSATION_NOT_SPAM):
            self.is_spam = fact.name == fact_names.CONVERSATION_MARKED_AS_SPAM
