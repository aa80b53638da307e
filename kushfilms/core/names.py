"""Display names: one visible line that is not a link and does not imitate our staff."""

import re
import unicodedata

from django.utils.translation import gettext_noop

from kushfilms.core.errors import InvalidInput
from kushfilms.core.text import line_clean, seen_count

LONGEST_NAME = 120
# Dots of other scripts, which browsers and mail programs treat as the dot of a domain.
DOTS = str.maketrans("\u3002\uff61\uff0e\u2024", "....")
# Domain endings that programs turn into links, and those common in fraud.
TOP_LEVEL = (
    "africa|agency|ai|am|apk|app|art|at|au|be|bet|biz|blog|br|bz|ca|cam|cash|casino|cc|cf|cfd|ch"
    "|chat|click|cloud|club|cn|co|com|de|dev|digital|edu|email|es|eu|exchange|finance|fm|fr|free"
    "|fun|fund|ga|games|gg|gift|gifts|global|go|gov|gq|group|help|hk|host|icu|il|in|info|io|ir|is"
    "|it|jp|ke|kr|la|lat|life|link|live|loan|loans|lol|ltd|ly|me|media|ml|mobi|money|monster|net"
    "|news|nl|no|nu|one|online|org|page|party|pay|pl|plus|pro|promo|pt|pw|quest|rest|rip|rocks|ru"
    "|rw|sale|sbs|services|sh|shop|site|social|software|space|st|store|studio|su|support|tech|tips"
    "|tk|to|today|top|tr|trade|tv|tz|ua|ug|uk|uno|us|ventures|video|vip|website|wiki|win|work"
    "|world|ws|xyz|za|zip|zone"
)
LINK = re.compile(rf"//|\bwww\s*\.|\w\s?\.(?:{TOP_LEVEL})\b", re.IGNORECASE)
# Characters that look like Latin ones; `l` and `i` count as one.
LOOK_ALIKE = str.maketrans(
    # Cyrillic: a e o p c y x i k m t h b s j d h l; Greek: alpha iota kappa omicron rho upsilon nu.
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u043a\u043c\u0442\u043d\u0432"
    "\u0455\u0458\u0501\u04bb\u04cf\u03b1\u03b9\u03ba\u03bf\u03c1\u03c5\u03bd0134578$@!|l",
    "aeopcyxikmthbsjdhiaikopuvoieastbsaiii",
)
# Spelled as `name_skeleton` returns them.
RESERVED = re.compile(
    r"kushfiim|kush(?:officiai|support|heip|team|admin|care|staff|security)"
    r"|^(?:the)?(?:admin|administrator|moderator|support|officiai|system|staff|security"
    r"|heipdesk|customer(?:care|support|service))(?:team|staff|desk)?$"
)


def name_clean(written: str, *, field: str = "name") -> str:
    """Return the name to store. Raises InvalidInput: invisible, too long, or a link."""
    name = line_clean(written)
    if not seen_count(name) or len(name) > LONGEST_NAME or "\0" in name:
        raise _refused(field, gettext_noop("Enter your name."))
    if LINK.search(unicodedata.normalize("NFKC", name).translate(DOTS)):
        raise _refused(field, gettext_noop("A name can't contain a link."))
    return name


def own_name_clean(written: str, *, field: str = "name") -> str:
    """Return a viewer's own name to store. Raises InvalidInput, also for a reserved name."""
    name = name_clean(written, field=field)
    if RESERVED.search(name_skeleton(name)):
        raise _refused(field, gettext_noop("This name is reserved. Choose another."))
    return name


def name_skeleton(name: str) -> str:
    """Return a name without case, accents, spaces and look-alikes."""
    plain = unicodedata.normalize("NFKD", name).casefold().translate(LOOK_ALIKE)
    return "".join(filter(str.isalnum, plain)).replace("rn", "m").replace("vv", "w")


def _refused(field: str, fault: str) -> InvalidInput:
    return InvalidInput("Check the marked fields.", fields={field: [fault]})
