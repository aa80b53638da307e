"""3D lookup tables for ffmpeg's lut3d that convert HDR and wide colours to BT.709.

swscale can convert PQ and HLG by itself, but without mastering metadata it assumes a 10,000 nit
peak, which leaves diffuse white (203 nits) at 149 of 235, and costs ten times as much per pixel.
This table takes films as graded for 1,000 nits: BT.2390-10 section 5.4.1 (EETF) on the largest
component, so that hues stay, then the primaries (BT.2407) and a 2.4 gamma (BT.1886). Wide colours
without HDR (BT.2020, P3) get the primaries alone.
"""

from __future__ import annotations

from functools import cache

from streaming.encoding.colors import ColorTable

SIZE = 33
# Without tone mapping a saturated colour lies on the edge of the gamut, where interpolation shows.
WIDE_SIZE = 65
SOURCE_PEAK_NITS = 1000.0
WHITE_NITS = 203.0  # BT.2408's reference white
HLG_GAMMA = 1.2  # BT.2100, for a 1,000 nit display
BT2020_LUMA = (0.2627, 0.6780, 0.0593)
BT2020_TO_BT709 = (
    (1.6605, -0.5876, -0.0728),
    (-0.1246, 1.1329, -0.0083),
    (-0.0182, -0.1006, 1.1187),
)
P3_TO_BT709 = (  # D65 white
    (1.2249, -0.2249, 0.0),
    (-0.0420, 1.0420, 0.0),
    (-0.0197, -0.0786, 1.0983),
)
SDR_GAMMA = 2.4
# ST 2084
M1 = 0.1593017578125
M2 = 78.84375
C1 = 0.8359375
C2 = 18.8515625
C3 = 18.6875
# BT.2100
HLG_A = 0.17883277
HLG_B = 0.28466892
HLG_C = 0.55991073

Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]


def pq_to_nits(signal: float) -> float:
    power = signal ** (1 / M2)
    return float(10000 * (max(power - C1, 0.0) / (C2 - C3 * power)) ** (1 / M1))


def nits_to_pq(nits: float) -> float:
    power = (nits / 10000) ** M1
    return float(((C1 + C2 * power) / (1 + C3 * power)) ** M2)


def hlg_to_scene(signal: float) -> float:
    if signal <= 0.5:
        return signal * signal / 3
    return float((2.718281828459045 ** ((signal - HLG_C) / HLG_A) + HLG_B) / 12)


def compress(nits: float) -> float:
    """Apply BT.2390's EETF: shadows and midtones stay, a spline takes 1,000 nits to white."""
    peak = nits_to_pq(SOURCE_PEAK_NITS)
    ratio = nits_to_pq(WHITE_NITS) / peak
    knee = 1.5 * ratio - 0.5
    level = min(1.0, nits_to_pq(nits) / peak)
    if level <= knee:
        return nits
    t = (level - knee) / (1 - knee)
    spline = (
        (2 * t**3 - 3 * t**2 + 1) * knee
        + (t**3 - 2 * t**2 + t) * (1 - knee)
        + (-2 * t**3 + 3 * t**2) * ratio
    )
    return pq_to_nits(spline * peak)


def to_sdr(nits: Triple, *, primaries: Matrix = BT2020_TO_BT709) -> Triple:
    """Convert linear light in nits to a BT.709 signal, 0 to 1."""
    brightest = max(nits)
    scale = compress(brightest) / brightest / WHITE_NITS if brightest > 0 else 0.0
    red, green, blue = (component * scale for component in nits)
    return to_bt709((red, green, blue), primaries=primaries)


def to_bt709(linear: Triple, *, primaries: Matrix) -> Triple:
    """Convert linear light (1: white) to a BT.709 signal; clip colours outside its gamut."""
    mixed = [sum(a * b for a, b in zip(row, linear, strict=True)) for row in primaries]
    red, green, blue = (min(1.0, max(0.0, value)) ** (1 / SDR_GAMMA) for value in mixed)
    return red, green, blue


@cache
def cube(table: ColorTable) -> str:
    """Return the table in Adobe's .cube format, red fastest."""
    size = WIDE_SIZE if table in ("bt2020", "p3") else SIZE
    steps = [index / (size - 1) for index in range(size)]
    # Nits for PQ, scene light for HLG, relative light for SDR.
    if table.startswith("pq"):
        light = [pq_to_nits(step) for step in steps]
    elif table.startswith("hlg"):
        light = [hlg_to_scene(step) for step in steps]
    else:
        light = [step**SDR_GAMMA for step in steps]
    primaries = P3_TO_BT709 if table.endswith("p3") else BT2020_TO_BT709
    lines = [f"LUT_3D_SIZE {size}"]
    for blue in light:
        for green in light:
            for red in light:
                signal = _signal(table, (red, green, blue), primaries=primaries)
                lines.append("{:.5f} {:.5f} {:.5f}".format(*signal))
    return "\n".join([*lines, ""])


def _signal(table: ColorTable, light: Triple, *, primaries: Matrix) -> Triple:
    if table.startswith("pq"):
        return to_sdr(light, primaries=primaries)
    if table.startswith("hlg"):
        # BT.2100's OOTF: scene light to nits.
        luma = sum(weight * value for weight, value in zip(BT2020_LUMA, light, strict=True))
        gain = SOURCE_PEAK_NITS * luma ** (HLG_GAMMA - 1) if luma > 0 else 0.0
        nits = (light[0] * gain, light[1] * gain, light[2] * gain)
        return to_sdr(nits, primaries=primaries)
    return to_bt709(light, primaries=primaries)
