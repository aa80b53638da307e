"""Film “Mukene Moon”: story, poster and music."""

from billing.models import Plan
from catalog.models import AgeRating
from dev.demo.art.lettering import Face
from dev.demo.art.poster import Look
from dev.demo.audience.reception import load_reception
from dev.demo.film import Film, Line
from dev.demo.scenes.mukene_moon import paint
from dev.demo.sound.score import Part, Score

LOOK = Look(
    lines=(("MUKENE", 0), ("MOON", 0)),
    ink="#ffe6b0",
    face=Face(stem=22, bar=5, tracking=30, squeeze=1.2),
    top=-150,
    below=0.16,
    small="#ffe6b0",
    floor="#04141d",
    cloth=("#08202c", "#1f5a63", "#d98f5c", "#ffc46b"),
    motif="waves",
    at=4,
)
SCORE = Score(
    root=130.8,
    step=0.24,
    parts=(
        Part(voice="pluck", notes="1..3..5...4..3..2...", gain=0.5, pan=-0.25),
        Part(voice="bass", notes="1.........3.........", octave=-1, gain=0.55, enters=2.4),
        Part(
            voice="flute",
            notes="8...7...5...........6...5...3...........",
            gain=0.32,
            pan=0.3,
            enters=4.8,
        ),
        Part(voice="shaker", notes="x....x....", gain=0.16, enters=9.6),
    ),
)
FILM = Film(
    title="Mukene Moon",
    tagline="He taught her to read the water.",
    description=(
        "On a dark lake lit by fishing lamps, a father shows his daughter the trade he never "
        "wanted for her."
    ),
    plot=(
        "When the men of the landing site refuse to take Apio out on the water, her father, who "
        "has not fished since the storm, lights the lamp again. They row out for three nights "
        "of the waning moon. The silverfish come up to the light; so do the things nobody has "
        "said since her brother's boat came back empty. A quiet film about patience, with a "
        "storm in it."
    ),
    year=2023,
    director="Sanyu Namatovu",
    cast=("Peter Okello", "Flavia Nambi", "Charles Mugabi"),
    genres=("Drama",),
    credits=("Directed by Sanyu Namatovu", "With Peter Okello  and  Flavia Nambi"),
    category="drama",
    access_level=Plan.BASIC,
    age_rating=AgeRating.PG,
    reception=load_reception("mukene_moon"),
    seconds=20,
    container="mp4",
    paint=paint,
    look=LOOK,
    score=SCORE,
    lines=(
        Line(4.2, 6.8, "Father, look at the moon.", "Taata, laba omwezi."),
        Line(8.0, 10.6, "Wait. The fish are coming.", "Linda. Ebyennyanja bijja."),
        Line(12.0, 14.8, "The lake does not forget.", "Ennyanja teyeerabira."),
    ),
    subtitled=True,
)
