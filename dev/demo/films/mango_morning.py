"""Film “Mango Tree Stage, episode 1”: story, poster and music."""

from billing.models import Plan
from catalog.models import AgeRating
from dev.demo.art.poster import Look
from dev.demo.audience.reception import load_reception
from dev.demo.film import Film, Line, Narrator
from dev.demo.films.mango_tree import FACE, SHOW
from dev.demo.scenes.mango_stage import morning
from dev.demo.sound.score import Part, Score

LOOK = Look(
    lines=(("NUMBER", 84), ("THIRTEEN", 0)),
    ink="#b3261e",
    second="#134b7a",
    shadow="#fff3c4",
    face=FACE,
    top=62,
    above=0.1,
    below=0.12,
    floor="#5b2a17",
    cloth=("#134b7a", "#f2c014", "#b3261e", "#fff3c4"),
    motif="diamonds",
    at=7,
)
SCORE = Score(
    root=174.6,
    step=0.15,
    parts=(
        Part(voice="marimba", notes="1.3.5.3.6.5.3.2.", gain=0.42, pan=-0.3),
        Part(voice="bass", notes="1...1.2.4...3.2.", octave=-1, gain=0.55, enters=1.2),
        Part(voice="shaker", notes="x.xxx.xxx.xxx.x.", gain=0.18, pan=0.4, enters=2.4),
        Part(voice="drum", notes="D..to.t.D..too.t", gain=0.45, enters=2.4),
        Part(voice="flute", notes="8...9...8...6...5...6.......", gain=0.3, pan=0.3, enters=7.2),
    ),
)
FILM = Film(
    title="Number Thirteen",
    tagline="The book says twelve. She says thirteen.",
    description=(
        "Kisakye parks her motorcycle below the mango tree and asks for a number. The stage has "
        "twelve, and a chairman who has never needed another."
    ),
    plot=(
        "It is a quarter past six and the tea is not yet hot when a red motorcycle rolls onto "
        "the stage with a woman on it. Chairman Mzee Kagwa opens the rule book to find the page "
        "that forbids her. He reads it from the fines to the funerals; Maama Rolex turns the "
        "chapati and waits. By noon there have been three votes, one apology and a passenger "
        "for Ntinda whom nobody else wanted to carry."
    ),
    year=2026,
    director="Resty Nabukeera",
    cast=("Hanifah Nakato", "Deo Mwesigwa", "Peninah Auma", "Yusuf Okello"),
    genres=("Comedy", "Drama"),
    credits=("Mango Tree Stage  ·  Episode 1", "With Hanifah Nakato  and  Deo Mwesigwa"),
    category="comedy",
    access_level=Plan.FREE,
    age_rating=AgeRating.PG,
    reception=load_reception("mango_morning"),
    show=SHOW,
    episode=1,
    seconds=18,
    container="mkv",
    paint=morning,
    look=LOOK,
    score=SCORE,
    lines=(
        Line(
            4.0, 6.4, "This stage has twelve riders.", "Siteegi eno erina abavuzi kkumi na babiri."
        ),
        Line(7.2, 9.4, "Then I am number thirteen.", "Kale nze ow'ekkumi n'essatu."),
        Line(10.2, 12.6, "The book says nothing of women.", "Ekitabo tekyogera ku bakazi."),
        Line(13.4, 16.0, "Then the book says yes.", "Awo ekitabo kikkirizza."),
    ),
    subtitled=True,
    vj=Narrator("VJ Muyembe", hz=152),
)
