// Faults: the form to throw one, and those that are on, with their ends.

import { button } from "/controls.js";
import { FaultForm } from "/fault_form.js";
import { make } from "/make.js";
import { radioName, secondsText } from "/words.js";

export class Faults {
  constructor(form, list, { nothing, healAll }, world, act) {
    Object.assign(this, { form, list, nothing, healAll, world, act });
    this.lines = new Map();
    healAll.addEventListener("click", () => act(["heal"]));
    setInterval(() => this.tick(), 1000);
  }

  begin() {
    const { faults } = this.world.view;
    this.form.replaceChildren(new FaultForm(this.world, this.act, faults.filter((kind) => kind.targets.length)).element);
    this.lines.clear();
    this.list.replaceChildren();
    this.change(null);
  }

  change(different) {
    if (different && !different.struck) return;
    const { struck } = this.world.view;
    const numbers = new Set(struck.map((it) => it.number));
    for (const [number, line] of [...this.lines]) {
      if (numbers.has(number)) continue;
      line.element.remove();
      this.lines.delete(number);
    }
    for (const it of struck) if (!this.lines.has(it.number)) this.add(it);
    this.nothing.hidden = struck.length > 0;
    this.healAll.hidden = struck.length === 0;
    this.tick();
  }

  add(it) {
    const options = Object.entries(it.options).map(([name, value]) => `${name} ${value}`).join(", ");
    const left = make("span", { class: "left" });
    const said = `${it.fault} on ${radioName(it.target)}`;
    const heal = button("Heal", () => this.act(["heal", it.fault, it.target]), { "aria-label": `Heal ${said}` });
    const text = make("span", {}, make("b", { text: said }), options ? ` (${options})` : "", " ", left);
    const element = make("li", { class: "row" }, text, heal);
    this.list.append(element);
    this.lines.set(it.number, { element, left, until: it.until });
  }

  tick() {
    for (const { left, until } of this.lines.values()) {
      left.textContent = until === null ? "until it is healed" : `for ${secondsText(until - this.world.now())} more`;
    }
  }
}
