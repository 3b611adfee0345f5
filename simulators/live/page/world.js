// How the world is, as it was last told. Whoever listens hears what is different, with how it was before.

const BY_NAME = ["rooms", "doors", "devices", "residents"];

export class World {
  constructor() {
    this.view = null;
    this.hearers = [];
  }

  listen(hear) {
    this.hearers.push(hear);
  }

  begin(view) {
    this.view = view;
    this.heardAt = performance.now();
    for (const hear of this.hearers) hear(null);
  }

  change(changes) {
    const different = {};
    for (const [what, views] of Object.entries(changes)) {
      if (!BY_NAME.includes(what)) {
        different[what] = this.view[what];
        this.view[what] = views;
        continue;
      }
      different[what] = {};
      for (const [name, view] of Object.entries(views)) {
        different[what][name] = this.view[what][name];
        this.view[what][name] = view;
      }
    }
    this.heardAt = performance.now();
    for (const hear of this.hearers) hear(different);
  }

  // Unix seconds by the world's clock.
  now() {
    return this.view.now + (performance.now() - this.heardAt) / 1000;
  }

  timeText(unix) {
    return new Date(unix * 1000).toLocaleTimeString(undefined, { hour12: false, timeZone: this.view.timezone });
  }

  dayText(unix) {
    const day = { weekday: "short", day: "numeric", month: "short", timeZone: this.view.timezone };
    return new Date(unix * 1000).toLocaleDateString(undefined, day);
  }

  struckOn(target) {
    return this.view.struck.filter((it) => it.target === target);
  }

  peopleIn(room) {
    return Object.keys(this.view.residents).filter((name) => this.view.residents[name].room === room);
  }

  devicesIn(room) {
    return Object.keys(this.view.devices).filter((name) => this.view.devices[name].room === room);
  }

  doorsOf(room) {
    return Object.keys(this.view.doors).filter((name) => this.view.doors[name].between.includes(room));
  }
}
