// What stands beside the plan: the device, the room or the person that was chosen; before that, the home.

import { button } from "/controls.js";
import { DevicePanel } from "/device_panel.js";
import { make } from "/make.js";
import { ResidentPanel } from "/resident_panel.js";
import { RoomPanel } from "/room_panel.js";
import { doesText, plain } from "/words.js";

const PANELS = { device: DevicePanel, room: RoomPanel, resident: ResidentPanel };

export class Panel {
  // `mark(what, name)` shows on the plan what is chosen.
  constructor(element, world, { act, mark }) {
    Object.assign(this, { element, world, act, mark });
    this.shown = null;
    this.chosen = [null, null];
    element.addEventListener("keydown", (event) => { if (event.key === "Escape") this.choose(null, null); });
  }

  begin() {
    this.choose(...this.chosen);
  }

  choose(what, name) {
    const there = { device: "devices", room: "rooms", resident: "residents" }[what];
    const known = there && (name === "outside" || name in this.world.view[there]);
    this.chosen = known ? [what, name] : [null, null];
    const context = { world: this.world, act: this.act, choose: (...other) => this.choose(...other) };
    this.shown = known ? new PANELS[what](name, context) : new Overview(context);
    const title = make("h2", { text: known ? plain(name) : "The home", tabindex: "-1" });
    const head = make("div", { class: "row head" }, title);
    if (known) head.append(button("Close", () => this.choose(null, null)));
    this.element.replaceChildren(head, this.shown.element);
    this.shown.show();
    this.mark(...this.chosen);
    if (this.begun && known) this.element.scrollIntoView({ block: "nearest" });
    this.begun = true;
  }

  change() {
    this.shown?.show();
  }
}

// Who lives here, and how one goes about.
class Overview {
  constructor({ world, choose }) {
    this.world = world;
    this.people = new Map();
    const names = Object.keys(world.view.residents);
    const list = make("ul", { class: "plain" }, ...names.map((name) => {
      const element = button("", () => choose("resident", name));
      this.people.set(name, element);
      return make("li", {}, element);
    }));
    const devices = Object.keys(world.view.devices);
    const find = make("input", { type: "search", list: "device-names", "aria-label": "Find a device", placeholder: "find a device" });
    find.addEventListener("change", () => { if (find.value in world.view.devices) choose("device", find.value); });
    this.element = make("div", {},
      make("p", { text: "Drag somebody to another room. Click a door or a window to open it; anything else, to see what a hand can do there." }),
      ...(names.length ? [make("h3", { text: "Who lives here" }), list] : []),
      make("h3", { text: `${devices.length} devices` }), find,
      make("datalist", { id: "device-names" }, ...devices.map((value) => make("option", { value }))));
  }

  show() {
    for (const [name, element] of this.people) {
      const view = this.world.view.residents[name];
      element.textContent = [`${plain(name)}: ${plain(view.room)}`, doesText(view)].filter(Boolean).join(", ");
    }
  }
}
