"""What the forms library says when a form's author gave no sentence: in our words, and each with the way to mend it."""

from flask_babel import gettext, ngettext

from app.foundation.words import N_

# Its sentence → ours. A plural stands under its singular.
SENTENCES: dict[str, str] = {
    "This field is required.": N_("Answer this question."),
    "Not a valid choice.": N_("Choose one from the list."),
    "Invalid Choice: could not coerce.": N_("Choose one from the list."),
    "Invalid choice(s): one or more data inputs could not be coerced.": N_("Choose from the list only."),
    "'%(value)s' is not a valid choice for this field.": N_("Choose from the list only."),
    "Not a valid integer value.": N_("Enter a whole number, like 12."),
    "Not a valid decimal value.": N_("Enter a number, like 12.5."),
    "Not a valid float value.": N_("Enter a number, like 12.5."),
    "Not a valid date value.": N_("Enter a date, like 2027-03-14."),
    "Not a valid datetime value.": N_("Enter a day and a time, like 2027-03-14 09:30."),
    "Not a valid time value.": N_("Enter a time, like 09:30."),
    "Not a valid week value.": N_("Enter a week, like 2027-W11."),
    "Invalid email address.": N_("Enter an e-mail address, like name@example.org."),
    "Invalid URL.": N_("Enter a web address, like https://example.org."),
    "Invalid UUID.": N_("Enter the whole code, as it was given to you."),
    "Invalid IP address.": N_("Enter an IP address, like 192.0.2.1."),
    "Invalid Mac address.": N_("Enter a MAC address, like 00:00:5E:00:53:01."),
    "Invalid input.": N_("Enter it in the form that the hint shows."),
    "Invalid value, must be one of: %(values)s.": N_("Enter one of these: %(values)s."),
    "Invalid value, can't be any of: %(values)s.": N_("Enter something other than %(values)s."),
    "Field must be equal to %(other_name)s.": N_("Enter the same in both fields."),
    "Field must be at least %(min)d character long.": N_("Enter at least %(min)d characters."),
    "Field cannot be longer than %(max)d character.": N_("Shorten it to %(max)d characters."),
    "Field must be exactly %(max)d character long.": N_("Enter exactly %(max)d characters."),
    "Field must be between %(min)d and %(max)d characters long.": N_("Enter %(min)d to %(max)d characters."),
    "Number must be at least %(min)s.": N_("Enter %(min)s or more."),
    "Number must be at most %(max)s.": N_("Enter %(max)s or less."),
    "Number must be between %(min)s and %(max)s.": N_("Enter a number from %(min)s to %(max)s."),
    "Date must be at least %(min)s.": N_("Enter a date on or after %(min)s."),
    "Date must be at most %(max)s.": N_("Enter a date on or before %(max)s."),
    "Date must be between %(min)s and %(max)s.": N_("Enter a date from %(min)s to %(max)s."),
    "This field cannot be edited.": N_("This answer is fixed. Leave it as it was."),
    "This field is disabled and cannot have a value.": N_("Leave this field empty."),
    "File does not have an approved extension: {extensions}": N_("Choose a file that ends in {extensions}."),
    "File does not have an approved extension.": N_("Choose a file of another kind."),
}


class OwnSentences:
    """Stands where WTForms looks for its translations."""

    def gettext(self, sentence: str) -> str:
        """Our sentence for one of its, or a sentence that a form's author wrote, as it is."""
        own = SENTENCES.get(sentence)
        return str(gettext(own)) if own else sentence

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """The same for sentences with a number."""
        own = SENTENCES.get(singular)
        return self.gettext(singular) if own else str(ngettext(singular, plural, count))
