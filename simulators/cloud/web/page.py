"""Which files the cloud's page is made of."""

from typing import Final

from simulators.web.files import page_files

FILES: Final = page_files(
    "simulators.cloud", "index.html", "app.js", "home.js", "controls.js", "words.js", "style.css", "icon.svg"
)
