// The home as the hub reported it: cards by room, changed in place so that nobody's focus is lost.

import { CONTROLS } from "/controls.js";
import { make } from "/make.js";
import { isGood, isOver, msText, outcomeText, presenceText, valueText, wishText } from "/words.js";

const WAIT_MS = 60000;
const REPORT_MS = 2000;

export class Home {
  constructor(rooms, wish, say) {
    this.rooms = rooms;
    this.wish = wish; // (device, wanted) => Promise<command>
    this.say = say; // (text, tone)
    this.cards = new Map();
  }

  begin(devices) {
    const present = new Set();
    for (const device of devices) for (const id of this.apply(device.id, device)) present.add(id);
    for (const id of [...this.cards.keys()]) if (!present.has(id)) this.remove(id);
  }

  change(devices) {
    for (const [id, view] of Object.entries(devices)) {
      if (view !== null) this.apply(id, view);
      else for (const card of [...this.cards.keys()]) if (card === id || card.startsWith(`${id}/`)) this.remove(card);
    }
  }

  command(command) {
    this.cards.get(command.device)?.command(command);
  }

  nameOf(device) {
    return this.cards.get(device)?.name ?? device;
  }

  // A device's view, and one for each of its parts.
  apply(id, view) {
    const parts = Object.values(view.endpoints ?? {}).filter((part) => part && typeof part.id === "string");
    const shown = parts.length ? parts.map((part) => ({ ...part, state: view.state })) : [{ ...view, id }];
    for (const one of shown) this.card(one).show(one);
    return shown.map((one) => one.id);
  }

  card(view) {
    let card = this.cards.get(view.id);
    if (!card) {
      card = new Card(view, this.wish, this.say);
      this.cards.set(view.id, card);
    }
    const name = String(view.name ?? view.id);
    if (card.name !== name) {
      card.rename(name);
      this.place(card);
    }
    return card;
  }

  place(card) {
    const list = this.room(card.name.includes(".") ? card.name.split(".")[0] : "home");
    const before = [...list.children].find((other) => other.dataset.name > card.name);
    list.insertBefore(card.element, before ?? null);
    this.sweep();
  }

  room(name) {
    for (const section of this.rooms.children) if (section.dataset.room === name) return section.querySelector("ul");
    const section = make("section", { "data-room": name });
    const title = make("h2", { text: name, id: `room-${this.rooms.children.length}-${Date.now()}` });
    section.setAttribute("aria-labelledby", title.id);
    const list = make("ul", { class: "cards" });
    section.append(title, list);
    const before = [...this.rooms.children].find((other) => other.dataset.room > name);
    this.rooms.insertBefore(section, before ?? null);
    return list;
  }

  remove(id) {
    this.cards.get(id)?.element.remove();
    this.cards.delete(id);
    this.sweep();
  }

  sweep() {
    for (const section of [...this.rooms.children]) if (!section.querySelector("li")) section.remove();
  }
}

class Card {
  constructor(view, wish, say) {
    this.id = view.id;
    this.wish = wish;
    this.say = say;
    this.controls = new Map();
    this.pending = null;
    this.element = make("li", { class: "card", "data-device": view.id });
    this.title = make("h3");
    this.said = make("p", { class: "said" });
    this.buttons = make("div");
    this.note = make("p", { class: "note" });
    this.element.append(this.title, this.buttons, this.said, this.note);
  }

  rename(name) {
    this.name = name;
    this.element.dataset.name = name;
    this.title.textContent = name;
    this.controls.clear();
    this.buttons.replaceChildren();
  }

  show(view) {
    const capabilities = view.capabilities && typeof view.capabilities === "object" ? view.capabilities : {};
    const words = [presenceText(view.state)];
    for (const [capability, attributes] of Object.entries(capabilities)) {
      if (!attributes || typeof attributes !== "object") continue;
      const [touched, build] = CONTROLS[capability] ?? [];
      if (build && touched in attributes) this.control(capability, build).show(attributes[touched]);
      for (const [name, value] of Object.entries(attributes)) {
        if (name !== touched && value !== false) words.push(`${name} ${valueText(name, value)}`);
      }
    }
    this.said.textContent = words.filter(Boolean).join(" · ");
    this.element.dataset.on = String(capabilities.on_off?.on === true);
    this.capabilities = capabilities;
    if (this.pending && cameTrue(capabilities, this.pending.wanted)) this.arrived();
  }

  control(capability, build) {
    let control = this.controls.get(capability);
    if (!control) {
      control = build(this.name, (wanted) => this.tap(wanted));
      this.controls.set(capability, control);
      this.buttons.append(control.element);
    }
    return control;
  }

  async tap(wanted) {
    const pending = { wanted, at: performance.now(), command: null };
    this.pending = pending;
    this.wait(true);
    this.tell(`${wishText(wanted)} was asked for`, "");
    pending.timer = setTimeout(() => this.over(pending, "has not answered yet", "bad"), WAIT_MS);
    try {
      const command = await this.wish(this.id, wanted);
      pending.command = command.id;
      if (this.pending === pending && command.state === "queued") this.tell("waits for the hub to come back", "");
    } catch (error) {
      this.over(pending, error.message, "bad");
    }
  }

  // The device itself said that it is so now.
  arrived() {
    const pending = this.pending;
    const took = msText(performance.now() - pending.at);
    this.over(pending, `${wishText(pending.wanted)} after ${took}`, "good", `tap to ${this.name}: ${took}`);
    this.note.dataset.ms = String(performance.now() - pending.at);
  }

  command(command) {
    const pending = this.pending;
    const mine = pending && (pending.command === command.id || same(pending.wanted, command.set));
    if (!mine || !isOver(command)) return;
    const end = () => this.over(pending, outcomeText(command), isGood(command) ? "" : "bad");
    if (command.outcome !== "confirmed") end();
    else if (cameTrue(this.capabilities, pending.wanted)) this.arrived();
    // Once the device confirmed, its report is on its way: that is what ends the waiting.
    else setTimeout(end, REPORT_MS);
  }

  over(pending, text, tone, aloud) {
    clearTimeout(pending.timer);
    if (this.pending !== pending) return;
    this.pending = null;
    this.wait(false);
    this.tell(text, tone);
    this.say(aloud ?? `${this.name}: ${text}`, tone);
  }

  wait(waiting) {
    this.element.dataset.pending = String(waiting);
    for (const control of this.controls.values()) control.wait(waiting);
  }

  tell(text, tone) {
    this.note.textContent = text;
    this.note.dataset.tone = tone;
  }
}

function cameTrue(capabilities, wanted) {
  return Object.entries(wanted).every(([name, value]) =>
    Object.values(capabilities).some((attributes) => attributes && attributes[name] === value));
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
