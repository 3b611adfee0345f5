// What people are told of things, in words.

const KINDS = {
  switch: "lamp at a switch", dimmer: "lamp with a dimmer", rgbw_lamp: "lamp with colours", blind: "blind", lock: "door lock",
  thermostat: "radiator thermostat", motion: "motion sensor", door: "door sensor", climate: "climate sensor",
  leak: "leak sensor", smoke: "smoke alarm", plug: "plug with a meter", remote: "remote", siren: "siren",
  power_strip: "power strip", repeater: "repeater", captured: "a real device's recording",
};
const RADIOS = { zwave: "Z-Wave", zigbee: "Zigbee" };
const UNITS = {
  level: "%", position: "%", battery: "%", humidity: "%", temperature: "°C", setpoint: "°C", illuminance: "lx",
  power: "W", load: "W",
};
const DOES = { sleep: "asleep", cook: "cooking", shower: "in the shower", watch: "watching television" };
const SAID = {
  on: ["on", "off"], open: ["open", "closed"], locked: ["locked", "unlocked"], occupied: ["sees somebody", "sees nobody"],
  wet: ["wet", "dry"], smoke: ["smoke", "no smoke"], jammed: ["jammed", ""], heating: ["heats", "does not heat"],
  testing: ["is tested", ""], identifying: ["blinks", ""], moving: ["moves", ""],
};
const LABELS = {
  on: "switched", open: "door", locked: "bolt", occupied: "motion", wet: "floor", smoke: "air", jammed: "bolt jammed",
};
const SILENT = ["color", "battery", "target", "last"];

export function kindText(kind) {
  return KINDS[kind] ?? String(kind);
}

export function radioText(device) {
  if (device.radio === null) return "no radio";
  const radio = RADIOS[device.radio] ?? device.radio;
  if (device.node === null) return `${radio}, in no network`;
  return `${radio} ${device.radio === "zigbee" ? addressText(device.node) : `node ${device.node}`}`;
}

function addressText(address) {
  return `0x${address.toString(16).padStart(4, "0")}`;
}

export function radioName(radio) {
  return RADIOS[radio] ?? radio;
}

export function doesText(resident) {
  return DOES[resident.does] ?? "";
}

export function ownName(name) {
  return name.includes(".") ? name.slice(name.indexOf(".") + 1) : name;
}

export function plain(name) {
  return name.replaceAll("_", " ");
}

// What a hand sets, as a caption.
export function labelText(name) {
  return LABELS[name] ?? plain(name);
}

export function numberText(name, value) {
  const short = String(Number(value.toPrecision(5)));
  return UNITS[name] ? `${short} ${UNITS[name]}` : short;
}

export function valueText(name, value) {
  if (value === null || value === undefined) return "unknown";
  if (typeof value === "boolean") return SAID[name]?.[value ? 0 : 1] ?? (value ? "yes" : "no");
  if (typeof value === "number") return numberText(name, value);
  if (Array.isArray(value)) return value.map((it) => (it === true ? "on" : it === false ? "off" : String(it))).join(", ");
  return String(value);
}

// One attribute, as "level 40 %", "on", "open".
export function attributeText(name, value) {
  const said = valueText(name, value);
  return typeof value === "boolean" && SAID[name] ? said : `${plain(name)} ${said}`;
}

// All that is to say of how a device is.
export function stateText(device) {
  const said = Object.entries(device.state)
    .filter(([name, value]) => !SILENT.includes(name) && value !== null)
    .map(([name, value]) => attributeText(name, value))
    .filter(Boolean);
  if (!device.power) said.unshift("without power");
  if (device.battery !== null) said.push(`battery ${numberText("battery", device.battery)}`);
  return said.join(", ");
}

export function secondsText(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

export function weatherText(weather) {
  const sky = weather.clouds > 0.7 ? "overcast" : weather.clouds > 0.3 ? "cloudy" : "clear";
  const rain = weather.rain > 0 ? `, rain ${numberText("", weather.rain)} mm/h` : "";
  return `outside ${weather.temperature.toFixed(1)} °C, ${sky}${rain}, wind ${weather.wind.toFixed(0)} m/s`;
}
