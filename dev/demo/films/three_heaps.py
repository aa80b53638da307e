"""Film “Three Heaps for a Thousand”: story, poster and music."""

from billing.models import Plan
from catalog.models import AgeRating
from dev.demo.art.lettering import Face
from dev.demo.art.poster import Look
from dev.demo.audience.reception import load_reception
from dev.demo.film import Film
from dev.demo.scenes.three_heaps import paint
from dev.demo.sound.score import Part, Score

LOOK = Look(
    lines=(("THREE HEAPS", 0), ("FOR A", 46), ("THOUSAND", 0)),
    ink="#c12c2c",
    second="#1d7fa3",
    shadow="#ffcf70",
    face=Face(stem=16, bar=12, tracking=20, squeeze=0.86),
    top=56,
    above=0.29,
    below=0.04,
    small="#fff3cf",
    house="#c12c2c",
    floor="#4a2313",
    cloth=("#c12c6d", "#ffc933", "#12805c", "#1d7fa3"),
    motif="eyes",
    at=4,
)
SCORE = Score(
    root=185.0,
    step=0.15,
    parts=(
        Part(voice="marimba", notes="5.3.1.3.6.3.2.3.", gain=0.45, pan=-0.35),
        Part(voice="bass", notes="1..1..1.2..2..3.", octave=-1, gain=0.55, enters=1.2),
        Part(voice="drum", notes="D..o..t.D.oo..t.", gain=0.5, enters=2.4),
        Part(voice="pluck", notes="8.8.9.8.6.5.6...", gain=0.4, pan=0.35, enters=4.8),
        Part(voice="shaker", notes="x.xxx.xx", gain=0.16, enters=4.8),
    ),
)
FILM = Film(
    title="Three Heaps for a Thousand",
    tagline="Prices are fixed. People are not.",
    description=(
        "The queen of the tomato row has one day to save her market, and a daughter with other "
        "plans."
    ),
    plot=(
        "Maama Topi has sold tomatoes at the same corner for twenty-six years and has never "
        "once changed the price. On the morning the developers come with their tape measures, "
        "her daughter comes home from Nairobi with a business plan, her oldest rival offers her "
        "a truce, and the inspector turns out to have a weakness for mangoes. A comedy of "
        "shouting, sums and second helpings."
    ),
    year=2023,
    director="Juliet Nansubuga",
    cast=("Topista Nakandi", "Ali Ssekito", "Brenda Apolot"),
    genres=("Comedy", "Drama"),
    credits=("Directed by Juliet Nansubuga", "With Topista Nakandi  and  Ali Ssekito"),
    category="comedy",
    access_level=Plan.BASIC,
    age_rating=AgeRating.PG,
    reception=load_reception("three_heaps"),
    seconds=18,
    container="mov",
    paint=paint,
    look=LOOK,
    score=SCORE,
)
