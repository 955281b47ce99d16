"""Episodes by hand: what starts a clock, what stops it, what pauses it, and what never does."""

from itertools import permutations

from regulars.desk.episodes import Episode, Lasted, Pause, fold, measure
from regulars.desk.hours import ALWAYS, Hours, read_intervals, same_every_day
from regulars.kernel import fact_names
from tests.desk.telling import ADA, BO, INES, Story, at

NINE_TO_FIVE = Hours("Europe/Berlin", same_every_day(read_intervals("09:00-17:00")))
MINUTE, HOUR = 60, 3600


def only(story: Story) -> Episode:
    (episode,) = fold(story.facts)
    return episode


def turns(episode: Episode) -> tuple[tuple[object, ...], ...]:
    """Who asked when and was answered when by whom."""
    return tuple((turn.asked_at, turn.answered_at, turn.answered_by) for turn in episode.turns)


def test_a_plain_conversation() -> None:
    story = Story().asks("10:00").answers("10:20", then="waiting").asks("11:00").answers("11:05", BO)
    episode = only(story.becomes("resolved", "11:30"))
    assert episode.began_at == at("10:00")
    assert turns(episode) == ((at("10:00"), at("10:20"), INES), (at("11:00"), at("11:05"), BO))
    assert episode.pauses == (Pause(at("10:20"), at("11:00")),)
    assert (episode.ended_at, episode.ending, episode.ended_by) == (at("11:30"), "resolved", INES)
    assert (episode.messages, episode.replies, episode.ordinal) == (2, 2, 1)
    measured = measure(episode, ALWAYS)
    assert measured.first == Lasted(20 * MINUTE, 20 * MINUTE)
    assert measured.turns[1] == Lasted(5 * MINUTE, 5 * MINUTE)
    assert measured.paused == Lasted(40 * MINUTE, 40 * MINUTE)
    assert measured.resolution == Lasted(50 * MINUTE, 50 * MINUTE)
    assert measured.bot is None


def test_messages_in_a_row_are_one_turn_from_the_first() -> None:
    episode = only(Story().asks("10:00").asks("10:05").asks("10:10").answers("10:20").answers("10:21"))
    assert turns(episode) == ((at("10:00"), at("10:20"), INES),)
    assert (episode.messages, episode.replies) == (3, 2)


def test_neither_bot_nor_machine_nor_note_nor_status_answers_for_a_person() -> None:
    story = Story().asks("10:00").answers("10:01", "bot").answers("10:02", "rule:2", automatic=True)
    story.answers("10:03", INES, automatic=True).notes("10:04").goes_to("10:05", agent=3).becomes("waiting", "10:06")
    episode = only(story.answers("10:30"))
    assert turns(episode) == ((at("10:00"), at("10:30"), INES),)
    assert measure(episode, ALWAYS).bot == Lasted(MINUTE, MINUTE)


def test_what_an_agent_starts_has_no_first_response_until_the_customer_writes() -> None:
    story = Story().answers("09:00", then="waiting")
    episode = only(story)
    assert (episode.began_at, turns(episode), episode.pauses) == (None, (), ())
    assert measure(episode, ALWAYS).first is None
    episode = only(story.asks("12:00").answers("12:30").becomes("resolved", "13:00"))
    assert episode.began_at == at("12:00")
    assert episode.opened_at == at("09:00")
    assert measure(episode, ALWAYS).first == Lasted(30 * MINUTE, 30 * MINUTE)
    assert measure(episode, ALWAYS).resolution == Lasted(HOUR, HOUR)


def test_automatic_mail_neither_starts_a_clock_nor_stops_a_pause_nor_reopens() -> None:
    story = Story().asks("09:00", automatic=True)
    assert only(story).began_at is None
    story.asks("10:00").answers("10:10", then="waiting").asks("10:20", automatic=True).becomes("resolved", "11:00")
    episode = only(story.asks("12:00", automatic=True))
    assert episode.began_at == at("10:00")
    assert episode.pauses == (Pause(at("10:10"), at("11:00")),)
    assert episode.messages == 1


def test_snoozing_pauses_the_resolution_and_not_the_answer() -> None:
    story = (
        Story().asks("10:00").becomes("snoozed", "10:10").wakes("12:10").answers("12:20").becomes("resolved", "12:30")
    )
    measured = measure(only(story), ALWAYS)
    assert measured.first == Lasted(140 * MINUTE, 140 * MINUTE)
    assert measured.resolution == Lasted(30 * MINUTE, 30 * MINUTE)


