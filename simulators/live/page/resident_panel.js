// One resident: where, doing what, and what to have them do.

import { button } from "/controls.js";
import { make } from "/make.js";
import { doesText, plain } from "/words.js";

const DOES = {
  wake: "Wake up", sleep: "Go to bed", cook: "Cook", shower: "Take a shower", watch: "Watch television",
  go_out: "Go out", come_home: "Come home",
};

export class ResidentPanel {
  constructor(name, { world, act }) {
    Object.assign(this, { name, world });
    this.where = make("p", { class: "said" });
    this.rooms = new Map(Object.keys(world.view.plan.rooms).map((room) =>
      [room, button(plain(room), () => act(["walk", name, room]))]));
    const does = Object.entries(DOES).map(([verb, text]) => button(text, () => act([verb, name])));
    this.element = make("div", {}, this.where,
      make("h3", { text: "Walk to" }), make("div", { class: "row" }, ...this.rooms.values()),
      make("h3", { text: "Do" }), make("div", { class: "row" }, ...does));
  }

  show() {
    const view = this.world.view.residents[this.name];
    this.where.textContent = [`in ${plain(view.room)}`, doesText(view)].filter(Boolean).join(", ");
    for (const [room, element] of this.rooms) element.setAttribute("aria-current", String(room === view.room));
  }
}
