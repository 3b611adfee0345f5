// Choosing a fault, what it is to strike, and its options.

import { labelled } from "/controls.js";
import { make } from "/make.js";
import { plain, radioName } from "/words.js";

export class FaultForm {
  // With `target` it strikes nothing else.
  constructor(world, act, kinds, target = null) {
    Object.assign(this, { world, act, kinds, target });
    this.kind = make("select", {}, ...familiesOf(kinds));
    this.kind.addEventListener("change", () => this.offer());
    this.about = make("p", { class: "said" });
    this.options = make("div", { class: "options" });
    this.element = make("form", {},
      labelled("Fault", this.kind), this.about, this.options, make("button", { type: "submit", text: "Strike" }));
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.strike();
    });
    this.offer();
  }

  get chosen() {
    return this.kinds.find((kind) => kind.name === this.kind.value);
  }

  offer() {
    const { chosen } = this;
    this.about.textContent = `${chosen.about}.`;
    this.inputs = Object.entries(chosen.options).map(([name, option]) => [name, option, inputFor(option)]);
    if (chosen.ends === "healed" && !("seconds" in chosen.options)) {
      const input = make("input", { type: "number", min: 0, max: 1e6, step: "any", placeholder: "until healed" });
      this.inputs.push(["seconds", { about: "for so long; empty: until it is healed", unit: "s", usual: null }, input]);
    }
    const fields = this.inputs.map(([name, option, input]) =>
      make("div", {}, labelled(captionOf(name, option), input), make("p", { class: "said", text: option.about })));
    if (this.target === null) fields.unshift(this.offerTarget(chosen));
    this.options.replaceChildren(...fields);
  }

  offerTarget({ target, targets }) {
    const all = target === "device" ? [] : [make("option", { value: "", text: "every one" })];
    const named = targets.map((value) => make("option", { value, text: target === "device" ? value : radioName(value) }));
    this.strikes = make("select", {}, ...all, ...named);
    return labelled(target === "device" ? "Device" : "Radio", this.strikes);
  }

  strike() {
    const { chosen } = this;
    const target = this.target ?? this.strikes.value;
    const words = ["fault", chosen.name];
    if (target) words.push(`${chosen.target === "device" ? "device" : "radio"}=${target}`);
    for (const [name, option, input] of this.inputs) {
      const value = input.type === "checkbox" ? input.checked : input.value;
      if (value !== "" && String(value) !== String(option.usual)) words.push(`${name}=${value}`);
    }
    this.act(words);
  }
}

function familiesOf(kinds) {
  const families = new Map();
  for (const { name } of kinds) {
    const [family, own] = name.split(".");
    if (!families.has(family)) families.set(family, []);
    families.get(family).push(make("option", { value: name, text: plain(own) }));
  }
  return [...families].map(([label, options]) => make("optgroup", { label }, ...options));
}

function inputFor(option) {
  if (option.type === "choice") {
    const select = make("select", {}, ...option.values.map((value) => make("option", { value, text: plain(value) })));
    select.value = option.usual;
    return select;
  }
  if (option.type === "flag") {
    const box = make("input", { type: "checkbox" });
    box.checked = option.usual;
    return box;
  }
  const step = option.type === "whole" ? 1 : "any";
  const bounds = { min: option.lowest, max: option.highest, step };
  return make("input", { type: "number", required: "", value: option.usual, ...bounds });
}

function captionOf(name, { unit }) {
  return unit ? `${plain(name)}, ${unit}` : plain(name);
}
