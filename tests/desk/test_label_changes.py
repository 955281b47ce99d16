"""Labels renamed, recoloured and taken away, with whatever names them."""

import pytest

from regulars.accounts.models import Agent, AuditEntry
from regulars.desk.actions import episodes, label_changes, labels, macros, rules, seats, views
from regulars.desk.errors import LabelInUse, LabelNameTaken, LabelNotUsable, NoSuchLabel
from regulars.desk.models import Conversation, Episode, Label, Macro, Rule, Seat, View
from regulars.desk.selectors import label_uses, listing
from regulars.desk.selectors.label_uses import Use
from regulars.kernel.actors import SYSTEM
from regulars.kernel.errors import NotAllowed
from tests.desk.cast import make_agent

pytestmark = pytest.mark.django_db
LATE = [{"deed": "label", "value": "late"}]


@pytest.fixture
def late(question: Conversation) -> Label:
    return labels.put(question.pk, "Late", by=SYSTEM)


def asking(label: Label) -> dict[str, object]:
    return {"all": [{"not": {"field": "label", "is": "in", "value": [label.pk]}}]}


def write(label: Label) -> Rule:
    return rules.write("Parcels", triggers=["started"], tree=asking(label), done=LATE, by=SYSTEM)


def test_another_name_is_read_everywhere_and_deeds_and_skills_follow(
    question: Conversation, late: Label, ines: Agent
) -> None:
    rule, macro = write(late), macros.write("Sorry", "", done=LATE, by=SYSTEM)
    seats.set_up(ines.pk, capacity=5, skills=["Late", "de"], by=SYSTEM)
    label_changes.change(late.pk, name="  Too   late ", hue=30, by=SYSTEM)
    (row,) = listing.in_this_order([question.pk], by=ines.actor)
    assert row.worn == [("Too late", 30)]  # type: ignore[attr-defined]  # put on by the listing
    rule.refresh_from_db()
    assert rule.deeds == [{"deed": "label", "value": "Too late"}]
    assert Macro.objects.get(pk=macro.pk).deeds == [{"deed": "label", "value": "Too late"}]
    assert Seat.objects.get(agent=ines).skills == ["de", "Too late"]
    assert rule.conditions == asking(late)
    assert AuditEntry.objects.get(verb="label changed").details == {
        "name": "Too late", "from": "Late", "to": "Too late",
    }  # fmt: skip


def test_what_is_counted_goes_on_under_the_new_name_and_ends_with_it(question: Conversation, late: Label) -> None:
    label_changes.change(late.pk, name="Delayed", by=SYSTEM)
    episodes.refold([question.pk])
    assert Episode.objects.get(conversation=question).labels == ["Delayed"]
    labels.take_off(question.pk, late.pk, by=SYSTEM)
    episodes.refold([question.pk])
    assert Episode.objects.get(conversation=question).labels == []


def test_a_name_another_label_has_is_refused_whatever_its_case(late: Label) -> None:
    labels.find_or_make("Refund")
    with pytest.raises(LabelNameTaken):
        label_changes.change(late.pk, name="REFUND", by=SYSTEM)
    for wrong in ("", "x" * 61, "a\x00b"):
        with pytest.raises(LabelNotUsable):
            label_changes.change(late.pk, name=wrong, by=SYSTEM)
    assert sorted(Label.objects.values_list("name", flat=True)) == ["Late", "Refund"]
    assert label_changes.change(late.pk, name="LATE", by=SYSTEM).name == "LATE"


def test_whatever_names_a_label_is_told(late: Label, ines: Agent, bo: Agent) -> None:
    rule, view = write(late), views.create("Late ones", tree=asking(late), is_shared=True, by=SYSTEM)
    views.create("Mine", tree=asking(late), is_shared=False, by=bo.actor)
    assert label_uses.uses(late, by=ines.actor) == [
        Use("rule", "Parcels", rule.pk, puts_on=True),
        Use("view", "Late ones", view.pk),
        Use("view", ""),
    ]
    assert label_uses.borne() == {late.pk: 1}


def test_a_label_is_taken_off_and_away_and_may_begin_anew(question: Conversation, late: Label) -> None:
    views.create("Late ones", tree=asking(late), is_shared=True, by=SYSTEM)
    assert label_changes.remove(late.pk, by=SYSTEM) == 1
    assert not question.labels.exists()
    assert View.objects.count() == 1
    episodes.refold([question.pk])
    assert Episode.objects.get(conversation=question).labels == []
    assert AuditEntry.objects.get(verb="label removed").details == {"name": "Late"}
    with pytest.raises(NoSuchLabel):
        label_changes.remove(late.pk, by=SYSTEM)
    assert labels.put(question.pk, "Late", by=SYSTEM).pk != late.pk


def test_a_label_a_rule_puts_on_stays_until_the_rule_does_not(question: Conversation, late: Label) -> None:
    write(late)
    with pytest.raises(LabelInUse, match="Parcels"):
        label_changes.remove(late.pk, by=SYSTEM)
    assert question.labels.get() == late


def test_only_who_looks_after_the_desk_changes_labels(late: Label, ines: Agent) -> None:
    with pytest.raises(NotAllowed):
        label_changes.change(late.pk, name="Other", by=ines.actor)
    with pytest.raises(NotAllowed):
        label_changes.remove(late.pk, by=ines.actor)
    with pytest.raises(NotAllowed):
        label_changes.make("New", hue=30, by=ines.actor)
    assert Label.objects.get().name == "Late"
    assert label_changes.change(late.pk, hue=75, by=make_agent("Jonas", role="manager").actor).hue == 75
