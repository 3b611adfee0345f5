"""`hubagent get`."""

import click

from hubagent.cli.exits import USAGE, Failure
from hubagent.cli.options import ask_agent, config_option, json_option
from hubagent.cli.output import show, show_json, value_text


@click.command()
@config_option
@json_option
@click.argument("device")
@click.argument("attribute", required=False)
def get(device: str, attribute: str | None, *, as_json: bool) -> None:
    """What DEVICE last reported: all of it, or one ATTRIBUTE such as on_off.on (or only: on)."""
    view = ask_agent(lambda client: client.get("v1", "devices", device))
    capabilities = view["capabilities"]
    if attribute is None:
        if as_json:
            show_json(view)
            return
        for capability, attributes in capabilities.items():
            for name, value in attributes.items():
                show(f"{capability}.{name}={value_text(value)}")
        return
    capability, _, name = attribute.rpartition(".")
    found = [key for key, attributes in capabilities.items() if name in attributes and capability in ("", key)]
    if not found:
        known = [f"{key}.{one}" for key, attributes in capabilities.items() for one in attributes]
        raise Failure(
            f"{view['name']} has reported no {attribute}; it has {', '.join(known) or 'reported nothing'}", USAGE
        )
    value = capabilities[found[0]][name]
    if as_json:
        show_json({"v": 1, "id": view["id"], "capability": found[0], "attribute": name, "value": value})
    else:
        show(value_text(value))
