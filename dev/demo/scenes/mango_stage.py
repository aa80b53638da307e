"""Scene of a boda-boda stage below a mango tree, at any hour of the day."""

from functools import partial

from PIL import Image

from dev.demo.art.brush import Brush, Size
from dev.demo.art.paint import disc, glow, gradient, stars
from dev.demo.art.scene import Layer, Path, Scene, layer
from dev.demo.scenes.mango_hours import EVENING, MORNING, RAIN, Hour
from dev.demo.scenes.mango_people import (
    CHAIRMAN,
    KISAKYE,
    OKELLO,
    PASSENGER,
    ROLEX,
    Figures,
)
from dev.demo.scenes.mango_place import LAMP, board, crown, ground, hill, trunk
from dev.demo.scenes.mango_weather import clouds, fall, smoke, splashes
from dev.demo.scenes.rolex_stand import lamps, table, taxi, umbrella

HORIZON = 0.6
FLOOR = 0.9


def _paint(size: Size, *, hour: Hour) -> Scene:
    """Paint the scene, the tree left of the middle; a tall picture is drawn closer together."""
    width, height = size
    unit = min(width, height) / 100
    road = height * HORIZON
    floor = height * FLOOR
    middle = width / 2
    apart = unit if width > height else unit * 0.84
    car = taxi(round(unit * 46), hour)
    return Scene(
        gradient(size, *hour.sky),
        (
            *_sky(size, unit, hour),
            layer(hill((round(width * 1.3), round(height * 0.36)), unit, hour), 0,
                  road - height * 0.345, vx=-3),
            layer(ground((width, round(height - road) + 2), unit, hour), 0, road),
            layer(car, -car.width, road + unit * 9.4 - car.height, vx=unit * 26,
                  wrap=round(width * 1.7) + car.width),
            *_tree(unit, hour, x=middle - apart * 21, floor=floor),
            *_kitchen(unit, hour, x=middle + apart * 64, floor=floor),
            Layer(tuple(_people(size, unit, hour, apart=apart, step=step) for step in (0, 1)),
                  fps=1.6),
            *(_lit(size, unit, floor) if hour.lamps else ()),
            *((splashes(size, unit, top=road), fall(size, unit)) if hour.rain else ()),
        ),
    )  # fmt: skip


def _tree(unit: float, hour: Hour, *, x: float, floor: float) -> tuple[Layer, ...]:
    bough = trunk((round(unit * 44), round(unit * 64)), unit, hour)
    leaves = crown((round(unit * 122), round(unit * 52)), unit, hour)
    sign = board(round(unit * 27), hour)
    return (
        layer(bough, x - bough.width / 2, floor - unit * 3 - bough.height),
        layer(leaves, x - leaves.width / 2, floor - unit * 92, sway_x=unit * 0.7, period=5),
        layer(sign, x - sign.width / 2, floor - unit * 50),
    )


def _kitchen(unit: float, hour: Hour, *, x: float, floor: float) -> tuple[Layer, ...]:
    """Paint the cook behind her table, below her umbrella."""
    shade = umbrella(round(unit * 54), hour)
    planks = table(round(unit * 44), hour)
    cook = Brush((round(unit * 34), round(unit * 46)))
    Figures(cook, unit, hour).standing(ROLEX, unit * 17, unit * 45)
    return (
        layer(shade, x - shade.width * 0.52, floor - shade.height),
        layer(cook.image(), x - unit * 17, floor - unit * 50, sway_y=unit * 0.4, period=2.6),
        layer(planks, x - planks.width / 2, floor + unit * 2 - planks.height),
        smoke(unit, hour, x=x - planks.width * 0.24, y=floor - unit * 16),
    )


def _sky(size: Size, unit: float, hour: Hour) -> tuple[Layer, ...]:
    width, height = size
    across = round(hour.disc_units * unit)
    x = hour.disc_at[0] * width - across / 2
    y = hour.disc_at[1] * height - across / 2
    halo = glow((across * 3, across * 3), hour.disc, strength=0.55)
    found = [layer(halo, x - across, y - across), layer(disc(across, hour.disc), x, y)]
    if hour.lamps and not hour.rain:
        found.append(layer(stars((width, height // 3), count=50, seed=9)))
    found.append(layer(clouds((width * 2, round(height * 0.34)), unit, hour), 0, 0, vx=-9))
    return tuple(found)


def _people(size: Size, unit: float, hour: Hour, *, apart: float, step: int) -> Image.Image:
    """Paint the people of this hour, shifting their weight."""
    brush = Brush(size)
    middle = size[0] / 2
    floor = size[1] * FLOOR
    draw = Figures(brush, unit, hour)
    up = step * unit * 0.5
    if hour.crowd:
        draw.motorcycle(middle - apart * 62, floor + unit * 2, "#c1272d")
        draw.standing(OKELLO, middle - apart * 38, floor + unit * 2 - up)
        draw.standing(CHAIRMAN, middle - apart * 7, floor + up)
        draw.standing(PASSENGER, middle + apart * 9, floor + unit * 3 - up, wave=True)
        draw.standing(KISAKYE, middle + apart * 25, floor + unit * 2 + up)
        return brush.image()
    draw.motorcycle(middle - apart * 73, floor + unit, "#1f7a5c")
    _bench(brush, unit, hour, x=middle - apart * 37, floor=floor)
    draw.seated(CHAIRMAN, middle - apart * 43, floor - up)
    draw.seated(OKELLO, middle - apart * 28, floor + up)
    draw.motorcycle(middle + apart * 18, floor + unit * 4, "#c1272d")
    draw.riding(KISAKYE, middle + apart * 18, floor + unit * 4 - up)
    return brush.image()


def _bench(brush: Brush, unit: float, hour: Hour, *, x: float, floor: float) -> None:
    for leg in (-15, 15):
        brush.line([(x + leg * unit, floor - unit * 10), (x + leg * unit, floor)], unit * 2,
                   hour.light("#5b3a20"))  # fmt: skip
    brush.rectangle(x - unit * 18, floor - unit * 12, x + unit * 18, floor - unit * 9.4,
                    hour.light("#8a5a2f"))  # fmt: skip


def _lit(size: Size, unit: float, floor: float) -> tuple[Layer, ...]:
    """Paint a string of bulbs from bough to stand, and the light below them."""
    pool = glow((round(unit * 150), round(unit * 58)), LAMP, strength=0.34)
    bulbs = tuple(lamps((size[0], round(unit * 30)), unit, beat) for beat in (0, 1))
    return (
        layer(pool, size[0] / 2 - pool.width / 2, floor - unit * 42),
        Layer(bulbs, Path(0, floor - unit * 64), fps=2),
    )


morning = partial(_paint, hour=MORNING)
evening = partial(_paint, hour=EVENING)
night = partial(_paint, hour=RAIN)
