"""A number and its noun, as people say it: "1 rule", "2 rules", "0 rules"."""


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
