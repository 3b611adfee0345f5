// What a person can touch: a switch, a slider, a lock. Each shows what the device reported, never what was asked.

import { make } from "/make.js";
import { valueText } from "/words.js";

let numbers = 0;

function switchControl(attribute, words) {
  return (label, wish) => {
    const button = make("button", { type: "button", role: "switch", "aria-checked": "false" });
    let reported = null;
    button.addEventListener("click", () => wish({ [attribute]: reported !== true }));
    return {
      element: button,
      show(value) {
        reported = value;
        button.setAttribute("aria-checked", String(value === true));
        button.setAttribute("aria-label", label);
        button.textContent = value === null ? "unknown" : value ? words[0] : words[1];
      },
      wait(waiting) { button.setAttribute("aria-busy", String(waiting)); },
    };
  };
}

function sliderControl(attribute, what) {
  return (label, wish) => {
    const id = `slider-${(numbers += 1)}`;
    const box = make("div");
    const caption = make("label", { for: id });
    const slider = make("input", { type: "range", id, min: 0, max: 100, step: 1, "aria-label": `${label}, ${what}` });
    box.append(caption, slider);
    let reported = null;
    const show = () => {
      slider.value = String(reported ?? 0);
      caption.textContent = `${what} ${valueText(attribute, reported)}`;
    };
    slider.addEventListener("input", () => { caption.textContent = `${what} ${slider.value} %?`; });
    slider.addEventListener("change", () => {
      const wanted = Number(slider.value);
      show();
      wish({ [attribute]: wanted });
    });
    return {
      element: box,
      show(value) { reported = typeof value === "number" ? value : null; show(); },
      wait(waiting) { slider.setAttribute("aria-busy", String(waiting)); },
    };
  };
}

// By capability: the attribute that is touched, and how.
export const CONTROLS = {
  on_off: ["on", switchControl("on", ["On", "Off"])],
  door_lock: ["locked", switchControl("locked", ["Locked", "Unlocked"])],
  level_control: ["level", sliderControl("level", "brightness")],
  window_covering: ["position", sliderControl("position", "open")],
};
