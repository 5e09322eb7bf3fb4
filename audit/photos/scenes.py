"""Eight things as a supervisor would photograph them, drawn in simple shapes."""

from collections.abc import Callable
from enum import StrEnum

from .canvas import HEIGHT, WIDTH, Canvas, Colour


class Scene(StrEnum):
    RAMP = "ramp"
    TOILET = "toilet"
    TACTILE_PAVING = "tactile_paving"
    KERB = "kerb"
    DOOR = "door"
    LIFT = "lift"
    BLOCKED_PATH = "blocked_path"
    SCREEN = "screen"


YELLOW: Colour = (226, 178, 44)
STEEL: Colour = (176, 182, 188)
DARK: Colour = (58, 62, 68)
WHITE: Colour = (246, 246, 242)
TAPE: Colour = (250, 208, 40)
SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((150, 192, 226), (226, 236, 240)),
    ((186, 198, 208), (224, 226, 224)),
    ((122, 176, 222), (240, 232, 214)),
)
WALLS: tuple[Colour, ...] = ((222, 206, 184), (202, 196, 190), (214, 178, 152), (190, 202, 198))
PAVING: tuple[Colour, ...] = ((176, 172, 164), (186, 176, 166), (164, 166, 170))


def ramp(c: Canvas, reading: str) -> None:
    _street(c, wall_to=430)
    door = c.jitter((94, 108, 118))
    c.box(560, 130, 190, 250, DARK)
    c.box(568, 138, 84, 242, door)
    c.box(658, 138, 84, 242, door)
    for step in range(4):
        tone = 196 - step * 16
        c.box(520 - step * 6, 380 + step * 34, 290 + step * 12, 34, (tone, tone, tone - 6))
    c.poly([(60, 560), (520, 380), (520, 430), (150, 610)], (168, 164, 158))
    c.poly([(60, 560), (150, 610), (150, 640), (60, 590)], (120, 118, 114))
    c.poly([(150, 610), (520, 430), (520, 516), (150, 640)], (136, 132, 126))
    for across in range(5):
        x, y = 120 + across * 92, 588 - across * 38
        c.line([(x, y), (x, y - 130)], STEEL, 7)
    for drop in (130, 84):
        c.line([(110, 592 - drop), (512, 426 - drop)], STEEL, 9)
    _level(c, 300, 506, reading)


def toilet(c: Canvas, reading: str) -> None:
    _tiled_room(c)
    c.rounded(430, 250, 150, 140, 14, WHITE)
    c.rounded(446, 228, 118, 26, 10, (232, 232, 228))
    c.disc(505, 430, 92, WHITE, 0.62)
    c.disc(505, 424, 66, (214, 222, 226), 0.55)
    c.poly([(440, 450), (570, 450), (548, 560), (462, 560)], (232, 232, 228))
    c.line([(650, 170), (650, 350), (800, 372)], STEEL, 15)
    c.line([(270, 330), (392, 352)], STEEL, 15)
    c.line([(270, 330), (270, 300)], STEEL, 15)
    c.rounded(700, 250, 46, 46, 8, (206, 60, 50))
    c.rounded(160, 300, 76, 62, 10, (238, 238, 236))
    _tape(c, (150, 640), (850, 640), reading)


def tactile_paving(c: Canvas, reading: str) -> None:
    _street(c, wall_to=250)
    _strip(c, -0.35, 0.35)
    for bike in range(c.chance.randint(1, 3)):
        _bike(c, 360 + bike * 120, 560 - bike * 56, 1 - bike * 0.2)
    _label(c, 210, 660, reading)


