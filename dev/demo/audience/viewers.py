"""Demo audience of forty-eight invented people, who cannot sign in."""

from django.utils.text import slugify

from accounts.models import User

# A reserved domain that receives no e-mail (RFC 2606). It also marks invented people.
DOMAIN = "viewers.kushfilms.invalid"
UNUSABLE = "!"  # Django's mark of an unusable password, without hashing
NAMES = (
    "Grace Akello", "Ronald Ssemakula", "Immaculate Nabirye", "Denis Okot", "Sharon Kyomugisha",
    "Isaac Wabwire", "Zainab Nakayiza", "Brian Tumusiime", "Lydia Adongo", "Moses Kiggundu",
    "Phiona Nakalema", "Samuel Opio", "Esther Namutebi", "Julius Byaruhanga", "Winnie Atim",
    "Hakim Lubega", "Judith Chebet", "Allan Mugisha", "Rehema Namusoke", "Patrick Odongo",
    "Doreen Ainembabazi", "Timothy Wanyama", "Sylvia Nantongo", "Emmanuel Drani", "Joan Kemigisa",
    "Abdul Kasozi", "Brenda Lamunu", "Geoffrey Mubiru", "Harriet Nandudu", "Kenneth Asiimwe",
    "Prossy Nakimuli", "Robert Etyang", "Agnes Birungi", "Swaibu Matovu", "Claire Apio",
    "Fred Musinguzi", "Norah Nagawa", "Simon Peter Emuron", "Viola Tusiime", "Charles Ocen",
    "Maria Nassali", "Derrick Baluku", "Ruth Anyango", "Ibrahim Waiswa", "Cissy Nalwoga",
    "Gilbert Kabuye", "Stella Acan", "Edgar Rwothomio",
)  # fmt: skip


def email_of(name: str) -> str:
    return f"{slugify(name).replace('-', '.')}@{DOMAIN}"


def viewers_there() -> dict[str, User]:
    """Return the viewers by name, and create missing ones; one query if none is missing.

    Their mailboxes are unconfirmed and they disable e-mail, so no e-mail is ever sent to them.
    """
    names = {email_of(name): name for name in NAMES}
    found = {user.email: user for user in User.objects.filter(email__in=names)}
    missing = {
        email: User(email=email, name=name, password=UNUSABLE, emailed_types=[])
        for email, name in names.items()
        if email not in found
    }
    if missing:
        User.objects.bulk_create(missing.values())
    return {names[email]: user for email, user in (found | missing).items()}
