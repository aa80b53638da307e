"""Names of the generated films and people."""

from random import Random

GENRES = (
    "Action", "Adventure", "Animation", "Comedy", "Crime", "Documentary", "Drama", "Family",
    "History", "Horror", "Music", "Romance", "Science Fiction", "Sport", "Thriller",
)  # fmt: skip
LANGUAGES = ("Luganda", "English", "Swahili", "Runyankole", "Acholi", "Lusoga", "Ateso")
LANGUAGE_WEIGHTS = (40, 30, 10, 8, 5, 4, 3)
COUNTRIES = ("Uganda", "Kenya", "Nigeria", "Tanzania", "Rwanda", "South Africa", "India")
COUNTRY_WEIGHTS = (55, 12, 12, 7, 5, 4, 5)
GIVEN = (
    "Aisha", "Akello", "Amina", "Apio", "Babirye", "Brenda", "Daudi", "Denis", "Esther", "Fahad",
    "Flavia", "Grace", "Hassan", "Irene", "Isaac", "Joel", "Juliet", "Kato", "Lillian", "Mercy",
    "Miriam", "Moses", "Nakato", "Okello", "Patience", "Paul", "Ronald", "Ruth", "Sarah", "Simon",
    "Sylvia", "Timothy", "Vincent", "Wasswa", "Yusuf", "Zawedde",
)  # fmt: skip
FAMILY = (
    "Acen", "Akoth", "Atuhaire", "Baluku", "Byaruhanga", "Kaggwa", "Kasozi", "Kigozi", "Kintu",
    "Kizza", "Lubega", "Lule", "Lwanga", "Masereka", "Mugisha", "Mukasa", "Musoke", "Mutebi",
    "Nabwire", "Nalwanga", "Namatovu", "Namukasa", "Nansubuga", "Nsubuga", "Ochieng", "Odongo",
    "Ojok", "Okot", "Opio", "Ssebunya", "Ssekandi", "Ssempijja", "Tumusiime", "Wandera",
)  # fmt: skip
FIRST = (
    "Last", "Red", "Silent", "Golden", "Broken", "Little", "Midnight", "Long", "Hidden", "Seven",
    "Two", "Burning", "Sweet", "Lost", "Blue", "Stolen", "Crooked", "First", "Wild", "Borrowed",
)  # fmt: skip
THING = (
    "Boda", "Matatu", "Drum", "River", "Market", "Rain", "Road", "Lake", "Kingdom", "Wedding",
    "Rolex", "Moon", "Crane", "Hill", "Promise", "Shadow", "Song", "Harvest", "Bride", "Letter",
    "Goat", "Gomesi", "Kanzu", "Dust", "Fire", "Mango", "Clan", "Daughter", "Fisherman", "Witness",
)  # fmt: skip
PLACE = (
    "Kampala", "Jinja", "Gulu", "Entebbe", "Mbarara", "Ntinda", "Makindye", "Masaka", "Lira",
    "Fort Portal", "Kasese", "Mbale", "Arua", "Soroti", "Kabale", "Nakasero", "Katwe", "Wandegeya",
    "the Nile", "the Rwenzori", "Ssese",
)  # fmt: skip
SHAPES = (
    "{first} {thing}", "The {thing} of {place}", "{thing} in {place}", "{first} {thing} of {place}",
    "{place} {thing}s", "When the {thing} Comes", "{given} and the {thing}", "{given} of {place}",
)  # fmt: skip


def title_of(random: Random) -> str:
    return random.choice(SHAPES).format(
        first=random.choice(FIRST),
        thing=random.choice(THING),
        place=random.choice(PLACE),
        given=random.choice(GIVEN),
    )


def person_of(random: Random) -> str:
    return f"{random.choice(FAMILY)} {random.choice(GIVEN)}"
