// One device: how it is, what a hand can do to it, its radio and its power, and what goes wrong with it.

import { button, controlFor, labelled } from "/controls.js";
import { FaultForm } from "/fault_form.js";
import { make } from "/make.js";
import { kindText, plain, radioText, stateText } from "/words.js";

export class DevicePanel {
  constructor(name, { world, act, choose }) {
    Object.assign(this, { name, world, act });
    const { touch, faults } = world.view;
    const view = this.view;
    this.controls = new Map();
    this.about = make("p");
    this.state = make("p", { class: "said" });
    this.element = make("div", {}, this.about, this.state);
    const room = button(`in ${plain(view.room)}`, () => choose("room", view.room), { class: "link" });
    this.element.append(make("p", {}, room));
    this.offerHands(touch[name].set);
    this.offerButtons(touch[name]);
    if (view.radio !== null) this.offerRadio();
    const mine = faults.filter((kind) => kind.target === "device" && kind.targets.includes(name));
    if (mine.length) this.element.append(make("h3", { text: "Let it fail" }), new FaultForm(world, act, mine, name).element);
  }

  get view() {
    return this.world.view.devices[this.name];
  }

  show() {
    const { view } = this;
    this.about.textContent = `${kindText(view.kind)}, ${radioText(view)}`;
    const struck = this.world.struckOn(this.name).map((it) => it.fault);
    this.state.textContent = [stateText(view), struck.length ? `struck by ${struck.join(", ")}` : ""].filter(Boolean).join("; ");
    for (const [attribute, control] of this.controls) {
      control.show(attribute === "battery" ? view.battery : view.state[attribute]);
    }
    if (this.power) this.power.textContent = view.power ? "Cut its power" : "Give it power";
    if (this.leaving) this.leaving.disabled = view.node === null;
  }

  offerHands(shapes) {
    const names = Object.keys(shapes);
    if (!names.length) return;
    this.element.append(make("h3", { text: "By hand" }));
    for (const attribute of names) {
      const control = controlFor(attribute, shapes[attribute], (value) => this.act(["set", this.name, `${attribute}=${value}`]));
      this.controls.set(attribute, control);
      this.element.append(control.element);
    }
  }

  offerButtons({ buttons, gestures }) {
    if (!buttons.length) return;
    let gesture = () => gestures[0];
    this.element.append(make("h3", { text: buttons.length > 1 ? "Its buttons" : "Its button" }));
    if (gestures.length > 1) {
      const select = make("select", {}, ...gestures.map((it) => make("option", { text: it })));
      gesture = () => select.value;
      this.element.append(labelled("How", select));
    }
    const press = (it) => this.act(["press", this.name, it, gesture()]);
    const row = buttons.map((it) => button(buttons.length > 1 ? plain(it) : "Press", () => press(it), { "aria-label": `Press ${it}` }));
    this.element.append(make("div", { class: "row" }, ...row));
  }

  offerRadio() {
    const pair = button("Pairing button", () => this.act(["join", this.name]));
    this.leaving = button("Leave the network", () => this.act(["leave", this.name]));
    this.power = button("", () => this.switchPower());
    this.element.append(make("h3", { text: "Its radio" }), make("div", { class: "row" }, pair, this.leaving, this.power));
  }

  switchPower() {
    if (this.view.power) this.act(["fault", "device.dead", `device=${this.name}`]);
    else if (this.world.struckOn(this.name).some((it) => it.fault === "device.dead")) this.act(["heal", "device.dead", this.name]);
    else this.act(["fault", "device.alive", `device=${this.name}`]);
  }
}
