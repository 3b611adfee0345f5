// What people are told: every outcome and condition that the cloud or the hub has a word for, in a sentence.

const OUTCOMES = {
  confirmed: "done: the device confirmed",
  delivered: "it arrived, but this device does not say whether it did it",
  waiting: "the device sleeps; it will be told when it wakes",
  refused: "the device refused",
  unreachable: "does not answer",
  failed: "could not be sent",
};

const REFUSALS = {
  "wrong-boot": "the hub was started anew meanwhile",
  expired: "too late: the hub got it after its time",
  busy: "the hub has too much to do",
  unauthorised: "the hub does not let the cloud do that",
};

const STATES = {
  queued: "waits for the hub",
  sent: "under way",
  expired: "too late: the hub was not there in time",
  unknown: "nobody knows: the hub was started anew meanwhile, or has not said",
};

const PRESENCES = {
  ready: "",
  asleep: "sleeps",
  interviewing: "is being asked what it is",
  dead: "does not answer",
};

export function outcomeText(command) {
  const detail = command.detail ? ` (${command.detail})` : "";
  if (command.state === "done") return (OUTCOMES[command.outcome] ?? `ended: ${command.outcome}`) + detail;
  if (command.state === "refused") return (REFUSALS[command.outcome] ?? `the hub refused it: ${command.outcome}`) + detail;
  return STATES[command.state] ?? command.state;
}

export function isGood(command) {
  return command.state === "done" && ["confirmed", "delivered", "waiting", "done"].includes(command.outcome);
}

export function isOver(command) {
  return !["queued", "sent"].includes(command.state);
}

export function presenceText(state) {
  return PRESENCES[state] ?? String(state ?? "");
}

const UNITS = {
  level: "%", position: "%", tilt: "%", humidity: "%", battery: "%", temperature: "°C", illuminance: "lx",
  power: "W", energy: "kWh", pressure: "hPa",
};

export function valueText(name, value) {
  if (value === null || value === undefined) return "unknown";
  if (name === "on") return value ? "on" : "off";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") {
    const short = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
    return UNITS[name] ? `${short} ${UNITS[name]}` : short;
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export function wishText(wanted) {
  return Object.entries(wanted ?? {}).map(([name, value]) => {
    if (name === "on") return valueText(name, value);
    if (name === "locked") return value ? "locked" : "unlocked";
    return `${name} ${valueText(name, value)}`;
  }).join(", ");
}

export function timeText(unix) {
  return new Date(unix * 1000).toLocaleTimeString(undefined, { hour12: false });
}

export function msText(ms) {
  if (ms === null || ms === undefined) return "";
  return ms < 10 ? `${ms.toFixed(1)} ms` : ms < 10000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1000)} s`;
}

export function messageText(message) {
  const { kind, body } = message;
  const rest = Object.entries(body ?? {}).map(([name, value]) => `${name}=${short(value)}`).join(" ");
  return `${timeText(message.at)}  ${message.class}  ${kind}  ${rest}`;
}

function short(value) {
  const text = typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
