// One room: its air, its doors and windows, who and what is in it. The outside has the weather.

import { button, flag } from "/controls.js";
import { make } from "/make.js";
import { kindText, numberText, ownName, plain, stateText, weatherText } from "/words.js";

const WEATHER = { temperature: "temperature, °C", clouds: "clouds, 0 to 1", rain: "rain, mm/h", wind: "wind, m/s" };

export class RoomPanel {
  constructor(name, { world, act, choose }) {
    Object.assign(this, { name, world, act });
    this.air = make("p", { class: "said" });
    this.element = make("div", {}, this.air);
    this.doors = new Map();
    this.devices = new Map();
    if (name === "outside") this.offerWeather();
    this.offerOpenings();
    this.offerPeople();
    this.offerDevices(choose);
  }

  show() {
    const { rooms, doors, devices, residents, weather } = this.world.view;
    const room = rooms[this.name];
    this.air.textContent = room ? [
      numberText("temperature", room.temperature), `${numberText("humidity", room.humidity)} humidity`,
      numberText("illuminance", Math.round(room.light)),
    ].join(", ") : weatherText(weather);
    for (const [door, control] of this.doors) {
      control.show(doors[door].open);
      control.element.dataset.locked = String(doors[door].locked);
    }
    this.windows?.show(room.windows.some(Boolean));
    for (const [name, element] of this.people) element.hidden = residents[name].room === this.name;
    this.elsewhere.hidden = [...this.people.values()].every((it) => it.hidden);
    for (const [name, element] of this.devices) {
      element.textContent = [plain(ownName(name)), stateText(devices[name]) || kindText(devices[name].kind)].join(": ");
    }
  }

  offerOpenings() {
    const { doors, rooms } = this.world.view;
    const windows = rooms[this.name]?.windows.length ?? 0;
    const names = this.world.doorsOf(this.name);
    if (!names.length && !windows) return;
    this.element.append(make("h3", { text: "Doors and windows" }));
    for (const name of names) {
      const other = doors[name].between.find((it) => it !== this.name);
      const [one, two] = this.name === "outside" ? [other, this.name] : [this.name, other];
      const control = flag("open", (open) => this.act([open ? "open" : "close", one, two]), `door to ${plain(other)}`);
      this.doors.set(name, control);
      this.element.append(control.element);
    }
    if (windows) {
      const label = windows > 1 ? "all windows" : "window";
      this.windows = flag("open", (open) => this.act([open ? "open" : "close", this.name, "window"]), label);
      this.element.append(this.windows.element);
    }
  }

  offerPeople() {
    this.people = new Map(Object.keys(this.world.view.residents).map((name) =>
      [name, button(`Send ${plain(name)} here`, () => this.act(["walk", name, this.name]))]));
    this.elsewhere = make("div", {}, make("h3", { text: "People" }), make("div", { class: "row" }, ...this.people.values()));
    this.element.append(this.elsewhere);
  }

  offerDevices(choose) {
    const names = this.world.devicesIn(this.name);
    if (!names.length) return;
    for (const name of names) this.devices.set(name, button("", () => choose("device", name)));
    const items = [...this.devices.values()].map((element) => make("li", {}, element));
    this.element.append(make("h3", { text: "Devices" }), make("ul", { class: "plain" }, ...items));
  }

  offerWeather() {
    const inputs = Object.entries(WEATHER).map(([name, text]) => {
      const input = make("input", { id: `weather-${name}`, type: "number", step: "any", min: -100, max: 100 });
      return [name, input, make("label", { for: `weather-${name}`, text })];
    });
    const form = make("form", { class: "grid" }, ...inputs.flatMap(([, input, label]) => [label, input]),
      make("button", { type: "submit", text: "Hold the weather" }),
      button("Let it go", () => this.act(["weather", ...Object.keys(WEATHER).map((name) => `${name}=auto`)])));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const held = inputs.filter(([, input]) => input.value !== "").map(([name, input]) => `${name}=${input.value}`);
      if (held.length) this.act(["weather", ...held]);
    });
    this.element.append(make("h3", { text: "The weather" }), form);
  }
}
