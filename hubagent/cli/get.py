"""`hubagent get`."""

import click

from hubagent.cli.exits import USAGE, Failure
from hubagent.cli.options import ask_agent, config_option, json_option
from hubagent.cli.output import show, show_json, value_text
from hubagent.model.capabilities.table import CAPABILITIES


@click.command()
@config_option
@json_option
@click.argument("device")
@click.argument("attribute", required=False)
def get(device: str, attribute: str | None, *, as_json: bool) -> None:
    """What DEVICE last reported: all of it, or one ATTRIBUTE such as on_off.on (or only: on).

    What it has and has not said yet is unknown, null in JSON.
    """
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
    asked = [key for key in capabilities if capability in ("", key)]
    found = [key for key in asked if name in capabilities[key]] or [key for key in asked if _has(key, name)]
    if not found:
        known = [f"{key}.{one}" for key, attributes in capabilities.items() for one in attributes]
        raise Failure(
            f"{view['name']} has reported no {attribute}; it has {', '.join(known) or 'reported nothing'}", USAGE
        )
    value = capabilities[found[0]].get(name)
    if as_json:
        show_json({"v": 1, "id": view["id"], "capability": found[0], "attribute": name, "value": value})
    else:
        show(value_text(value))


def _has(capability: str, attribute: str) -> bool:
    known = CAPABILITIES.get(capability)
    return known is not None and attribute in known.by_name
