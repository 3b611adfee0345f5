// The floor plan: rooms and how light they are; what is in them is drawn by `devices`, `openings` and `people`.

import { Devices } from "/devices.js";
import { draw } from "/make.js";
import { Openings } from "/openings.js";
import { People } from "/people.js";
import { Roving } from "/roving.js";
import { plain } from "/words.js";

const MARGIN_M = 0.45;
const BRIGHT_LX = 500;
const LEAST_PX_A_METRE = 34;

export class Plan {
  // `choose(what, name)` shows something beside the plan, `act(words)` does something to the world.
  constructor(svg, world, { choose, act }) {
    this.svg = svg;
    this.world = world;
    this.choose = choose;
    this.roving = new Roving(svg);
    this.devices = new Devices(world, choose);
    this.openings = new Openings(world, act);
    this.people = new People(world, { choose, act, roomAt: (x, y) => this.roomAt(x, y), mark: (room) => this.mark(room) });
    this.rooms = new Map();
    new ResizeObserver(() => this.scale()).observe(svg);
  }

  begin() {
    const { plan } = this.world.view;
    const [x, y, width, depth] = plan.bounds;
    this.width = width + 2 * MARGIN_M;
    this.svg.setAttribute("viewBox", `${x - MARGIN_M} ${y - MARGIN_M} ${this.width} ${depth + 2 * MARGIN_M}`);
    this.svg.style.minWidth = `${Math.round(this.width * LEAST_PX_A_METRE)}px`;
    this.svg.style.aspectRatio = `${this.width} / ${depth + 2 * MARGIN_M}`;
    this.rooms.clear();
    const clips = draw("defs");
    const floors = draw("g");
    const walls = draw("g");
    const labels = draw("g");
    for (const [name, rectangle] of Object.entries(plan.rooms)) {
      clips.append(draw("clipPath", { id: `in-${name}` }, rectangleOf(rectangle)));
      this.drawRoom(name, rectangle, { floors, walls, labels });
    }
    this.svg.replaceChildren(
      clips, floors, this.devices.glows(plan), walls, this.openings.draw(plan), labels,
      this.devices.draw(plan), this.people.draw(plan));
    this.change(null);
    this.scale();
    this.roving.begin();
  }

  change(different) {
    for (const name of Object.keys(different?.rooms ?? this.world.view.rooms)) this.showRoom(name);
    if (!different || different.weather) this.showOutside();
    this.devices.change(different);
    this.openings.change(different);
    this.people.change(different);
  }

  // What is chosen is marked.
  chosen(what, name) {
    for (const element of this.svg.querySelectorAll("[data-chosen]")) element.removeAttribute("data-chosen");
    if (what) this.svg.querySelector(`[data-${what}="${CSS.escape(name)}"]`)?.setAttribute("data-chosen", "");
  }

  drawRoom(name, rectangle, { floors, walls, labels }) {
    const { plan } = this.world.view;
    const nature = name === "outside" ? "outside" : plan.open_air.includes(name) ? "garden" : "indoors";
    const shade = rectangleOf(rectangle, { class: "shade" });
    const floor = draw("g", { class: `room ${nature}`, "data-room": name }, rectangleOf(rectangle, { class: "floor" }), shade);
    const [x, y] = rectangle;
    const title = draw("text", { class: "room-name", x: x + 0.22, text: plain(name) });
    title.style.setProperty("--y", `${y + 0.12}px`);
    const air = draw("text", { class: "room-air", x: x + 0.22 }, draw("tspan"), draw("tspan", { class: "more" }));
    air.style.setProperty("--y", `${y + 0.12}px`);
    const target = draw("rect", {
      class: "hit", role: "button", tabindex: "-1", "data-roving": `${x + 0.5},${y + 0.3}`,
      x: x + 0.1, y: y + 0.08, width: 1.2, height: 0.7,
    });
    const label = draw("g", { class: "room-label", "data-of": name }, target, title, air);
    for (const element of [floor, label]) element.addEventListener("click", () => this.choose("room", name));
    floors.append(floor);
    if (nature === "indoors") walls.append(rectangleOf(rectangle, { class: "wall" }));
    labels.append(label);
    this.rooms.set(name, { floor, shade, air, label, target, rectangle });
  }

  showRoom(name) {
    const view = this.world.view.rooms[name];
    const { shade, air, target } = this.rooms.get(name);
    const brightness = Math.min(1, Math.log10(view.light + 1) / Math.log10(BRIGHT_LX + 1));
    shade.style.setProperty("--light", brightness.toFixed(3));
    air.firstChild.textContent = `${view.temperature.toFixed(1)}°`;
    air.lastChild.textContent = `  ${view.humidity.toFixed(0)} %  ${view.light.toFixed(0)} lx`;
    target.setAttribute("aria-label",
      `${plain(name)}: ${view.temperature.toFixed(1)} °C, ${view.humidity.toFixed(0)} % humidity, ${view.light.toFixed(0)} lux`);
  }

  showOutside() {
    const { air, target } = this.rooms.get("outside");
    const { temperature } = this.world.view.weather;
    air.firstChild.textContent = `${temperature.toFixed(1)}°`;
    target.setAttribute("aria-label", `outside: ${temperature.toFixed(1)} °C`);
  }

  // Text and devices keep a size that a person can read and hit, whatever the plan's.
  scale() {
    const metre = this.svg.getScreenCTM()?.a;
    if (!metre || !this.width) return;
    const pixel = 1 / metre;
    this.svg.style.setProperty("--pixel", String(pixel));
    this.svg.style.setProperty("--device", String(Math.min(20 * pixel, Math.max(13 * pixel, 0.33))));
    this.svg.dataset.roomy = String(pixel < 1 / 50);
    for (const { label, rectangle: [, , wide] } of this.rooms.values()) label.dataset.narrow = String(wide < 120 * pixel);
  }

  roomAt(clientX, clientY) {
    const point = new DOMPoint(clientX, clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    for (const [name, { rectangle: [x, y, width, depth] }] of this.rooms) {
      if (point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + depth) return [name, point];
    }
    return [null, point];
  }

  // While somebody is dragged: where they would go.
  mark(room) {
    for (const [name, { floor }] of this.rooms) floor.toggleAttribute("data-target", name === room);
  }
}

export function rectangleOf([x, y, width, height], attributes) {
  return draw("rect", { x, y, width, height, ...attributes });
}
