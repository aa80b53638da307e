"""A matatu on a red road, with one passenger too many."""

from PIL import Image

from billing.models import Plan
from catalog.models import AgeRating
from kushfilms.demo.art.lettering import Face
from kushfilms.demo.art.poster import Look
from kushfilms.demo.film import Film, Line, Narrator
from kushfilms.demo.sound.score import Part, Score
from kushfilms.demo.art.brush import Brush, Size, turned
from kushfilms.demo.art.paint import disc, gradient, hills
from kushfilms.demo.art.scene import Layer, Path, Scene, figure, layer

MURRAM = "#c4502a"


def paint(size: Size) -> Scene:
    """The bus bounces in the middle; tea, bananas and clouds go by behind it."""
    width, height = size
    unit = min(width, height) / 100
    road = height * 0.78
    sky = gradient(size, (0, "#ffb629"), (0.5, "#ffd95e"), (0.8, "#fff0b3"), (1, "#fff0b3"))
    bus = tuple(matatu(figure(size, 0.86), turn * 22.5) for turn in range(2))
    left = width * 0.5 - bus[0].width * 0.5
    return Scene(
        sky,
        (
            layer(disc(round(unit * 40), "#ff7d2e"), width * 0.66, height * 0.1),
            layer(_clouds((width * 2, round(height * 0.2)), unit), 0, height * 0.12, vx=-8),
            layer(hills((round(width * 1.4), round(height * 0.34)), "#8cb843", seed=31, rise=0.7),
                  0, height * 0.46, vx=-12),
            layer(_tea((round(width * 1.8), round(height * 0.3)), unit), 0, height * 0.52, vx=-24),
            layer(_bananas((width * 3, round(unit * 54)), unit), 0, road - unit * 53, vx=-96,
                  wrap=width * 2),
            layer(_ground((width * 2, round(height - road) + 2), unit), 0, road, vx=-288, wrap=width),
            Layer(_dust(unit), Path(left - unit * 26, road - unit * 8), fps=6),
            Layer(bus, Path(left, road + unit * 9 - bus[0].height, sway_y=unit * 0.7, period=0.5),
                  fps=12),
        ),
    )  # fmt: skip


def matatu(width: int, turn: float) -> Image.Image:
    """The white minibus with the blue check that all of Kampala rides, and a goat on top."""
    brush = Brush((width, round(width * 0.76)), (100, 76), fine=3)
    _goat(brush)
    brush.line([(12, 27.5), (72, 27.5)], 1.2, "#3b2d2a")
    for x in (14, 28, 42, 56, 70):
        brush.line([(x, 27.5), (x, 31)], 1, "#3b2d2a")
    brush.blob([(3, 34), (8, 30), (40, 29), (74, 30), (84, 36), (92, 48), (98, 53), (97, 66),
                (60, 68), (6, 67), (2, 60)], "#fffaf0")  # fmt: skip
    for x0, x1 in ((8, 22), (25, 39), (42, 56)):
        brush.polygon([(x0, 35), (x1, 35), (x1, 46), (x0, 46)], "#25405c")
    brush.polygon([(59, 35), (74, 35), (85, 48), (59, 48)], "#25405c")
    _passengers(brush)
    for n in range(24):
        x = 3.4 + n * 3.9
        brush.rectangle(x, 52 + n % 2 * 2, x + 3.9, 54 + n % 2 * 2, "#1f62c4")
    brush.line([(41, 33), (41, 64)], 0.4, "#b9ad9c")
    brush.line([(58, 33), (58, 64)], 0.4, "#b9ad9c")
    brush.ellipse(95.5, 57.5, 2, 3, "#ffd14a")
    brush.rectangle(2, 57, 4.4, 62, "#d8342a")
    brush.line([(3, 66.6), (97, 66.6)], 2, "#4d4641")
    for x in (20, 79):
        _wheel(brush, x, turn)
    return brush.image()


def _wheel(brush: Brush, x: float, turn: float) -> None:
    brush.ellipse(x, 66, 10, 10, "#2b2523")
    brush.ellipse(x, 66, 5.4, 5.4, "#d9cdb8")
    for n in range(4):
        ends = turned([(x - 5, 66), (x + 5, 66)], turn + n * 45, about=(x, 66))
        brush.line(ends, 0.9, "#8c7f6d")


def _passengers(brush: Brush) -> None:
    faces = ((12, "#5c3320"), (18, "#7a4528"), (29, "#4a2918"), (35, "#6b3b22"), (46, "#7a4528"),
             (52, "#54301d"), (66, "#5c3320"))  # fmt: skip
    for n, (x, skin) in enumerate(faces):
        brush.ellipse(x, 41, 2.5, 3, skin)
        shirt = ("#e0392b", "#ffc933", "#37a35b", "#ff7d2e")[n % 4]
        brush.polygon([(x - 3.2, 46), (x - 2.4, 43.6), (x + 2.4, 43.6), (x + 3.2, 46)], shirt)
        if n % 3 == 1:
            brush.blob([(x - 2.8, 40), (x - 2, 36.6), (x + 2, 36.6), (x + 2.8, 40)], "#c12c6d")
    brush.blob([(56.5, 46), (58, 38), (62, 38), (62, 46)], "#37a35b")  # the conductor leans out
    brush.ellipse(60, 35.4, 2.6, 3, "#5c3320")