def test_waiting_then_snoozed_is_one_pause() -> None:
    story = Story().asks("10:00").answers("10:10", then="waiting").becomes("snoozed", "11:00").wakes("12:00")
    assert only(story).pauses == (Pause(at("10:10"), at("12:00")),)


def test_a_pause_across_closed_hours_counts_only_its_open_part() -> None:
    """Monday 16:00 to Tuesday 12:00 is 20 hours, 4 of them open; the pause of Monday 16:30 to Tuesday 10:00 has 1.5."""
    story = Story().asks("16:00").answers("16:30", then="waiting").asks("2026-03-03 10:00")
    story.answers("2026-03-03 10:30").becomes("resolved", "2026-03-03 12:00")
    measured = measure(only(story), NINE_TO_FIVE)
    assert measured.paused == Lasted(17.5 * HOUR, 1.5 * HOUR)
    assert measured.resolution == Lasted(2.5 * HOUR, 2.5 * HOUR)
    assert measured.first == Lasted(30 * MINUTE, 30 * MINUTE)


def test_a_question_at_night_waits_no_business_time_until_the_morning() -> None:
    episode = only(Story().asks("2026-03-06 22:00").answers("2026-03-09 09:15"))
    assert measure(episode, NINE_TO_FIVE).first == Lasted(59.25 * HOUR, 15 * MINUTE)


def test_an_answer_across_the_spring_change() -> None:
    """Saturday 28 March 23:00 to Sunday 11:00 is 11 hours, because the clock skips one."""
    episode = only(Story().asks("2026-03-28 23:00").answers("2026-03-29 11:00"))
    assert measure(episode, ALWAYS).first == Lasted(11 * HOUR, 11 * HOUR)


def test_a_resolve_without_an_answer_leaves_no_response_time() -> None:
    episode = only(Story().asks("10:00").becomes("resolved", "10:30"))
    assert turns(episode) == ((at("10:00"), None, ""),)
    measured = measure(episode, ALWAYS)
    assert (measured.first, measured.turns) == (None, (None,))
    assert measured.resolution == Lasted(30 * MINUTE, 30 * MINUTE)


def test_two_reopenings_make_three_episodes() -> None:
    story = Story().asks("10:00").answers("10:10").becomes("resolved", "10:20")
    story.asks("11:00").answers("11:30").becomes("resolved", "12:00")
    story.asks("13:00").answers("13:01").becomes("resolved", "13:30")
    episodes = fold(story.facts)
    assert [(one.ordinal, one.began_at, one.is_reopening) for one in episodes] == [
        (1, at("10:00"), False),
        (2, at("11:00"), True),
        (3, at("13:00"), True),
    ]
    assert [measure(one, ALWAYS).first for one in episodes] == [
        Lasted(10 * MINUTE, 10 * MINUTE),
        Lasted(30 * MINUTE, 30 * MINUTE),
        Lasted(MINUTE, MINUTE),
    ]
    assert [measure(one, ALWAYS).resolution for one in episodes] == [
        Lasted(20 * MINUTE, 20 * MINUTE),
        Lasted(60 * MINUTE, 60 * MINUTE),
        Lasted(30 * MINUTE, 30 * MINUTE),
    ]


def test_reopened_twice_without_a_resolve_between_is_one_episode() -> None:
    story = Story().asks("10:00").answers("10:10").becomes("resolved", "10:20")
    story.becomes("reopened", "11:00").becomes("reopened", "11:01").asks("11:30")
    episodes = fold(story.facts)
    assert [(one.ordinal, one.opened_at, one.began_at) for one in episodes] == [
        (1, at("10:00"), at("10:00")),
        (2, at("11:00"), at("11:30")),
    ]


def test_an_agents_reopening_has_no_clock_until_the_customer_writes() -> None:
    story = Story().asks("10:00").answers("10:10").becomes("resolved", "10:20")
    story.becomes("reopened", "11:00").answers("11:10").becomes("resolved", "11:20")
    second = fold(story.facts)[1]
    assert (second.began_at, second.replies) == (None, 1)
    assert measure(second, ALWAYS).resolution is None


def test_a_message_dated_before_the_resolve_it_crossed_waits_from_the_reopening() -> None:
    story = Story().asks("10:00").answers("10:10").becomes("resolved", "10:30")
    story.add(fact_names.MESSAGE_RECEIVED, "10:29", ADA, status="open", message=77, automatic=False)
    story.add(fact_names.CONVERSATION_REOPENED, "10:31", ADA, status="open")
    first, second = fold(story.facts)
    assert first.ended_at == at("10:30")
    assert (second.began_at, second.messages) == (at("10:31"), 0)


