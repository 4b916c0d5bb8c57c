"""A verdict in words: the one card that answers "is this genuine?"."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.foundation.words import N_
from app.grants.letter import partner_name
from app.grants.models import Grant, SubGrant
from app.grants.record import Record
from app.letters.verdict import CheckName, Issued, Judgment, Verdict
from app.rules.grant_days import NOT_YET
from app.rules.workflow import GrantState, SubGrantState
from app.web.answers import told
from app.web.words import day


@dataclass(frozen=True)
class Card:
    """What the card shows: its tone, title, sentence and facts, and the six checks below it."""

    tone: str
    title: str
    sentence: str
    facts: tuple[tuple[str, str | Markup], ...]
    checks: tuple[tuple[str, bool | None], ...] = ()


_TITLES: dict[Verdict, tuple[str, str]] = {
    Verdict.IN_FORCE: ("ok", N_("Genuine, and in force")),
    Verdict.NO_LONGER_IN_FORCE: ("off", N_("Genuine, but no longer in force")),
    Verdict.ALTERED: ("bad", N_("Altered after signing")),
    Verdict.NOT_ISSUED: ("bad", N_("Not issued by us")),
    Verdict.UNVERIFIABLE: ("bad", N_("Cannot be verified")),
}
# Why a genuine letter gives no right now, by the grant's status.
_ENDED: dict[str, str] = {
    GrantState.REVOKED.value: N_("The grant was revoked on %(day)s. Do not rely on this letter."),
    GrantState.SUSPENDED.value: N_(
        "The grant has been suspended since %(day)s. Do not rely on this letter until that is lifted."
    ),
    GrantState.EXPIRED.value: N_("The grant ended by itself; it has been over since %(day)s."),
    GrantState.CLOSED.value: N_("The use was closed in good order on %(day)s."),
    GrantState.CLOSING.value: N_("The member ended the use on %(day)s. Do not rely on this letter."),
    SubGrantState.ENDED.value: N_("The hand-over ended on %(day)s. Do not rely on this letter."),
    GrantState.REPLACED.value: N_("A newer grant stands in its place since %(day)s. Do not rely on this letter."),
    NOT_YET: N_("The grant begins on %(day)s. Until then it gives no right."),
}
_ENDED_OTHERWISE = N_("It has not been in force since %(day)s.")
_NOT_YET_TITLE = N_("Genuine, but not yet in force")


def card_for_file(judgment: Judgment, record: Record | None) -> Card:
    """The card for a file that somebody brought."""
    tone, title = _TITLES[judgment.verdict]
    if judgment.issued is not None and judgment.issued.status == NOT_YET and tone == "off":
        title = _NOT_YET_TITLE
    return Card(
        tone,
        told(title),
        _sentence(judgment, record),
        _facts(judgment, record),
        tuple((told(check.words), check.passed) for check in judgment.checks),
    )


def card_for_code(record: Record, issued: Issued, grant: Grant) -> Card:
    """The card for a number with the right code; the paper itself was not compared."""
    verdict = Verdict.IN_FORCE if issued.gives_right else Verdict.NO_LONGER_IN_FORCE
    tone, title = _TITLES[verdict]
    if issued.status == NOT_YET:
        title = _NOT_YET_TITLE
    sentence = (
        _(
            "Issued by the %(name)s on %(day)s. Compare the paper with what stands here.",
            name=record.consortium,
            day=day(grant.issued_at),
        )
        if issued.gives_right
        else _why(issued)
    )
    facts = [*_of_grant(record, issued), (_("Datasets"), ", ".join(d.title for d in record.datasets))]
    return Card(tone, told(title), sentence, tuple(facts))


def card_for_subgrant(row: SubGrant, issued: Issued) -> Card:
    """The card for a hand-over's number with the right code."""
    tone, title = _TITLES[Verdict.IN_FORCE if issued.gives_right else Verdict.NO_LONGER_IN_FORCE]
    above = Markup('<a href="{}"><span class="op-id">{}</span></a>').format(
        url_for("grants.register_entry", number=row.grant.number), row.grant.number
    )
    facts: list[tuple[str, str | Markup]] = [
        (_("Hand-over"), row.number),
        (_("Under grant"), above),
        (_("To"), row.organization_name),
        (_("In force"), _("%(start)s to %(end)s", start=day(row.starts_on), end=day(row.ends_on))),
        (_("Datasets"), ", ".join(row.datasets)),
    ]
    if not issued.gives_right and issued.reason:
        facts.append((_("Why"), issued.reason))
    sentence = (
        _("It ends with its grant. Compare the paper with what stands here.") if issued.gives_right else _why(issued)
    )
    return Card(tone, told(title), sentence, tuple(facts))


