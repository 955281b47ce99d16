"""What was written now, in the languages and programs people write with; nothing of a mail is lost."""

from __future__ import annotations

import pytest

from regulars.channels.email.understanding.quotes import fold

from .mails import read

INTRODUCTIONS = [
    "On Tue, 3 Mar 2026 at 10:15, Ada Lovelace <ada@example.org> wrote:",
    "On Mar 3, 2026, at 10:15 AM, Ada Lovelace wrote:",
    "Am Di., 3. März 2026 um 10:15 Uhr schrieb Ada Lovelace <ada@example.org>:",
    "Am 03.03.26 um 10:15 schrieb Ada Lovelace:",
    "Ada Lovelace <ada@example.org> schrieb am Di., 3. März 2026, 10:15:",
    "Le mar. 3 mars 2026 à 10:15, Ada Lovelace <ada@example.org> a écrit :",
    "El mar, 3 mar 2026 a las 10:15, Ada Lovelace (<ada@example.org>) escribió:",
    "Em ter., 3 de mar. de 2026 às 10:15, Ada Lovelace <ada@example.org> escreveu:",
    "Il giorno mar 3 mar 2026 alle ore 10:15 Ada Lovelace <ada@example.org> ha scritto:",
    "Op di 3 mrt 2026 om 10:15 schreef Ada Lovelace <ada@example.org>:",
    "wt., 3 mar 2026 o 10:15 Ada Lovelace <ada@example.org> napisał(a):",
    "W dniu 3.03.2026 o 10:15, Ada Lovelace pisze:",
    "Den tis 3 mars 2026 kl 10:15 skrev Ada Lovelace <ada@example.org>:",
    "tir. 3. mar. 2026 kl. 10:15 skrev Ada Lovelace <ada@example.org>:",
    "ti 3. maalisk. 2026 klo 10.15 Ada Lovelace (ada@example.org) kirjoitti:",
    "вт, 3 мар. 2026 г. в 10:15, Ada Lovelace <ada@example.org>:",
    "2026年3月3日(火) 10:15 Ada Lovelace <ada@example.org>:",
    "Ada Lovelace <ada@example.org> 于2026年3月3日周二 10:15写道：",
    "2026년 3월 3일 (화) 오전 10:15, Ada Lovelace <ada@example.org>님이 작성:",
    "---- On Tue, 03 Mar 2026 10:15:00 +0100 Ada Lovelace <ada@example.org> wrote ----",
    "2026-03-03 10:15 GMT+01:00 Ada Lovelace <ada@example.org>:",
    "Ada Lovelace wrote on 3/3/2026 10:15 AM:",
    "Op 3 mrt. 2026 om 10:15 heeft Ada Lovelace <ada@example.org> het volgende geschreven:",
    "Wiadomość napisana przez Ada Lovelace <ada@example.org> w dniu 03.03.2026, o godz. 10:15:",
    "Vào Th 3, 3 thg 3, 2026 vào lúc 10:15 Ada Lovelace <ada@example.org> đã viết:",
    "Pada tanggal Sel, 3 Mar 2026 pukul 10.15 Ada Lovelace <ada@example.org> menulis:",
    "вт, 3 бер. 2026 р. о 10:15 Ada Lovelace <ada@example.org> пише:",
    "‫בתאריך יום ג׳, 3 במרץ 2026 ב-10:15 מאת ‪Ada‬‏ <‪ada@example.org‬‏>:‬",
]
BLOCKS = [
    "________________________________\nFrom: Ada <ada@example.org>\nSent: March 3, 2026\nTo: Shop\nSubject: Tea",
    "Von: Ada\nGesendet: Dienstag, 3. März 2026 10:15\nAn: Shop\nBetreff: AW: Tee",
    "De : Ada\nEnvoyé : mardi 3 mars 2026 10:15\nÀ : Shop\nObjet : Re: Thé",
    "De: Ada\nEnviado el: martes, 3 de marzo de 2026 10:15\nPara: Shop\nAsunto: RE: Té",
    "De: Ada\nEnviada em: terça-feira, 3 de março de 2026 10:15\nPara: Shop\nAssunto: RES: Chá",
    "Da: Ada\nInviato: martedì 3 marzo 2026 10:15\nA: Shop\nOggetto: R: Tè",
    "Van: Ada\nVerzonden: dinsdag 3 maart 2026 10:15\nAan: Shop\nOnderwerp: RE: Thee",
    "Od: Ada\nWysłano: wtorek, 3 marca 2026 10:15\nDo: Shop\nTemat: RE: Herbata",
    "Från: Ada\nSkickat: den 3 mars 2026 10:15\nTill: Shop\nÄmne: Sv: Te",
    "发件人: Ada\n发送时间: 2026年3月3日 10:15\n收件人: Shop\n主题: 回复: 茶",
    "差出人: Ada\n送信日時: 2026年3月3日 10:15\n宛先: Shop\n件名: RE: お茶",
    "*From:* Ada <ada@example.org>\n*Date:* Tuesday, March 3, 2026\n*To:* Shop\n*Subject:* Tea",
    "From: Ada\nDate: 3 Mar 2026\nTo: Shop <a@b.c>, Other\n <c@d.e>, Third <f@g.h>\nCc: x\nSubject: Tea",
]
MARKED = [
    "-----Original Message-----\nFrom: Ada\nSent: Tuesday\nTo: Shop\nSubject: Tea",
    "-----Ursprüngliche Nachricht-----\nVon: Ada",
    "-------- Original-Nachricht --------\nBetreff: Tee",
    "-----Message d'origine-----\nDe : Ada",
    "------------------ Original ------------------\nFrom: Ada",
    "##- Please type your reply above this line -##\nYour conversation was answered",
    "To: Shop\nFrom: Ada\nDate: 3 Mar 2026\nSubject: Tea",
]
FORWARDS = [
    "---------- Forwarded message ---------\nFrom: Ada <ada@example.org>\nSubject: Tea",
    "Begin forwarded message:",
    "-------- Weitergeleitete Nachricht --------\nBetreff: Tee",
    "Anfang der weitergeleiteten Nachricht:",
    "---------- Messaggio inoltrato ---------",
    "---------- Mensaje reenviado ---------",
]
MACHINES = [
    "Sent from my iPhone", "Von meinem iPhone gesendet", "Gesendet von meinem iPad", "Envoyé de mon iPhone",
    "Enviado desde mi iPhone", "Enviado do meu iPhone", "Inviato da iPhone", "Verstuurd vanaf mijn iPhone",
    "Wysłane z iPhone'a", "Skickat från min iPhone", "Sendt fra min iPhone", "iPhoneから送信", "发自我的iPhone",
    "Отправлено с iPhone", "Get Outlook for iOS<https://aka.ms/o0ukef>", "Holen Sie sich Outlook für iOS",
    "Sent from Mail for Windows", "Sent with Proton Mail secure email.", "Sent from Yahoo Mail on Android",
    "Diese Nachricht wurde von meinem Android Mobiltelefon mit GMX Mail gesendet.",
]  # fmt: skip


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
@pytest.mark.parametrize("quoted", ["> My words\n> of then", "My words\nof then"])
def test_what_is_introduced_as_a_quote_is_folded(introduction: str, quoted: str) -> None:
    seen = fold(f"Thank you.\n\nBo\n\n{introduction}\n\n{quoted}\n")

    assert (seen.visible, seen.quoted) == ("Thank you.\n\nBo", f"{introduction}\n\n{quoted}")