def _goat(brush: Brush) -> None:
    coat, dark = "#f7ead2", "#6e4a32"
    for x in (36, 40, 52, 55):
        brush.line([(x, 20), (x + 0.4, 27)], 1.8, dark)
    brush.blob([(33, 14), (38, 10.4), (52, 11), (57, 13), (56, 20), (46, 22), (35, 20)], coat)
    brush.blob([(42, 11), (50, 11), (49, 18), (43, 17)], dark)
    brush.stroke([(33, 14), (31, 11), (32, 9)], 1.6, coat)
    brush.blob([(53, 16), (56, 8), (60, 5), (67, 8), (68, 11), (62, 12), (58, 18)], coat)
    brush.stroke([(60, 6), (58, 2), (55, 1)], 1.2, dark)
    brush.stroke([(62, 6), (61.4, 2), (59.4, 0.8)], 1.2, dark)
    brush.blob([(58, 7), (54, 8), (53, 10), (58, 9)], dark)
    brush.ellipse(62.6, 8, 0.7, 0.7, "#211511")
    brush.stroke([(64, 12), (65, 15), (64, 17)], 0.9, dark)


def _clouds(size: Size, unit: float) -> Image.Image:
    brush = Brush(size)
    for n in range(6):
        x, y = size[0] * (0.02 + n * 0.17), size[1] * (0.3 + n * 7 % 3 * 0.2)
        for dx, dy, r in ((0, 0, 4), (5, -2, 5.5), (11, -0.5, 4.4), (16, 0.6, 3)):
            brush.ellipse(x + dx * unit, y + dy * unit, r * unit * 1.3, r * unit * 0.7, "#fff6d8")
    return brush.image()


def _tea(size: Size, unit: float) -> Image.Image:
    """Rows of tea over a hill."""
    field = hills(size, "#4f9a3d", seed=14, rise=0.7, waves=2)
    rows = Brush(size)
    for n in range(26):
        x = n * unit * 12 - size[0] * 0.05
        rows.stroke([(x, size[1]), (x + unit * 8, size[1] * 0.6), (x + unit * 24, 0)], unit * 1.5,
                    "#3b8236")  # fmt: skip
    over = Image.new("RGBA", size)
    over.paste(rows.image(), (0, 0), field)
    field.alpha_composite(over)
    return field


def _bananas(size: Size, unit: float) -> Image.Image:
    brush = Brush(size)
    half = size[0] / 3 * 2
    for n in range(12):
        x, tall = (n % 8) * half / 8 + n // 8 * half + unit * 9, unit * (24 + n % 8 * 5 % 4 * 4)
        top = size[1] - tall
        brush.line([(x, size[1]), (x, top)], unit * 2, "#6c7a2c")
        for k, (dx, dy) in enumerate(((-14, 6), (-11, -4), (-4, -11), (5, -11), (12, -3), (14, 7))):
            tip = (x + dx * unit, top + dy * unit)
            bend = (x + dx * unit * 0.55, top + dy * unit * 0.5 - unit * 4.4)
            low = (bend[0], bend[1] + unit * 3.4)
            brush.blob([(x, top), bend, tip, low], ("#2f7a37", "#3f9140")[k % 2])
    return brush.image()


def _ground(size: Size, unit: float) -> Image.Image:
    """The road; its second half repeats the first."""
    brush = Brush(size)
    brush.rectangle(0, 0, *size, MURRAM)
    brush.rectangle(0, 0, size[0], size[1] * 0.07, "#8f361c")
    for n in range(40):
        x, y = n * 0.6180339 % 1 * size[0] / 2, size[1] * (0.2 + n * 0.37 % 0.75)
        for repeat in (0, size[0] / 2):
            ink = ("#a8421f", "#db6b3d")[n % 2]
            brush.ellipse(x + repeat, y, unit * (1 + n % 4), unit * 0.5, ink)
    return brush.image()


def _dust(unit: float) -> tuple[Image.Image, ...]:
    frames = []
    for n in range(4):
        brush = Brush((round(unit * 40), round(unit * 18)), (40, 18))
        for k in range(6):
            age = (k + n / 4) / 6
            brush.ellipse(36 - age * 32, 14 - age * 6, 2 + age * 4, 1.6 + age * 3,
                          (235, 170, 120, round(210 * (1 - age))))  # fmt: skip
        frames.append(brush.image())
    return tuple(frames)


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
        "A taxi licensed for fourteen, a road without a bridge, and a goat that has paid its own "
        "fare."
    ),
    plot=(
        "The conductor has counted fourteen. The driver has counted fourteen. The goat on the roof "
        "was never part of the count, until the bridge at Katonga is gone and everyone aboard has "
        "to agree on the only other way to Masaka. There is a bride, a headmaster, two men who are "
        "not speaking, and a bag that ticks. One day, one engine, several opinions. VJ Ssebo's "
        "Luganda track adds a few more."
    ),
    year=2024,
    director="Hassan Wandera",
    cast=("Rose Nakitto", "Moses Ojok", "Hadijah Nalweyiso", "Fred Kyobe"),
    genres=("Comedy", "Road film"),
    credits=("Directed by Hassan Wandera", "With Rose Nakitto, Moses Ojok  and  Biriggwa the goat"),
    category="comedy",
    access_level=Plan.FREE,
    age_rating=AgeRating.PG,
    rating="4.4",
    rating_count=3377,
    view_count=88020,
    trending=True,
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