def card_for_wrong_code() -> Card:
    """The same words for a wrong code and for a number that does not exist."""
    return Card(
        "bad",
        _("Cannot be verified"),
        _("There is no letter with this number and code. Check both on the paper, or verify the PDF itself."),
        ((_("Do this"), _link(url_for("grants.verify"), _("Verify a file"))),),
    )


def _sentence(judgment: Judgment, record: Record | None) -> str:
    match judgment.verdict:
        case Verdict.IN_FORCE if record is not None:
            return _(
                "Issued by the %(name)s on %(day)s. Not one byte differs.",
                name=record.consortium,
                day=day(record.issued_at),
            )
        case Verdict.IN_FORCE:
            return _("Sealed by the consortium. Not one byte differs.")
        case Verdict.NO_LONGER_IN_FORCE:
            return _why(judgment.issued)
        case Verdict.ALTERED if judgment.number:
            return _(
                "This file names %(number)s, but differs from the letter that we issued. Do not rely on it.",
                number=judgment.number,
            )
        case Verdict.ALTERED:
            return _("This file carries our seal, but differs from every letter that we issued. Do not rely on it.")
        case Verdict.NOT_ISSUED:
            return _("Nothing in this file comes from us. If it claims to be a grant letter, do not rely on it.")
        case _:
            return told(judgment.problem or "")


def _why(issued: Issued | None) -> str:
    if issued is None:
        return ""
    return told(_ENDED.get(issued.status, _ENDED_OTHERWISE)) % {"day": day(issued.since)}


def _facts(judgment: Judgment, record: Record | None) -> tuple[tuple[str, str | Markup], ...]:
    facts: list[tuple[str, str | Markup]] = []
    if record is not None and judgment.issued is not None:
        facts += _of_grant(record, judgment.issued)
    elif judgment.verdict in (Verdict.IN_FORCE, Verdict.NO_LONGER_IN_FORCE):
        facts.append((_("Document"), judgment.number or ""))
        if judgment.issued is not None and judgment.issued.ends_on is not None:
            facts.append((_("Last day"), day(judgment.issued.ends_on)))
    if judgment.verdict is Verdict.ALTERED:
        facts.append((_("What differs"), _difference(judgment)))
        facts.append((_("Do this"), _remedy(judgment)))
    if judgment.verdict is Verdict.UNVERIFIABLE:
        facts.append((_("Do this"), _("Ask for the letter as it was issued, or type its number and code.")))
    if judgment.verdict is Verdict.NOT_ISSUED:
        facts.append(
            (
                _("Do this"),
                Markup("{} {}").format(
                    _("Look for the grant in the"), _link(url_for("grants.register"), _("register of grants"))
                ),
            )
        )
    facts.append((_("Checked"), _("%(passed)s of 6 checks hold", passed=judgment.passed)))
    return tuple(facts)


def _of_grant(record: Record, issued: Issued) -> list[tuple[str, str | Markup]]:
    number = Markup('<a href="{}"><span class="op-id">{}</span></a> {}').format(
        url_for("grants.register_entry", number=record.number), record.number, record.title
    )
    last = min(issued.ends_on or record.ends_on, record.ends_on)
    facts: list[tuple[str, str | Markup]] = [
        (_("Grant"), number),
        (_("From, to"), _("%(partner)s to %(member)s", partner=partner_name(record), member=record.member.name)),
        (_("In force"), _("%(start)s to %(end)s", start=day(record.starts_on), end=day(last))),
    ]
    if last < record.ends_on:
        why = _("The letter says %(day)s; the data partner has left the agreement since.", day=day(record.ends_on))
        facts.append((_("Ends earlier"), why))
    if issued.successor:
        href = url_for("grants.register_entry", number=issued.successor)
        newer = Markup('<a href="{}"><span class="op-id">{}</span></a>').format(href, issued.successor)
        facts.append((_("Replaced by"), newer))
    if not issued.gives_right and issued.reason:
        facts.append((_("Why"), issued.reason))
    return facts


def _difference(judgment: Judgment) -> str:
    if judgment.bytes_after_seal:
        return _("%(count)s bytes were added after the seal", count=judgment.bytes_after_seal)
    broken = {check.name for check in judgment.checks if check.passed is False}
    if judgment.problem:
        return told(judgment.problem)
    if CheckName.SIGNATURE in broken:
        return _("What was sealed was changed, or the seal is missing")
    return _("Bytes that the seal does not cover were changed")


def _remedy(judgment: Judgment) -> str | Markup:
    if not judgment.number:
        return _("Ask the sender for the original")
    link = _link(
        url_for("grants.register_entry", number=judgment.number),
        _("public record of %(number)s", number=judgment.number),
    )
    return Markup("{} {}, {}").format(_("Open the"), link, _("or ask the sender for the original"))


def _link(href: str, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(href, text)
