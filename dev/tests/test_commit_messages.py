"""Rules of commit messages."""

import pytest

from dev.commit_messages import faults

BODY = "\n\nThe old name made readers look in the wrong module.\n"


@pytest.mark.parametrize(
    "message",
    [
        f"Move every module into its room{BODY}",
        f"Address reviews of the upload page{BODY}",
        f"Need a password to change the e-mail{BODY}",
        f"{'Add ' + 'x' * 68}{BODY}",
        "Merge branch 'house-a'",
        f"Name the subject{BODY}# a line that Git removes",
    ],
)
def test_good_messages_pass(message: str) -> None:
    assert list(faults(message)) == []


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        ("", "The message is empty."),
        ("# only a comment", "The message is empty."),
        (f"{'Add ' + 'x' * 69}{BODY}", "The subject has 73 characters; 72 are the most."),
        (f"Add a name.{BODY}", "The subject ends without a full stop."),
        ("Add a name", "A body says why the change is made."),
        ("Add a name\nas readers look for it here", "An empty line separates the subject from"),
    ],
)
def test_each_rule_is_checked(message: str, fault: str) -> None:
    found = list(faults(message))
    assert len(found) == 1
    assert found[0].startswith(fault)


@pytest.mark.parametrize("first", ["add", "The", "Added", "Adding", "Adds", "What", "More"])
def test_subjects_start_with_an_imperative(first: str) -> None:
    assert list(faults(f"{first} a name{BODY}")) == [
        f"The subject starts with an imperative verb in upper case, not with {first!r}."
    ]
