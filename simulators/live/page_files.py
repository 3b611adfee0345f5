"""Which files the page of a live world is made of."""

from typing import Final

from simulators.web.files import page_files

FILES: Final = page_files(
    "simulators.live",
    "index.html",
    "style.css",
    "icon.svg",
    "app.js",
    "controls.js",
    "device_panel.js",
    "devices.js",
    "fault_form.js",
    "faults.js",
    "glyphs.js",
    "happenings.js",
    "looks.js",
    "openings.js",
    "panel.js",
    "people.js",
    "plan.js",
    "resident_panel.js",
    "room_panel.js",
    "roving.js",
    "words.js",
    "world.js",
)
