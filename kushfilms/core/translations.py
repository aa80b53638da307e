"""Texts of Django that viewers read, for Luganda, which Django does not translate.

No module imports this one: `make messages` finds the texts here.
"""

from django.utils.translation import gettext_noop, ngettext, npgettext

N = 2
TEXTS = (
    gettext_noop("January"),
    gettext_noop("February"),
    gettext_noop("March"),
    gettext_noop("April"),
    gettext_noop("May"),
    gettext_noop("June"),
    gettext_noop("July"),
    gettext_noop("August"),
    gettext_noop("September"),
    gettext_noop("October"),
    gettext_noop("November"),
    gettext_noop("December"),
    gettext_noop("now"),
    gettext_noop("%(delta)s ago"),
    npgettext("naturaltime-past", "%(num)d year", "%(num)d years", N),
    npgettext("naturaltime-past", "%(num)d month", "%(num)d months", N),
    npgettext("naturaltime-past", "%(num)d week", "%(num)d weeks", N),
    npgettext("naturaltime-past", "%(num)d day", "%(num)d days", N),
    ngettext("a second ago", "%(count)s seconds ago", N),
    ngettext("a minute ago", "%(count)s minutes ago", N),
    ngettext("an hour ago", "%(count)s hours ago", N),
    gettext_noop("This field is required."),
    gettext_noop("Enter a valid email address."),
    gettext_noop("Enter a whole number."),
    gettext_noop("Enter a valid date."),
    gettext_noop("Null characters are not allowed."),
    gettext_noop("No file was submitted."),
    gettext_noop("The submitted file is empty."),
    gettext_noop("This field cannot be blank."),
    gettext_noop("Select a valid choice. %(value)s is not one of the available choices."),
    gettext_noop("The password is too similar to the %(verbose_name)s."),
    gettext_noop("This password is too common."),
    ngettext(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        N,
    ),
    ngettext(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        N,
    ),
)
