"""Film “Where the Snow Sleeps”: story, poster and music."""

from billing.models import Plan
from catalog.models import AgeRating
from dev.demo.art.lettering import Face
from dev.demo.art.poster import Look
from dev.demo.audience.reception import load_reception
from dev.demo.film import Film
from dev.demo.scenes.snow_sleeps import paint
from dev.demo.sound.score import Part, Score

LOOK = Look(
    lines=(("WHERE THE SNOW", 0), ("SLEEPS", 0)),
    ink="#fff4e6",
    face=Face(stem=2, bar=1, tracking=44),
    top=74,
    gap=26,
    above=0.1,
    small="#f3e3d3",
    floor="#0d1a2c",
    cloth=("#0d1a2c", "#5b6fa8", "#f2a48b", "#ffd27a"),
    motif="shells",
    at=2,
)
SCORE = Score(
    root=174.6,
    step=0.32,
    parts=(
        Part(
            voice="flute", notes="1.......3.......5.......4.......", octave=-1, gain=0.5, pan=-0.2
        ),
        Part(voice="pluck", notes="5..8..7.5..4..3.", gain=0.38, pan=0.3, enters=2.56),
        Part(
            voice="flute", notes="....8.......7.......9.......8...", gain=0.3, pan=0.2, enters=7.68
        ),
        Part(voice="drum", notes="D.......", gain=0.4, enters=10.24),
    ),
)
FILM = Film(
    title="Where the Snow Sleeps",
    tagline="The last ice on the equator has a keeper.",
    description=(
        "A mountain guide measures what is left of the Rwenzori glaciers, and what his village "
        "remembers of them."
    ),
    plot=(
        "Every June for thirty-one years a guide from Kilembe has walked seven days through "
        "giant lobelias and black bog to drive one wooden stake into the ice. Each year he has "
        "to walk further up. This film goes with him for what may be the last time, listens to "
        "the old people who call the summits by the names of spirits, and stays for a night on "
        "the ridge until the clouds open and the snow turns the colour of fire."
    ),
    year=2024,
    director="Godfrey Baluku",
    cast=("Godfrey Baluku", "Yowasi Masereka"),
    genres=("Documentary", "Nature"),
    credits=("A film by Godfrey Baluku", "Photographed above 4,000 metres"),
    category="documentary",
    access_level=Plan.PREMIUM,
    age_rating=AgeRating.G,
    reception=load_reception("snow_sleeps"),
    seconds=18,
    container="mov",
    frame=(1920, 1080),
    paint=paint,
    look=LOOK,
    score=SCORE,
)
