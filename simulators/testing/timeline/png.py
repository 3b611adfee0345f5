"""The picture as PNG, by resvg: a wheel that needs nothing beside it, as cairo would (`hubagent[png]`)."""

from importlib import import_module
from typing import Final

ZOOM: Final = 2.0


class NoPng(Exception):
    """Nothing here makes PNGs; says what does."""


def png(svg: str) -> bytes:
    """Raises NoPng."""
    try:
        resvg = import_module("resvg_py")
    except ImportError as error:
        raise NoPng("no PNG: resvg-py is not installed; try: pip install 'hubagent[png]'") from error
    made: bytes = resvg.svg_to_bytes(svg_string=svg, zoom=ZOOM, sans_serif_family="DejaVu Sans")
    return made
