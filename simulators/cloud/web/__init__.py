"""The cloud's HTTP side: an API, one page, and enrolment. Only this needs aiohttp, and is imported late for it."""
