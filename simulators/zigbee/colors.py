"""Colours as Color Control says them, as CIE 1931 x and y, and as a lamp mixes them: arithmetic, no state.

Red, green and blue are light, 0 to 1, of the primaries of sRGB (IEC 61966-2-1), without gamma.
"""

from typing import Final

Rgb = tuple[float, float, float]
Xy = tuple[float, float]

WHITE_XY: Final[Xy] = (0.3127, 0.3290)
"""D65."""


def rgb_of_hue(hue: float, saturation: float) -> Rgb:
    """Both 0 to 1; the brightest colour that has them."""
    sector = hue % 1.0 * 6
    rise = sector % 1.0
    low, falling, rising = 1 - saturation, 1 - saturation * rise, 1 - saturation * (1 - rise)
    return (
        (1.0, rising, low),
        (falling, 1.0, low),
        (low, 1.0, rising),
        (low, falling, 1.0),
        (rising, low, 1.0),
        (1.0, low, falling),
    )[int(sector) % 6]


def hue_of_rgb(rgb: Rgb) -> tuple[float, float]:
    """Hue and saturation, 0 to 1."""
    red, green, blue = rgb
    highest, lowest = max(rgb), min(rgb)
    spread = highest - lowest
    if spread <= 0:
        return 0.0, 0.0
    if highest == red:
        sector = (green - blue) / spread % 6
    elif highest == green:
        sector = (blue - red) / spread + 2
    else:
        sector = (red - green) / spread + 4
    return sector / 6, spread / highest


def xy_of_rgb(rgb: Rgb) -> Xy:
    red, green, blue = rgb
    big_x = 0.4124 * red + 0.3576 * green + 0.1805 * blue
    big_y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    big_z = 0.0193 * red + 0.1192 * green + 0.9505 * blue
    total = big_x + big_y + big_z
    return WHITE_XY if total <= 0 else (big_x / total, big_y / total)


def rgb_of_xy(xy: Xy) -> Rgb:
    """The brightest mixture; what lies outside of what the primaries can mix becomes the nearest of it."""
    x, y = xy[0], max(xy[1], 1e-6)
    big_x, big_z = x / y, (1 - x - y) / y
    red = 3.2406 * big_x - 1.5372 - 0.4986 * big_z
    green = -0.9689 * big_x + 1.8758 + 0.0415 * big_z
    blue = 0.0557 * big_x - 0.2040 + 1.0570 * big_z
    highest = max(red, green, blue, 1e-6)
    return max(0.0, red / highest), max(0.0, green / highest), max(0.0, blue / highest)


def xy_of_kelvin(kelvin: float) -> Xy:
    """A black body's colour, by the cubic splines of Kim et al. (US patent 7024034)."""
    t = max(1667.0, min(25_000.0, kelvin))
    if t <= 4000:
        x = -0.2661239e9 / t**3 - 0.2343589e6 / t**2 + 0.8776956e3 / t + 0.179910
    else:
        x = -3.0258469e9 / t**3 + 2.1070379e6 / t**2 + 0.2226347e3 / t + 0.240390
    if t <= 2222:
        y = -1.1063814 * x**3 - 1.34811020 * x**2 + 2.18555832 * x - 0.20219683
    elif t <= 4000:
        y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
    else:
        y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
    return x, y
