// Residents on the floor plan: they walk by themselves, or where a finger drags them.

import { draw } from "/make.js";
import { doesText, plain } from "/words.js";

const APART_M = 0.85;
const STEP_MS = 1200;
const DRAG_PX = 5;

export class People {
  // `roomAt(x, y)` gives the room at a place on the screen and the place on the plan, `mark(room)` shows where to.
  constructor(world, { choose, act, roomAt, mark }) {
    Object.assign(this, { world, choose, act, roomAt, mark });
    this.drawn = new Map();
  }

  draw(plan) {
    const group = draw("g");
    this.plan = plan;
    this.drawn.clear();
    Object.keys(this.world.view.residents).forEach((name, number) => {
      const element = draw("g", { class: "person", "data-resident": name },
        draw("circle", { class: "head", r: 1, role: "button", tabindex: "-1" }),
        draw("text", { class: "initial", text: name.slice(0, 1).toUpperCase() }),
        draw("text", { class: "name", y: 2.1, text: plain(name) }),
        draw("text", { class: "does", y: -1.4 }),
        draw("title"));
      element.style.setProperty("--hue", String((number * 137 + 200) % 360));
      this.listen(element, name);
      this.drawn.set(name, { element, room: null });
      group.append(element);
    });
    return group;
  }

  change(different) {
    for (const [name, before] of Object.entries(different?.residents ?? this.world.view.residents)) {
      const { element } = this.drawn.get(name);
      const view = this.world.view.residents[name];
      const does = doesText(view);
      element.querySelector(".does").textContent = does;
      const said = `${plain(name)} is in ${plain(view.room)}${does && `, ${does}`}`;
      element.querySelector(".head").setAttribute("aria-label", said);
      element.querySelector("title").textContent = `${said}\ndrag to another room`;
      if (different && before.room !== view.room) this.walk(name, before.room, view.room);
    }
    if (!different || different.residents) this.stand(different !== null);
  }

  // Side by side, where several are in one room.
  stand() {
    for (const room of new Set(Object.values(this.world.view.residents).map((it) => it.room))) {
      const people = this.world.peopleIn(room);
      people.forEach((name, number) => {
        const [x, y] = this.plan.people[room] ?? [0, 0];
        this.put(name, [x + (number - (people.length - 1) / 2) * APART_M, y]);
      });
    }
  }

  put(name, [x, y]) {
    const { element } = this.drawn.get(name);
    element.style.setProperty("--at", `${x}px, ${y}px`);
    element.querySelector(".head").dataset.roving = `${x},${y}`;
    element.place = [x, y];
  }

  // Through the door between.
  walk(name, from, to) {
    const { element } = this.drawn.get(name);
    const door = this.plan.doors[[from, to].sort().join("-")];
    const start = element.place;
    if (!door || !start || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    queueMicrotask(() => {
      const [[x1, y1], [x2, y2], [x3, y3]] = [start, door.at, element.place];
      const at = (x, y) => ({ transform: `translate(${x}px, ${y}px) scale(var(--device))` });
      element.animate([at(x1, y1), at(x2, y2), at(x3, y3)], { duration: STEP_MS, easing: "ease-in-out" });
    });
  }

  listen(element, name) {
    let from = null;
    let dragged = false;
    element.addEventListener("pointerdown", (event) => {
      from = [event.clientX, event.clientY];
      dragged = false;
      element.setPointerCapture(event.pointerId);
    });
    element.addEventListener("pointermove", (event) => {
      if (!from) return;
      if (!dragged && Math.hypot(event.clientX - from[0], event.clientY - from[1]) < DRAG_PX) return;
      dragged = true;
      const [room, point] = this.roomAt(event.clientX, event.clientY);
      element.toggleAttribute("data-dragged", true);
      element.style.setProperty("--at", `${point.x}px, ${point.y}px`);
      this.mark(room);
    });
    const drop = (event) => {
      if (!from) return;
      from = null;
      element.toggleAttribute("data-dragged", false);
      this.mark(null);
      this.stand();
      const [room] = this.roomAt(event.clientX, event.clientY);
      const here = this.world.view.residents[name].room;
      if (event.type === "pointerup" && dragged && room && room !== here) this.act(["walk", name, room]);
    };
    element.addEventListener("pointerup", drop);
    element.addEventListener("pointercancel", drop);
    element.addEventListener("click", () => {
      if (!dragged) this.choose("resident", name);
      dragged = false;
    });
  }
}
