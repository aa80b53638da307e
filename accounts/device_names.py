"""What a device is called, from what its browser says of itself: "Chrome on Android".

Good enough to recognise one's own phone in a list; nothing is decided by it.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# In order: most browsers also claim to be the ones they descend from.
BROWSERS = (
    ("OPR/", "Opera"),
    ("Opera Mini", "Opera Mini"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("PHX/", "Phoenix"),
    ("UCBrowser/", "UC Browser"),
    ("Edg", "Edge"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Tizen", "a Samsung TV"),
    ("Web0S", "an LG TV"),
    ("webOS", "an LG TV"),
    ("Android TV", "Android TV"),
    ("KAIOS", "KaiOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
# Where an app names itself first: "okhttp/4.12", "KushTV/2.1 (…)".
LONGEST_APP = 40


def device_name(*, given: str, user_agent: str) -> str:
    """The name an app gave its device, else what can be read from the user agent."""
    if given:
        return given
    browser = _first(BROWSERS, user_agent)
    system = _first(SYSTEMS, user_agent)
    if not browser:
        browser = user_agent.split("/", maxsplit=1)[0].split(" ", maxsplit=1)[0][:LONGEST_APP]
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in names if mark in user_agent), "")


# What TVs put into their user agents, the telling before the general.
TVS = (
    ("Tizen", "Samsung TV"),
    ("Web0S", "LG TV"),
    ("WebOS", "LG TV"),
    ("BRAVIA", "Sony TV"),
    ("VIDAA", "Hisense TV"),
    ("Hisense", "Hisense TV"),
    ("AFT", "Fire TV"),
    ("CrKey", "Chromecast"),
    ("Roku", "Roku"),
    ("PlayStation", "PlayStation"),
    ("Xbox", "Xbox"),
    ("AppleTV", "Apple TV"),
    ("Android TV", "Android TV"),
    ("GoogleTV", "Google TV"),
)


def tv_name(user_agent: str) -> str:
    return next((name for mark, name in TVS if mark in user_agent), gettext_noop("A TV"))


def network_of(ip: str | None) -> str:
    """Enough of an address to recognise one's own, and no more: 41.210.x.x."""
    if not ip:
        return ""
    if ":" in ip:
        return ":".join(ip.split(":")[:2]) + ":…"
    return ".".join(ip.split(".")[:2]) + ".x.x"
