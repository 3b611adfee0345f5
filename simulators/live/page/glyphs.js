// The picture of each kind of device, in a square of 24: lines, no areas.

import { draw } from "/make.js";

const BULB = "M9.5 18h5M10.5 21h3M12 3a6 6 0 0 0-3.6 10.8c.7.5 1.1 1.3 1.1 2.2h5c0-.9.4-1.7 1.1-2.2A6 6 0 0 0 12 3z";
const CHIP = "M7 7h10v10H7zM10 4v3M14 4v3M10 17v3M14 17v3M4 10h3M4 14h3M17 10h3M17 14h3";
const PATHS = {
  switch: BULB,
  dimmer: BULB,
  rgbw_lamp: BULB,
  blind: "M4 4h16M6 4v4h12V4M6 8v4h12V8M6 12v4h12v-4M12 16v4",
  lock: "M6 11h12v9H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11M12 14.5v2",
  unlocked: "M6 11h12v9H6zM8.5 11V6.5a3.5 3.5 0 0 1 6.9-.9M12 14.5v2",
  thermostat: "M6 6v12M10 6v12M14 6v12M18 6v12M4 9h16M4 15h16",
  motion: "M5 18A13 13 0 0 1 18 5M9 18a9 9 0 0 1 9-9M13 18a5 5 0 0 1 5-5M17.5 17.5h.01",
  door: "M7 21V3h10v18M4.5 21h15M14 12.5v.01",
  climate: "M10 14V5.5a2 2 0 0 1 4 0V14a4 4 0 1 1-4 0zM12 10v6.5",
  leak: "M12 3.5c3.5 4.5 5.5 7 5.5 10a5.5 5.5 0 0 1-11 0c0-3 2-5.5 5.5-10z",
  smoke: "M12 3c1 3.5-3 4.5-3 8.5-.9-.7-1.3-1.5-1.3-2.5C6 11 5.5 12.7 5.5 14.5a6.5 6.5 0 0 0 13 0C18.5 10 14 8 12 3z",
  plug: "M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4",
  remote: "M8 3h8v18H8zM12 7v.01M12 11v.01M12 15v.01",
  siren: "M7 17v-4.5a5 5 0 0 1 10 0V17M5 17h14v3.5H5zM12 4.5V3M5.8 7 4.7 5.9M18.2 7l1.1-1.1",
  power_strip: "M3 8h18v8H3zM7.5 12v.01M12 12v.01M16.5 12v.01",
  repeater: "M12 13v8M12 10.5v.01M8.5 14a5 5 0 0 1 0-7M15.5 7a5 5 0 0 1 0 7M6 16.5a8.5 8.5 0 0 1 0-12M18 4.5a8.5 8.5 0 0 1 0 12",
  captured: CHIP,
};

export function glyph(kind) {
  return draw("path", { class: "glyph", d: PATHS[kind] ?? CHIP });
}
