// Doors and windows: how they stand, and a hand on them.

import { draw } from "/make.js";
import { plain } from "/words.js";

const DOOR_M = 0.9;

export class Openings {
  constructor(world, act) {
    this.world = world;
    this.act = act;
    this.doors = new Map();
    this.windows = new Map();
  }

  draw(plan) {
    const group = draw("g");
    this.doors.clear();
    this.windows.clear();
    for (const [name, opening] of Object.entries(plan.doors)) {
      if (opening.along === null && !name.split("-").includes("outside")) group.append(this.dashes(plan, name));
      const door = this.opening("door", opening, () => this.push(name));
      this.doors.set(name, door);
      group.append(door);
    }
    for (const [room, windows] of Object.entries(plan.windows)) {
      windows.forEach((opening, number) => {
        if (opening === null) return;
        const window = this.opening("window", opening, () => this.lift(room, number));
        this.windows.set(`${room} ${number}`, window);
        group.append(window);
      });
    }
    return group;
  }

  change(different) {
    for (const name of Object.keys(different?.doors ?? this.world.view.doors)) this.showDoor(name);
    for (const room of Object.keys(different?.rooms ?? this.world.view.rooms)) this.showWindows(room);
  }

  // A gap in the wall, and the leaf that closes it, hinged at one end.
  opening(kind, { at: [x, y], along }, act) {
    const turned = along === "y" ? 90 : 0;
    const group = draw("g", {
      class: `opening ${kind}`, role: "button", tabindex: "-1", "data-roving": `${x},${y}`,
      transform: `translate(${x} ${y}) rotate(${turned})`,
    });
    if (along !== null) group.append(draw("line", { class: "gap", x1: -DOOR_M / 2, x2: DOOR_M / 2 }));
    group.append(
      draw("line", { class: "leaf", x1: -DOOR_M / 2, x2: DOOR_M / 2 }),
      draw("rect", { class: "hit", x: -DOOR_M / 2 - 0.05, y: -0.25, width: DOOR_M + 0.1, height: 0.5 }),
      draw("title"));
    if (kind === "door") group.append(draw("circle", { class: "bolt", r: 0.09, cx: 0.2 }));
    group.addEventListener("click", act);
    return group;
  }

  // Two rooms that the plan has no common wall for.
  dashes(plan, name) {
    const [one, other] = this.world.view.doors[name]?.between ?? name.split("-");
    const [[x1, y1], [x2, y2]] = [one, other].map((room) => middleOf(plan.rooms[room]));
    return draw("line", { class: "way", x1, y1, x2, y2 });
  }

  showDoor(name) {
    const element = this.doors.get(name);
    const { between, open, locked } = this.world.view.doors[name];
    const said = `door between ${between.map(plain).join(" and ")}, ${open ? "open" : "closed"}${locked ? ", locked" : ""}`;
    element.dataset.open = String(open);
    element.dataset.locked = String(locked);
    element.setAttribute("aria-label", said);
    element.setAttribute("aria-pressed", String(open));
    element.querySelector("title").textContent = said;
  }

  showWindows(room) {
    this.world.view.rooms[room].windows.forEach((open, number) => {
      const element = this.windows.get(`${room} ${number}`);
      if (!element) return;
      const facing = this.world.view.plan.facings[room][number];
      const said = `${facing} window of ${plain(room)}, ${open ? "open" : "closed"}`;
      element.dataset.open = String(open);
      element.setAttribute("aria-label", said);
      element.setAttribute("aria-pressed", String(open));
      element.querySelector("title").textContent = said;
    });
  }

  push(name) {
    const { between, open } = this.world.view.doors[name];
    const [one, other] = between[0] === "outside" ? [between[1], between[0]] : between;
    this.act([open ? "close" : "open", one, other]);
  }

  // A hand opens and closes all windows of a room: the language of actions knows no single one.
  lift(room, number) {
    this.act([this.world.view.rooms[room].windows[number] ? "close" : "open", room, "window"]);
  }
}

function middleOf([x, y, width, depth]) {
  return [x + width / 2, y + depth / 2];
}
