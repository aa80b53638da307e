"""Film “Fourteen and a Goat”: story, poster and music."""

from billing.models import Plan
from catalog.models import AgeRating
from dev.demo.art.lettering import Face
from dev.demo.art.poster import Look
from dev.demo.audience.reception import load_reception
from dev.demo.film import Film, Line, Narrator
from dev.demo.scenes.fourteen_goat import paint
from dev.demo.sound.score import Part, Score

LOOK = Look(
    lines=(("FOURTEEN", 0), ("AND A", 52), ("GOAT", 0)),
    ink="#7a1d12",
    second="#c4502a",
    shadow="#fff0b3",
    face=Face(stem=20, bar=16, tracking=22, squeeze=1.1),
    top=56,
    gap=12,
    above=0.18,
    below=0.07,
    small="#fff3d0",
    house="#7a1d12",
    floor="#7a2412",
    cloth=("#7a1d12", "#ffd14a", "#1f62c4", "#fffaf0"),
    motif="teeth",
    at=5,
)
SCORE = Score(
    root=164.8,
    step=0.14,
    parts=(
        Part(voice="pluck", notes="1.55.1.55.2.66.2", gain=0.45, pan=-0.3),
        Part(voice="bass", notes="1...1.3.2...2.4.", octave=-1, gain=0.6),
        Part(voice="drum", notes="D.t.o.t.D.tto.t.", gain=0.5, enters=2.24),
        Part(voice="marimba", notes="8.9.8.6.5.6.8...", gain=0.4, pan=0.35, enters=4.48),
        Part(voice="shaker", notes="xx.xxx.x", gain=0.17, enters=4.48),
    ),
)
FILM = Film(
    title="Fourteen and a Goat",
    tagline="There is always room for one more.",
    description=(
        "A taxi licensed for fourteen, a road without a bridge, and a goat that has paid its "
        "own fare."
    ),
    plot=(
        "The conductor has counted fourteen. The driver has counted fourteen. The goat on the "
        "roof was never part of the count, until the bridge at Katonga is gone and everyone "
        "aboard has to agree on the only other way to Masaka. There is a bride, a headmaster, "
        "two men who are not speaking, and a bag that ticks. One day, one engine, several "
        "opinions. VJ Ssebo's Luganda track adds a few more."
    ),
    year=2024,
    director="Hassan Wandera",
    cast=("Rose Nakitto", "Moses Ojok", "Hadijah Nalweyiso", "Fred Kyobe"),
    genres=("Comedy", "Road film"),
    credits=("Directed by Hassan Wandera", "With Rose Nakitto, Moses Ojok  and  Biriggwa the goat"),
    category="comedy",
    access_level=Plan.FREE,
    age_rating=AgeRating.PG,
    reception=load_reception("fourteen_goat"),
    seconds=20,
    container="mkv",
    paint=paint,
    look=LOOK,
    score=SCORE,
    lines=(
        Line(4.0, 6.4, "The taxi is full.", "Takisi ejjudde."),
        Line(7.2, 9.8, "There is always room for one more.", "Omu tabulwa kifo."),
        Line(11.0, 13.4, "Does the goat pay as well?", "Embuzi nayo esasula?"),
        Line(14.2, 16.8, "Let us go!", "Tugende!"),
    ),
    vj=Narrator("VJ Ssebo", hz=122),
)
