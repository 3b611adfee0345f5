// Devices on the floor plan: a picture of each, how it is, and the light that lamps give.

import { glyph } from "/glyphs.js";
import { draw } from "/make.js";
import { looks } from "/looks.js";
import { kindText, ownName, plain, radioText, stateText } from "/words.js";

const GLOW_M = 2.4;

export class Devices {
  constructor(world, choose) {
    this.world = world;
    this.choose = choose;
    this.drawn = new Map();
    this.lights = new Map();
  }

  // Beneath the walls: each lamp's light stays in its room.
  glows(plan) {
    const group = draw("g");
    this.lights.clear();
    for (const [name, { room, kind }] of Object.entries(this.world.view.devices)) {
      if (!["switch", "dimmer", "rgbw_lamp"].includes(kind)) continue;
      const [cx, cy] = plan.devices[name];
      const id = `glow-${this.lights.size}`;
      const gradient = draw("radialGradient", { id },
        draw("stop", { offset: 0, class: "centre" }), draw("stop", { offset: 1, class: "edge" }));
      const light = draw("circle", { class: "glow", cx, cy, r: GLOW_M, fill: `url(#${id})`, "clip-path": `url(#in-${room})` });
      this.lights.set(name, light);
      group.append(gradient, light);
      light.gradient = gradient;
    }
    return group;
  }

  draw(plan) {
    const group = draw("g");
    this.drawn.clear();
    for (const [name, [x, y]] of Object.entries(plan.devices)) {
      const element = draw("g", { class: "device", "data-device": name });
      element.style.setProperty("--at", `${x}px, ${y}px`);
      element.append(
        draw("circle", { class: "wave", r: 1 }),
        draw("circle", { class: "body", r: 1, role: "button", tabindex: "-1", "data-roving": `${x},${y}` }),
        draw("circle", { class: "arc", r: 1.12, pathLength: 100 }),
        draw("g", { class: "picture" }),
        draw("path", { class: "struck", d: "M.95-1.5.45-.75h.4L.6-.2l.7-.8h-.4z" }),
        draw("circle", { class: "low", r: 0.3, cx: 0.85, cy: 0.8 }),
        draw("path", { class: "dead", d: "M-.75-.75.75.75" }),
        draw("text", { class: "value", y: 2.0 }),
        draw("text", { class: "name", y: 2.0, text: plain(ownName(name)) }),
        draw("title"));
      element.addEventListener("click", () => this.choose("device", name));
      this.drawn.set(name, element);
      group.append(element);
    }
    return group;
  }

  change(different) {
    const names = different && !different.struck ? Object.keys(different.devices ?? {}) : this.drawn.keys();
    for (const name of names) this.show(name);
  }

  show(name) {
    const view = this.world.view.devices[name];
    const element = this.drawn.get(name);
    const look = looks(view);
    const struck = this.world.struckOn(name);
    Object.assign(element.dataset, {
      tone: look.tone,
      busy: String(look.busy),
      joined: String(view.radio === null || view.node !== null),
      power: String(view.power),
      low: String(view.battery !== null && view.battery <= 15),
      struck: String(struck.length > 0),
    });
    element.style.setProperty("--arc", String(look.arc ?? 0));
    element.style.setProperty("--tint", look.color ?? "");
    if (element.dataset.glyph !== look.glyph) {
      element.dataset.glyph = look.glyph;
      element.querySelector(".picture").replaceChildren(glyph(look.glyph));
    }
    element.querySelector(".value").textContent = look.value;
    element.dataset.value = String(look.value !== "");
    const faults = struck.map((it) => it.fault).join(", ");
    const said = [plain(name), kindText(view.kind), stateText(view), radioText(view), faults && `struck by ${faults}`];
    element.querySelector(".body").setAttribute("aria-label", said.filter(Boolean).join(", "));
    element.querySelector("title").textContent = said.filter(Boolean).join("\n");
    this.light(name, look);
  }

  light(name, look) {
    const light = this.lights.get(name);
    if (!light) return;
    light.style.opacity = String(look.light);
    for (const stop of light.gradient.children) stop.style.stopColor = look.color ?? "";
  }
}