@pytest.mark.parametrize("introduction", [one for one in INTRODUCTIONS if " <ada" in one])
def test_an_introduction_may_be_wrapped_before_the_address(introduction: str) -> None:
    wrapped = introduction.replace(" <ada", "\n<ada")

    assert fold(f"Thank you.\n\n{wrapped}\n\n> My words").visible == "Thank you."


@pytest.mark.parametrize("block", BLOCKS + MARKED)
def test_what_stands_below_the_headers_of_the_mail_before_is_folded(block: str) -> None:
    seen = fold(f"Thank you.\n\n{block}\n\nMy words\nof then", subject="Re: Tea")

    assert (seen.visible, seen.quoted) == ("Thank you.", f"{block}\n\nMy words\nof then")


@pytest.mark.parametrize("block", BLOCKS)
def test_what_somebody_forwards_is_what_they_send(block: str) -> None:
    text = f"Please see.\n\n{block}\n\nMy words\nof then"

    assert fold(text, subject="Fwd: Tea").visible == text
    assert fold(f"{block}\n\nMy words").visible == f"{block}\n\nMy words"


@pytest.mark.parametrize("forward", FORWARDS)
def test_a_forward_that_is_marked_stays_visible_with_its_quotes(forward: str) -> None:
    text = f"Please see.\n\n{forward}\n\nMy words\n> of then"

    seen = fold(text)

    assert (seen.visible, seen.quoted, seen.signature) == (text, "", "")