def test_spam_has_no_episodes_and_what_was_not_spam_has_all() -> None:
    story = Story().asks("10:00").add(fact_names.CONVERSATION_MARKED_AS_SPAM, "10:05", INES)
    assert fold(story.facts) == []
    story.add(fact_names.CONVERSATION_NOT_SPAM, "10:30", INES).answers("10:40")
    assert turns(only(story)) == ((at("10:00"), at("10:40"), INES),)


def test_a_merge_joins_the_waiting_from_whichever_waited_longer() -> None:
    kept, other = Story(1).asks("10:30"), Story(2).asks("10:00")
    kept.takes_in(other, "10:45").answers("11:00").becomes("resolved", "11:30")
    one, two = fold([*kept.facts, *other.facts])
    assert (one.conversation_id, one.began_at, one.messages) == (1, at("10:00"), 2)
    assert measure(one, ALWAYS).first == Lasted(HOUR, HOUR)
    assert measure(one, ALWAYS).resolution == Lasted(1.5 * HOUR, 1.5 * HOUR)
    assert (two.ending, two.ended_at) == ("merged", at("10:45"))
    assert measure(two, ALWAYS).resolution is None


def test_a_merge_leaves_past_episodes_where_they_are() -> None:
    other = Story(2).asks("09:00").answers("09:05").becomes("resolved", "09:10")
    kept = Story(1).asks("10:00").takes_in(other, "10:10").answers("10:20")
    episodes = fold([*kept.facts, *other.facts])
    assert [(one.conversation_id, one.began_at, one.ending) for one in episodes] == [
        (1, at("10:00"), ""),
        (2, at("09:00"), "resolved"),
    ]


def test_a_merge_into_a_resolved_conversation_goes_on_in_it_when_that_opens_it() -> None:
    kept = Story(1).asks("09:00").answers("09:05").becomes("resolved", "09:10")
    other = Story(2).asks("10:00")
    kept.takes_in(other, "10:10").becomes("reopened", "10:10").answers("10:20")
    assert [(one.conversation_id, one.ordinal, one.began_at) for one in fold([*kept.facts, *other.facts])] == [
        (1, 1, at("09:00")),
        (1, 2, at("10:00")),
        (2, 1, at("10:00")),
    ]


def test_a_merge_taken_back_never_happened() -> None:
    kept, other = Story(1).asks("10:30"), Story(2).asks("10:00")
    kept.takes_in(other, "10:45", undone="10:50").answers("11:00")
    other.answers("11:10")
    assert [(one.conversation_id, turns(one)) for one in fold([*kept.facts, *other.facts])] == [
        (1, ((at("10:30"), at("11:00"), INES),)),
        (2, ((at("10:00"), at("11:10"), INES),)),
    ]


def test_an_undo_told_where_the_conversation_went_on_takes_back_its_own_merge() -> None:
    first, second, third = Story(1).asks("10:00"), Story(2).asks("10:10"), Story(3).asks("10:20")
    second.takes_in(first, "10:30")
    third.takes_in(second, "10:40").add(fact_names.CONVERSATION_MERGE_UNDONE, "10:50", INES, merged=1)
    facts = [*first.facts, *second.facts, *third.facts]
    assert [(one.conversation_id, one.began_at) for one in fold(facts) if not one.ending] == [
        (1, at("10:00")),
        (3, at("10:10")),
    ]


def test_a_chain_of_merges_ends_in_one() -> None:
    first, second, third = Story(1).asks("10:00"), Story(2).asks("10:10"), Story(3).asks("10:20")
    second.takes_in(first, "10:30")
    third.takes_in(second, "10:40").answers("11:00")
    facts = [*first.facts, *second.facts, *third.facts]
    running = [one for one in fold(facts) if not one.ending]
    assert [(one.conversation_id, one.began_at, one.messages) for one in running] == [(3, at("10:00"), 3)]


def test_what_was_split_off_takes_its_messages_along() -> None:
    old = Story(1).asks("10:00").asks("10:20").answers("10:30")
    moved = old.facts[2].properties["message"]
    new = Story(2).add(fact_names.CONVERSATION_SPLIT, "10:40", INES, status="open", split_from=1, messages=[moved])
    new.answers("11:00", BO)
    assert [(one.conversation_id, turns(one)) for one in fold([*old.facts, *new.facts])] == [
        (1, ((at("10:00"), at("10:30"), INES),)),
        (2, ((at("10:20"), at("11:00"), BO),)),
    ]


