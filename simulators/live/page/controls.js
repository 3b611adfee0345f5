// What a hand can set, as something to touch. Each shows what is really so, never what was asked.
// A control is { element, show(value) }; `send(value)` is called with what somebody wants.

import { make } from "/make.js";
import { attributeText, labelText, numberText, plain, valueText } from "/words.js";

const STEPS_MAX = 1000;
let numbers = 0;

export function controlFor(name, shape, send) {
  if (shape.type === "flag") return flag(name, send);
  if (shape.type === "choice") return choice(name, shape, send);
  const slides = shape.type === "number" && shape.lowest !== null && (shape.highest - shape.lowest) / shape.step <= STEPS_MAX;
  return slides ? slider(name, shape, send) : field(name, shape, send);
}

export function button(text, act, attributes) {
  const element = make("button", { type: "button", text, ...attributes });
  element.addEventListener("click", act);
  return element;
}

export function flag(name, send, label = labelText(name)) {
  const element = make("button", { type: "button", role: "switch", "aria-checked": "false" });
  let now = false;
  element.addEventListener("click", () => send(!now));
  return {
    element,
    show(value) {
      now = value === true;
      element.setAttribute("aria-checked", String(now));
      element.textContent = `${label}: ${valueText(name, value) || "no"}`;
    },
  };
}

function slider(name, shape, send) {
  const id = fresh();
  const caption = make("label", { for: id });
  const input = make("input", { type: "range", id, min: shape.lowest, max: shape.highest, step: shape.step });
  let held = false;
  input.addEventListener("input", () => {
    held = true;
    caption.textContent = `${plain(name)}: to ${numberText(name, Number(input.value))}`;
  });
  input.addEventListener("change", () => {
    held = false;
    send(Number(input.value));
  });
  return {
    element: make("div", { class: "control" }, caption, input),
    show(value) {
      if (held) return;
      input.disabled = typeof value !== "number";
      if (typeof value === "number") input.value = String(value);
      caption.textContent = `${plain(name)}: ${valueText(name, value)}`;
    },
  };
}

function choice(name, shape, send) {
  const id = fresh();
  const select = make("select", { id }, ...shape.values.map((value) => make("option", { value, text: String(value) })));
  select.addEventListener("change", () => send(shape.values[select.selectedIndex]));
  return {
    element: make("div", { class: "control" }, make("label", { for: id, text: plain(name) }), select),
    show(value) {
      if (document.activeElement !== select) select.value = String(value);
    },
  };
}

function field(name, shape, send) {
  const id = fresh();
  const number = shape.type === "number";
  const kind = number ? { type: "number", step: shape.step } : { type: "text", autocomplete: "off", maxlength: 64 };
  const input = make("input", { id, required: "", ...kind });
  if (number && shape.lowest !== null) [input.min, input.max] = [shape.lowest, shape.highest];
  const said = make("span", { class: "said" });
  const form = make("form", { class: "control" },
    make("label", { for: id, text: number && shape.unit ? `${plain(name)}, ${shape.unit}` : plain(name) }), said,
    make("div", { class: "row" }, input, make("button", { type: "submit", text: "Set" })));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(number ? Number(input.value) : input.value);
  });
  return {
    element: form,
    show(value) {
      said.textContent = value === undefined ? "" : attributeText(name, value);
    },
  };
}

// A labelled input of a form.
export function labelled(text, input) {
  input.id = fresh();
  return make("div", { class: "control" }, make("label", { for: input.id, text }), input);
}

function fresh() {
  return `control-${(numbers += 1)}`;
}