def test_the_signature_above_a_forward_is_folded() -> None:
    seen = fold("Please see.\n-- \nBo\nShop\n\n---------- Forwarded message ---------\nFrom: Ada\n\nMy words")

    assert seen.visible == "Please see.\n\n---------- Forwarded message ---------\nFrom: Ada\n\nMy words"
    assert seen.signature == "-- \nBo\nShop"


@pytest.mark.parametrize("line", MACHINES)
def test_what_a_telephone_adds_is_a_signature(line: str) -> None:
    seen = fold(f"Thank you.\n\n{line}\n\nOn Tue, 3 Mar 2026 at 10:15, Ada <ada@example.org> wrote:\n\n> My words")

    assert (seen.visible, seen.signature) == ("Thank you.", line)


def test_answers_between_quoted_lines_keep_their_order() -> None:
    text = "On 3 Mar 2026, Ada wrote:\n> One?\n\nYes.\n\n> Two?\n\nNo.\n\n> Three?\n>\n> Ada"

    seen = fold(text)

    assert seen.visible == "On 3 Mar 2026, Ada wrote:\n> One?\n\nYes.\n\n> Two?\n\nNo."
    assert seen.quoted == "> Three?\n>\n> Ada"


def test_an_answer_below_the_quote_leaves_the_quote_where_it_is() -> None:
    text = "> One?\n\nYes."

    assert fold(text).visible == text


def test_a_line_that_was_wrapped_off_a_quoted_one_is_quoted() -> None:
    long = "> this line of a quoted mail was just too long for somebody's"
    seen = fold(f"Yes.\n\nOn 3 Mar 2026, Ada wrote:\n{long}\nprogram\n> and went on")

    assert seen.visible == "Yes."


@pytest.mark.parametrize(
    "text",
    [
        "On Monday I wrote:\nplease help\nand you did not.",
        "I bought it on 3 March 2026 and the seller wrote:\nNo refunds.\nIs that right?",
        "Order: 5\nDate: 3 March 2026\nTo: Berlin\nWhat now?",
        "From: Berlin\nTo: Paris\nWhen does it leave?",
        "Sent from the warehouse in Berlin, but it never arrived, please check.",
        "It is -- as I said -- broken.",
        "- one\n- two",
        "Here is the log:\n---\nerror at 10:15\n---\nWhat does it mean?",
        "",
    ],
)
def test_ordinary_words_are_not_taken_for_quotes_or_signatures(text: str) -> None:
    seen = fold(text)

    assert (seen.visible, seen.quoted, seen.signature) == (text, "", "")


def test_a_mail_that_is_only_its_signature_is_shown() -> None:
    assert fold("-- \nAda").visible == "--\nAda"


def html(body: str, subject: str = "Re: Tea") -> tuple[str, str, str]:
    mail = read(body, kind="text/html; charset=utf-8", Subject=subject)
    return mail.visible_text, mail.quoted_text, mail.signature


def test_gmail_marks_its_quotes_in_any_language() -> None:
    body = (
        '<div>Thank you.</div><div class="gmail_quote"><div class="gmail_attr">Mo 3. 3. Ada sanoi näin<br></div>'
        '<blockquote class="gmail_quote"><div>My words</div></blockquote></div>'
    )

    assert html(body) == ("Thank you.", "Mo 3. 3. Ada sanoi näin\n\n> My words", "")


def test_outlook_marks_where_the_mail_before_begins() -> None:
    body = (
        '<p>Thank you.</p><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">Lähettäjä: Ada</div><p>My words</p>'
    )

    assert html(body) == ("Thank you.", "________________________________\nLähettäjä: Ada\n\nMy words", "")
    assert "My words" in html(body, subject="Fw: Tea")[0]


def test_thunderbird_answers_between_quotes_keep_their_order() -> None:
    body = (
        '<div class="moz-cite-prefix">Ada sa:<br></div><blockquote type="cite"><p>One?</p></blockquote><p>Yes.</p>'
        '<blockquote type="cite"><p>Two?</p></blockquote><p>No.</p><pre class="moz-signature">-- \nBo</pre>'
    )

    assert html(body) == ("Ada sa:\n\n> One?\n\nYes.\n\n> Two?\n\nNo.", "", "--\nBo")


def test_a_signature_that_html_marks_needs_no_dashes() -> None:
    body = '<div>Thank you.</div><br><div class="gmail_signature">Bo<br>Shop</div>'

    assert html(body) == ("Thank you.", "", "Bo\nShop")
