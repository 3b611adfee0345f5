// The page: which hub, is it there, its home, and what became of each wish.

import { get, Refused, send, takeToken } from "/api.js";
import { Home } from "/home.js";
import { make } from "/make.js";
import { follow } from "/stream.js";
import { messageText, msText, outcomeText, timeText, wishText } from "/words.js";

const LINES_MAX = 100;
const ROWS_MAX = 20;
const LOOK_AGAIN_MS = 2000;

const at = (id) => document.getElementById(id);
let stop = new AbortController();

function say(text, tone = "") {
  at("status").dataset.tone = tone;
  at("status").textContent = text;
}

function showPresence(hub) {
  const text = hub === null ? "has not come yet"
    : `${hub.id} is ${hub.online ? "on line" : "off line"} since ${timeText(hub.since)}`;
  at("presence").dataset.online = hub === null ? "unknown" : String(hub.online);
  at("presence").textContent = text + (hub && !hub.online ? ": what you see is what it last said" : "");
}

function addLine(list, section, text) {
  const lines = at(list);
  lines.prepend(make("li", { text }));
  while (lines.children.length > LINES_MAX) lines.lastChild.remove();
  at(section).hidden = false;
}

function showWish(command, home) {
  if (command.kind !== "set") return;
  const rows = at("wish-rows");
  let row = rows.querySelector(`[data-id="${CSS.escape(command.id)}"]`);
  if (!row) {
    row = make("tr", { "data-id": command.id });
    rows.prepend(row);
    while (rows.children.length > ROWS_MAX) rows.lastChild.remove();
  }
  const cells = [home.nameOf(command.device), wishText(command.set), outcomeText(command), msText(command.ms), msText(command.lamp_ms)];
  row.replaceChildren(...cells.map((text) => make("td", { text })));
  at("wishes").hidden = false;
}

function open(hub) {
  stop.abort();
  stop = new AbortController();
  const path = `/v1/hubs/${encodeURIComponent(hub)}`;
  const wish = (device, wanted) => send(`${path}/commands`, { device, set: wanted });
  at("rooms").replaceChildren();
  const home = new Home(at("rooms"), wish, say);

  const hear = {
    snapshot(view) {
      showPresence(view.hub);
      home.begin(view.devices);
      for (const list of ["wish-rows", "told-lines", "complaint-lines"]) at(list).replaceChildren();
      for (const message of view.messages) addLine("told-lines", "told", messageText(message));
      for (const command of [...(view.hub?.commands ?? [])].reverse()) showWish(command, home);
      for (const complaint of view.hub?.complaints ?? []) hear.complaint(complaint);
    },
    hub: showPresence,
    devices(view) {
      if (view.anew) home.begin(Object.entries(view.devices).filter(([, it]) => it).map(([id, it]) => ({ ...it, id })));
      else home.change(view.devices);
    },
    command(command) {
      showWish(command, home);
      home.command(command);
    },
    messages(view) {
      for (const message of view.messages) addLine("told-lines", "told", messageText(message));
    },
    complaint(complaint) {
      const text = `${timeText(complaint.at)}  ${complaint.reason}: ${complaint.detail}`;
      addLine("complaint-lines", "complaints", text);
    },
  };
  let missed = false;
  follow(`${path}/events`, {
    signal: stop.signal,
    event: (name, view) => hear[name]?.(view),
    connected() {
      if (missed) say("the cloud is there again");
      missed = false;
      at("rooms").dataset.live = "true";
    },
    lost(error) {
      missed = true;
      at("rooms").dataset.live = "false";
      say(`the cloud cannot be heard (${error.message}); what you see may be old`, "bad");
    },
  });
}

function offer(hubs) {
  const nav = at("hubs");
  nav.hidden = hubs.length < 2;
  nav.replaceChildren(...hubs.map((hub) => {
    const button = make("button", { type: "button", text: hub.id });
    button.addEventListener("click", () => {
      for (const other of nav.children) other.removeAttribute("aria-current");
      button.setAttribute("aria-current", "true");
      open(hub.id);
    });
    return button;
  }));
  if (hubs.length > 1) nav.firstChild.setAttribute("aria-current", "true");
}

async function prepareManners() {
  const { there_is: thereIs, active } = await get("/v1/misbehave");
  at("misbehaviour").replaceChildren(
    ...Object.entries(thereIs).map(([name, text]) => make("option", { value: name, text: `${name}: ${text}` })));
  at("misbehaving").textContent = active.length ? `now: ${active.join(", ")}` : "";
  at("manners").hidden = false;
  at("manners-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const seconds = Number(at("seconds").value);
      const { text } = await send("/v1/misbehave", { do: at("misbehaviour").value, seconds });
      at("misbehaving").textContent = text;
    } catch (error) {
      say(error.message, "bad");
    }
  });
}

async function begin() {
  if (!takeToken()) {
    say("this page needs the token: open the address that the cloud printed when it was started", "bad");
    return;
  }
  for (;;) {
    try {
      const { hubs } = await get("/v1/hubs");
      if (at("manners").hidden) await prepareManners();
      if (hubs.length) {
        say("");
        offer(hubs);
        open(hubs[0].id);
        return;
      }
      say("no hub has come yet; the terminal of the cloud shows what to type");
    } catch (error) {
      say(error.message, "bad");
      if (error instanceof Refused && error.status === 401) return;
    }
    await new Promise((resolve) => { setTimeout(resolve, LOOK_AGAIN_MS); });
  }
}

begin();