def kerb(c: Canvas, reading: str) -> None:
    _street(c, wall_to=250, ground=(88, 90, 94))
    for bar in range(-4, 5):
        c.slab(bar * 0.62, bar * 0.62 + 0.36, 0.1, 1.3, (226, 226, 220))
    c.slab(-60, 60, 1.5, 60, c.jitter((178, 172, 164)))
    _joints(c, 1.5, 12)
    left, right = c.ground(-5, 1.5), c.ground(5, 1.5)
    c.poly([left, right, (right[0], right[1] + 58), (left[0], left[1] + 58)], (142, 140, 136))
    for stone in range(1, 9):
        x = left[0] + stone * (right[0] - left[0]) / 9
        c.line([(x, left[1]), (x, left[1] + 58)], (112, 110, 106), 3)
    _rule(c, 500, left[1] - 70, 134)
    _label(c, 640, left[1] - 40, reading)


def door(c: Canvas, reading: str) -> None:
    c.shade(0, 560, c.jitter((206, 202, 194)), (188, 184, 176))
    c.shade(560, 190, (150, 146, 140), (128, 124, 120))
    frame = c.jitter((92, 96, 100))
    c.box(250, 60, 500, 512, frame)
    c.box(274, 84, 216, 488, (158, 184, 192))
    c.box(510, 84, 216, 488, (58, 70, 78))
    c.poly([(300, 100), (380, 100), (300, 420)], (196, 214, 220), 130)
    c.line([(470, 280), (470, 390)], STEEL, 13)
    c.box(236, 560, 528, 30, (112, 110, 106))
    c.box(236, 560, 528, 7, (170, 168, 162))
    c.rounded(800, 250, 84, 84, 10, (44, 92, 160))
    _wheelchair(c, 842, 292, 0.5)
    _tape(c, (508, 470), (728, 470), reading)


def lift(c: Canvas, reading: str) -> None:
    c.shade(0, 750, c.jitter((196, 198, 200)), (150, 154, 158))
    c.box(70, 40, 330, 710, (132, 136, 142))
    for half in (76, 238):
        c.box(half, 48, 156, 702, c.jitter((168, 172, 176), 4))
    c.rounded(560, 90, 220, 560, 16, (206, 208, 210))
    c.rounded(600, 116, 140, 70, 8, (24, 26, 30))
    c.write(670, 151, str(c.chance.randint(1, 9)), 48, (240, 120, 60))
    for number in range(8):
        x, y = 622 + number % 2 * 96, 250 + number // 2 * 84
        c.disc(x, y, 33, (120, 124, 128))
        c.disc(x, y, 29, WHITE)
        c.write(x, y, str(number + 1), 30, DARK)
    c.disc(622, 598, 28, (232, 176, 40))
    c.disc(718, 598, 28, (206, 60, 50))
    c.line([(490, 250), (490, 740)], TAPE, 26)
    for mark in range(16):
        c.line([(480, 262 + mark * 30), (492, 262 + mark * 30)], DARK, 2)
    _label(c, 436, 214, reading)


def blocked_path(c: Canvas, reading: str) -> None:
    _street(c, wall_to=300)
    _strip(c, -0.9, -0.4)
    paint = c.chance.choice([(186, 60, 52), (60, 96, 150), (228, 228, 226)])
    c.disc(560, 640, 250, (96, 94, 92), 0.12)
    c.rounded(330, 460, 520, 130, 40, paint)
    c.poly([(430, 462), (500, 372), (700, 372), (778, 462)], paint)
    c.poly([(450, 458), (510, 388), (594, 388), (594, 458)], (66, 82, 92))
    c.poly([(608, 458), (608, 388), (690, 388), (750, 458)], (66, 82, 92))
    for wheel in (430, 750):
        c.disc(wheel, 596, 54, (36, 38, 40))
        c.disc(wheel, 596, 26, STEEL)
    for cone in range(c.chance.randint(0, 2)):
        x = 180 + cone * 90
        c.poly([(x, 560), (x + 60, 560), (x + 34, 440), (x + 26, 440)], (230, 104, 40))
        c.poly([(x + 13, 500), (x + 47, 500), (x + 41, 472), (x + 19, 472)], WHITE)
    _label(c, 210, 670, reading)


# What scenes are made of ----------------------------------------------------------------------


