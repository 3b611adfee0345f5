// What happens, in lines: made of what is different from before, the latest first.

import { make } from "/make.js";
import { attributeText, doesText, plain, radioName } from "/words.js";

const LINES_MAX = 200;
const SILENT = ["moving", "target", "temperature", "humidity", "illuminance", "color"];

export class Happenings {
  constructor(list, world) {
    this.list = list;
    this.world = world;
  }

  begin() {
    this.troubles = [...this.world.view.troubles];
    this.told = new Map(Object.entries(this.world.view.devices).map(([name, { state }]) => [name, { ...state }]));
  }

  change(different) {
    if (!different) return;
    for (const text of this.texts(different)) this.add(text);
  }

  add(text) {
    const { world } = this;
    const time = make("time", { text: world.timeText(world.now()) });
    this.list.prepend(make("li", {}, time, ` ${text}`));
    while (this.list.children.length > LINES_MAX) this.list.lastChild.remove();
  }

  * texts({ residents = {}, doors = {}, devices = {}, struck, troubles }) {
    const { view } = this.world;
    for (const [name, before] of Object.entries(residents)) yield* this.ofResident(name, before, view.residents[name]);
    for (const [name, before] of Object.entries(doors)) {
      const { between, open } = view.doors[name];
      if (open !== before.open) yield `the door between ${between.map(plain).join(" and ")} is ${open ? "open" : "closed"}`;
    }
    for (const [name, before] of Object.entries(devices)) yield* this.ofDevice(name, before, view.devices[name]);
    if (struck) yield* this.ofFaults(struck, view.struck);
    if (troubles) yield* this.ofTroubles(view.troubles);
  }

  * ofResident(name, before, after) {
    if (before.room !== after.room) yield `${plain(name)} walks into ${plain(after.room)}`;
    else if (before.does !== after.does) yield `${plain(name)} is ${doesText(after) || "awake"}`;
  }

  * ofDevice(name, before, after) {
    if (before.power !== after.power) yield `${name} ${after.power ? "has power again" : "has lost its power"}`;
    if (before.node !== after.node) yield `${name} ${after.node === null ? "has left its network" : `is in the network as ${after.node}`}`;
    if (after.state.moving) return; // Where it arrives is told.
    const told = this.told.get(name);
    this.told.set(name, { ...after.state });
    const said = Object.entries(after.state)
      .filter(([attribute, value]) => !SILENT.includes(attribute) && JSON.stringify(told[attribute]) !== JSON.stringify(value))
      .map(([attribute, value]) => attributeText(attribute, value)).filter(Boolean);
    if (said.length) yield `${name}: ${said.join(", ")}`;
  }

  * ofFaults(before, after) {
    const known = new Set(before.map((it) => it.number));
    const left = new Set(after.map((it) => it.number));
    for (const it of after) if (!known.has(it.number)) yield `${it.fault} strikes ${radioName(it.target)}`;
    for (const it of before) if (!left.has(it.number)) yield `${it.fault} on ${radioName(it.target)} is over`;
  }

  * ofTroubles(troubles) {
    const known = new Set(this.troubles);
    for (const it of troubles) if (!known.has(it)) yield `cannot be: ${it.slice(it.indexOf(": ") + 2)}`;
    this.troubles = [...troubles];
  }
}
