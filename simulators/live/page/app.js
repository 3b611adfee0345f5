// The page: hears how the world is, shows it, and has it do what a person wants.

import { send, takeToken } from "/api.js";
import { Faults } from "/faults.js";
import { Happenings } from "/happenings.js";
import { Panel } from "/panel.js";
import { Plan } from "/plan.js";
import { follow } from "/stream.js";
import { plain, radioName, weatherText } from "/words.js";
import { World } from "/world.js";

const at = (id) => document.getElementById(id);
const world = new World();

function say(text, tone = "") {
  at("status").dataset.tone = tone;
  at("status").textContent = text;
}

async function act(words) {
  try {
    await send("/api/do", { do: words });
    say("");
  } catch (error) {
    say(error.message, "bad");
  }
}

const panel = new Panel(at("panel"), world, { act, mark: (what, name) => plan.chosen(what, name) });
const plan = new Plan(at("plan"), world, { act, choose: (what, name) => panel.choose(what, name) });
const faults = new Faults(at("fault-form"), at("struck"), { nothing: at("nothing-struck"), healAll: at("heal-all") }, world, act);
const happenings = new Happenings(at("lines"), world);

function showHeader() {
  const { home, sticks, agent, weather } = world.view;
  at("title").textContent = `Simulated home: ${plain(home)}`;
  document.title = `${plain(home)}, simulated`;
  const places = Object.entries(sticks).map(([radio, place]) => `${radioName(radio)} ${agent ? "" : `at ${place}`}`.trim());
  at("sticks").textContent = agent ? `an agent runs it, on ${places.join(" and ")}` : `sticks: ${places.join(", ")}`;
  at("weather").textContent = weatherText(weather);
}

function showClock() {
  if (world.view) at("clock").textContent = `${world.dayText(world.now())}, ${world.timeText(world.now())}`;
}

world.listen((different) => {
  if (different === null) for (const part of [plan, panel, faults, happenings]) part.begin();
  else for (const part of [plan, panel, faults, happenings]) part.change(different);
  if (different === null || different.weather) showHeader();
  showClock();
});
setInterval(showClock, 1000);

takeToken();
follow("/api/events", {
  signal: new AbortController().signal,
  event(name, view) {
    if (name === "snapshot") world.begin(view);
    else if (name === "changed") world.change(view);
  },
  connected() {
    at("presence").dataset.live = "true";
    at("presence").textContent = "live";
    say("");
  },
  lost(error) {
    at("presence").dataset.live = "false";
    at("presence").textContent = "not live";
    say(`the simulated home cannot be heard (${error.message}); what you see may be old`, "bad");
  },
});