def _street(c: Canvas, wall_to: float, ground: Colour | None = None) -> None:
    """Sky, a wall with windows, trees or a verge, and paving that runs away from us."""
    top, bottom = c.chance.choice(SKIES)
    c.shade(0, 300, top, bottom)
    wall = c.jitter(c.chance.choice(WALLS))
    c.box(0, 60, WIDTH, wall_to - 60, wall)
    for window in range(6):
        c.box(34 + window * 168, 84, 96, 78, c.jitter((112, 136, 150), 14))
        c.box(34 + window * 168, 162, 96, 8, c.jitter((236, 232, 224), 4))
    for _tree in range(c.chance.randint(1, 3)):
        x = c.chance.randint(0, WIDTH)
        c.box(x - 9, 150, 18, wall_to - 130, (96, 78, 62))
        for _leaf in range(7):
            spot = (x + c.chance.randint(-66, 66), 112 + c.chance.randint(-56, 40))
            c.disc(*spot, c.chance.randint(34, 52), c.jitter((84, 124, 78), 18))
    paving = ground or c.jitter(c.chance.choice(PAVING))
    c.shade(wall_to, 750 - wall_to, c.jitter(paving, 3), paving)
    if ground is None:
        _joints(c, -0.2, min(12, c.away(max(wall_to, 300))))


def _joints(c: Canvas, near: float, far: float) -> None:
    joint = (140, 136, 130)
    for across in range(-10, 11):
        c.line([c.ground(across * 0.6, near), c.ground(across * 0.6, far)], joint, 2)
    for row in range(int((far - near) / 0.6) + 1):
        c.line([c.ground(-7, near + row * 0.6), c.ground(7, near + row * 0.6)], joint, 2)


def _strip(c: Canvas, left: float, right: float) -> None:
    """Guiding blocks: yellow, four bars along the way."""
    c.slab(left, right, -0.2, 12, YELLOW)
    gap = (right - left) / 4
    for bar in range(4):
        start = left + gap * (bar + 0.28)
        c.slab(start, start + gap * 0.44, -0.2, 12, (240, 200, 84))
    for row in range(30):
        c.line([c.ground(left, row * 0.4), c.ground(right, row * 0.4)], (176, 134, 30), 3)


def _bike(c: Canvas, x: float, y: float, scale: float) -> None:
    paint = c.chance.choice([(240, 196, 40), (70, 150, 210), (60, 170, 120)])
    back, front = (x, y), (x + 210 * scale, y)
    for wheel in (back, front):
        c.ring(*wheel, 72 * scale, (36, 38, 40), 9 * scale)
        c.disc(*wheel, 9 * scale, DARK)
    saddle = (x + 50 * scale, y - 120 * scale)
    head = (x + 170 * scale, y - 130 * scale)
    crank = (x + 92 * scale, y - 4 * scale)
    c.line([back, crank, head, saddle, crank], paint, 11 * scale)
    c.line([back, saddle], paint, 9 * scale)
    c.line([front, (head[0] - 8 * scale, head[1] - 36 * scale)], paint, 10 * scale)
    c.line([(saddle[0] - 28 * scale, saddle[1]), (saddle[0] + 26 * scale, saddle[1])], DARK, 13)
    c.line([(head[0] - 40 * scale, head[1] - 38 * scale), (head[0] + 20, head[1] - 36)], DARK, 9)


def _tiled_room(c: Canvas) -> None:
    wall = c.jitter((214, 222, 222))
    c.shade(0, 480, wall, c.jitter(wall, 3))
    for tile in range(1, 14):
        c.line([(tile * 76, 0), (tile * 76, 480)], (190, 198, 198), 2)
    for row in range(1, 7):
        c.line([(0, row * 76), (WIDTH, row * 76)], (190, 198, 198), 2)
    c.shade(480, 270, (162, 160, 152), (140, 138, 132))
    for across in range(-8, 9):
        c.line([(500 + across * 90, 480), (500 + across * 170, 750)], (126, 124, 118), 2)
    for depth in (520, 580, 660):
        c.line([(0, depth), (WIDTH, depth)], (126, 124, 118), 2)


