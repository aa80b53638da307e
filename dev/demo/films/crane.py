"""Film “The Crane Who Would Not Fly”: story, poster and music."""

from billing.models import Plan
from catalog.models import AgeRating
from dev.demo.art.lettering import Face
from dev.demo.art.poster import Look
from dev.demo.audience.reception import load_reception
from dev.demo.film import Film
from dev.demo.scenes.crane import paint
from dev.demo.sound.score import Part, Score

LOOK = Look(
    lines=(("THE CRANE", 0), ("WHO WOULD", 60), ("NOT FLY", 0)),
    ink="#fff6dc",
    second="#ffd94f",
    shadow="#7c2f2c",
    face=Face(stem=18, bar=14, tracking=24),
    top=56,
    above=0.2,
    small="#fff6dc",
    floor="#3a1620",
    cloth=("#3a1620", "#ffd94f", "#0f8f96", "#e0713c"),
    motif="eyes",
    at=3.45,
)
SCORE = Score(
    root=196.0,
    step=0.15,
    parts=(
        Part(voice="marimba", notes="1.3.5.3.6.5.3.2.", gain=0.5, pan=-0.4),
        Part(voice="marimba", notes=".5.5.8.5.9.8.6.5", gain=0.4, pan=0.4, enters=2.4),
        Part(voice="bass", notes="1...3...1...4...", octave=-1, gain=0.5, enters=2.4),
        Part(voice="shaker", notes="x.x.xxx.", gain=0.16, pan=0.2, enters=4.8),
        Part(voice="flute", notes="8...a...9.8.6...", gain=0.3, enters=7.2),
    ),
)
FILM = Film(
    title="The Crane Who Would Not Fly",
    tagline="Some of us were born to walk.",
    description=(
        "Every crane in the wetland can fly. Ngaali would rather walk, and see who lives "
        "between here and there."
    ),
    plot=(
        "The day the flock leaves for the dry-season grounds, little Ngaali stays on the "
        "ground. It is not that she cannot. She has simply noticed that from up there nobody "
        "ever says hello. So she walks: past a tortoise who is late, a chameleon who cannot "
        "decide, and a very small elephant with a very big secret. When she arrives, the others "
        "have been waiting for three weeks, and she has the better story. For children from "
        "four, and for whoever reads to them."
    ),
    year=2025,
    director="Irene Atuhaire",
    cast=("Solome Birungi", "Ivan Kato Wasswa", "Daphne Amongi"),
    genres=("Family", "Animation"),
    credits=("Directed by Irene Atuhaire", "Told by Solome Birungi"),
    category="family",
    access_level=Plan.FREE,
    age_rating=AgeRating.G,
    reception=load_reception("crane"),
    seconds=18,
    container="mp4",
    paint=paint,
    look=LOOK,
    score=SCORE,
)