def test_a_reply_that_leaves_after_the_resolve_it_came_with_is_its_answer() -> None:
    story = Story().asks("10:00").becomes("resolved", "10:20").answers("10:20")
    assert turns(only(story)) == ((at("10:00"), at("10:20"), INES),)
    later = Story().asks("10:00").becomes("resolved", "10:20").answers("18:00")
    assert turns(only(later)) == ((at("10:00"), at("18:00"), INES),)
    assert only(later).ended_at == at("10:20")


def test_a_turn_remembers_how_it_stood_at_the_answer() -> None:
    story = Story().asks("10:00").becomes_priority(1, "10:05").answers("10:10").becomes_priority(4, "10:15")
    episode = only(story.asks("10:20").goes_to("10:25", team=7))
    assert [(turn.standing.priority, turn.standing.team_id) for turn in episode.turns] == [(1, None), (4, 7)]


def test_an_episode_remembers_how_it_stood_at_its_end() -> None:
    story = Story().asks("10:00").goes_to("10:05", team=2, agent=3).becomes_priority(1, "10:06")
    story.add(fact_names.CONVERSATION_LABELLED, "10:07", INES, label="refund").becomes("resolved", "10:30")
    story.goes_to("11:00", team=5, agent=4).asks("12:00")
    first, second = fold(story.facts)
    assert (first.standing.team_id, first.standing.agent_id, first.standing.priority) == (2, 3, 1)
    assert (second.standing.team_id, second.standing.agent_id) == (5, 4)
    assert first.standing.labels == second.standing.labels == {"refund"}


def test_the_order_in_which_conversations_are_read_does_not_matter() -> None:
    one, two, three = Story(1).asks("10:00"), Story(2).asks("10:10"), Story(3).asks("10:20").answers("10:25")
    one.takes_in(two, "10:30").answers("10:40")
    stories = (one.facts, two.facts, three.facts)
    folded = [fold([fact for facts in order for fact in facts]) for order in permutations(stories)]
    assert all(episodes == folded[0] for episodes in folded)


def last_message(story: Story) -> int:
    return next(fact.properties["message"] for fact in reversed(story.facts) if fact.name == fact_names.REPLY_SENT)


def test_an_answer_that_did_not_arrive_answered_nobody() -> None:
    story = Story().asks("10:00").answers("10:20", then="waiting")
    story.add(fact_names.MESSAGE_NOT_DELIVERED, "10:25", "system", message=last_message(story), outcome="failed")
    story.becomes("open", "10:25", "system")
    episode = only(story)
    assert turns(episode) == ((at("10:00"), None, ""),)
    assert (episode.replies, episode.pauses) == (0, (Pause(at("10:20"), at("10:25")),))
    assert turns(only(story.answers("11:00"))) == ((at("10:00"), at("11:00"), INES),)


def test_sent_again_it_answers_from_then_on() -> None:
    story = Story().asks("10:00").answers("10:20")
    told = {"message": last_message(story)}
    story.add(fact_names.MESSAGE_NOT_DELIVERED, "10:25", "system", outcome="failed", **told)
    story.add(fact_names.MESSAGE_SENT_AGAIN, "10:40", BO, **told)
    assert turns(only(story)) == ((at("10:00"), at("10:40"), INES),)
    story.add(fact_names.MESSAGE_NOT_DELIVERED, "10:45", "system", outcome="failed", **told)
    assert turns(only(story)) == ((at("10:00"), None, ""),)


def test_what_may_have_arrived_or_reached_others_still_answers() -> None:
    for outcome in ("unknown", "sent"):
        story = Story().asks("10:00").answers("10:20")
        story.add(fact_names.MESSAGE_NOT_DELIVERED, "10:25", "system", message=last_message(story), outcome=outcome)
        assert turns(only(story)) == ((at("10:00"), at("10:20"), INES),)


def test_an_answer_that_comes_back_after_the_resolve_leaves_its_episode_unanswered_and_begins_another() -> None:
    story = Story().asks("10:00").answers("10:20", then="resolved")
    story.add(fact_names.MESSAGE_NOT_DELIVERED, "12:00", "system", message=last_message(story), outcome="failed")
    first, second = fold(story.becomes("reopened", "12:00", "system").answers("12:30").facts)
    assert (turns(first), first.ending) == (((at("10:00"), None, ""),), "resolved")
    assert (turns(second), second.messages) == (((at("12:00"), at("12:30"), INES),), 0)