def _tape(c: Canvas, start: tuple[float, float], end: tuple[float, float], reading: str) -> None:
    """A steel tape drawn out level, with its case at one end and the reading above it."""
    c.line([start, end], TAPE, 24)
    count = max(4, round((end[0] - start[0]) / 18))
    for mark in range(1, count):
        x = start[0] + mark * (end[0] - start[0]) / count
        c.line([(x, start[1] - 11), (x, start[1] + (3 if mark % 5 else 11))], DARK, 2)
    c.rounded(end[0] - 14, end[1] - 34, 66, 66, 14, (46, 50, 54))
    c.disc(end[0] + 19, end[1] - 1, 19, TAPE)
    _label(c, (start[0] + end[0]) / 2, start[1] - 52, reading)


def screen(c: Canvas, reading: str) -> None:
    """A page or a menu on a screen, as one photographs it at a desk or a terminal."""
    c.box(0, 0, WIDTH, HEIGHT, c.jitter((176, 184, 188)))
    c.rounded(120, 60, 720, 500, 26, DARK)
    c.box(146, 86, 668, 448, WHITE)
    c.box(146, 86, 668, 62, c.jitter((30, 92, 128)))
    for line in range(5):
        wide = 300 + (line * 97) % 240
        c.box(186, 190 + line * 46, wide, 18, (196, 202, 206))
    c.rounded(186, 438, 210, 62, 12, c.jitter((206, 110, 60)))
    c.box(560, 300, 214, 150, (222, 226, 228))
    c.line([(580, 430), (640, 360), (700, 400), (756, 320)], STEEL, 8)
    _label(c, 480, 640, reading)


def _level(c: Canvas, x: float, y: float, reading: str) -> None:
    """A digital level standing on the ramp."""
    c.poly([(x - 90, y + 8), (x + 90, y - 62), (x + 90, y - 24), (x - 90, y + 46)], (206, 66, 48))
    c.poly([(x - 34, y - 2), (x + 34, y - 28), (x + 34, y - 6), (x - 34, y + 20)], (196, 210, 190))
    _label(c, x + 10, y - 100, reading)


def _rule(c: Canvas, x: float, y: float, high: float) -> None:
    c.box(x, y, 34, high, TAPE)
    for mark in range(int(high / 8)):
        long = 16 if mark % 5 else 26
        c.line([(x, y + high - mark * 8), (x + long, y + high - mark * 8)], DARK, 2)


def _wheelchair(c: Canvas, x: float, y: float, scale: float) -> None:
    c.disc(x - 4 * scale, y - 58 * scale, 10 * scale, WHITE)
    c.line([(x - 4 * scale, y - 44 * scale), (x, y), (x + 34 * scale, y)], WHITE, 10 * scale)
    c.line([(x + 34 * scale, y), (x + 52 * scale, y + 40 * scale)], WHITE, 10 * scale)
    c.ring(x + 2 * scale, y + 26 * scale, 40 * scale, WHITE, 9 * scale)


def _label(c: Canvas, x: float, y: float, reading: str) -> None:
    if not reading:
        return
    wide = 26 * len(reading) + 36
    c.rounded(x - wide / 2, y - 32, wide, 64, 12, (252, 252, 248))
    c.write(x, y, reading, 44, (28, 30, 34))


DRAW: dict[Scene, Callable[[Canvas, str], None]] = {
    Scene.RAMP: ramp,
    Scene.TOILET: toilet,
    Scene.TACTILE_PAVING: tactile_paving,
    Scene.KERB: kerb,
    Scene.DOOR: door,
    Scene.LIFT: lift,
    Scene.BLOCKED_PATH: blocked_path,
    Scene.SCREEN: screen,
}
READINGS: dict[Scene, str] = {
    Scene.RAMP: "1 : 9.6",
    Scene.TOILET: "1400 mm",
    Scene.KERB: "45 mm",
    Scene.DOOR: "780 mm",
    Scene.LIFT: "1350 mm",
}
