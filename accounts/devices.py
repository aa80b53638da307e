"""Names of devices from their user agents: "Chrome on Android".

They help people recognise their own phone in a list; no rule depends on them.
"""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# In order, as most browsers also name those they descend from.
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
# Apps put their name first: "okhttp/4.12", "KushTV/2.1 (…)".
LONGEST_APP = 40


def device_name(*, given: str, user_agent: str) -> str:
    """Return the name an app gave its device, else one from the user agent."""
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


# Marks in the user agents of TVs, the specific before the general.
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


# Names that a TV app may choose: a make, or a room. No other name is shown on the approval page,
# where "Kush Films support" would look like ours.
MAKES = (
    ("samsung", "Samsung TV"), ("lg", "LG TV"), ("bravia", "Sony TV"), ("sony", "Sony TV"),
    ("hisense", "Hisense TV"), ("vidaa", "Hisense TV"), ("tcl", "TCL TV"),
    ("philips", "Philips TV"), ("panasonic", "Panasonic TV"), ("skyworth", "Skyworth TV"),
    ("xiaomi", "Xiaomi TV"),
    ("toshiba", "Toshiba TV"), ("sharp", "Sharp TV"), ("vizio", "Vizio TV"), ("tecno", "Tecno TV"),
    ("fire tv", "Fire TV"), ("chromecast", "Chromecast"), ("roku", "Roku"),
    ("playstation", "PlayStation"), ("xbox", "Xbox"), ("apple tv", "Apple TV"),
    ("google tv", "Google TV"), ("android tv", "Android TV"),
)  # fmt: skip
ROOMS = (
    ("sitting room", gettext_noop("Sitting room")),
    ("living room", gettext_noop("Living room")),
    ("bedroom", gettext_noop("Bedroom")),
    ("kitchen", gettext_noop("Kitchen")),
    ("office", gettext_noop("Office")),
)


def tv_name(user_agent: str, *, given: str = "") -> str:
    """Return a name from our list, by the TV's given name, else by its user agent."""
    words = f" {' '.join(re.findall(r'[a-z]+', given.lower()))} "
    names = [name for mark, name in (*MAKES, *ROOMS) if f" {mark} " in words]
    names += [name for mark, name in TVS if mark in user_agent]
    return names[0] if names else gettext_noop("A TV")


def network_of(ip: str | None) -> str:
    """Return as much of an address as its owner needs to recognise it: 41.210.x.x."""
    if not ip:
        return ""
    if ":" in ip:
        return ":".join(ip.split(":")[:2]) + ":…"
    return ".".join(ip.split(".")[:2]) + ".x.x"
