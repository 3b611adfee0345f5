// How each kind of device is drawn when it is as it is: its tone, picture, ring, and a word beside it.

const WARM = "#ffc56b";

export function looks(view) {
  const { state, kind } = view;
  const look = { tone: "", glyph: kind, arc: null, value: "", color: null, light: 0, busy: false, ...KINDS[kind]?.(state) };
  if (state.identifying) look.busy = true;
  if (!view.power) return { ...look, tone: "dead", busy: false, light: 0 };
  return look;
}

function lamp(state) {
  const level = state.level ?? (state.on ? 100 : 0);
  const color = state.color && state.color !== "#000000" ? state.color : WARM;
  return {
    tone: level > 0 ? "lit" : "",
    arc: state.level ?? null,
    color,
    light: level > 0 ? 0.25 + 0.75 * (level / 100) : 0,
    value: level > 0 && state.level !== undefined ? `${Math.round(level)} %` : "",
  };
}

const alarm = (name) => (state) => (state[name] || state.testing ? { tone: "alarm", busy: true } : {});

const KINDS = {
  switch: lamp,
  dimmer: lamp,
  rgbw_lamp: lamp,
  blind: (state) => ({
    arc: 100 - state.position, tone: state.moving ? "active" : "", busy: state.moving,
    value: state.moving || state.position < 100 ? `${Math.round(state.position)} %` : "",
  }),
  lock: (state) => ({
    glyph: state.locked ? "lock" : "unlocked",
    tone: state.jammed ? "alarm" : state.locked ? "good" : "active",
    busy: state.moving,
    value: state.jammed ? "jammed" : "",
  }),
  thermostat: (state) => ({
    tone: state.heating ? "hot" : "",
    value: typeof state.setpoint === "number" ? `${state.setpoint}°` : state.mode,
  }),
  motion: (state) => (state.occupied ? { tone: "active", busy: true } : {}),
  door: (state) => (state.open ? { tone: "active" } : {}),
  climate: (state) => ({ value: `${state.temperature}°` }),
  leak: (state) => (state.wet ? { tone: "wet", busy: true } : {}),
  smoke: alarm("smoke"),
  siren: (state) => (state.tone > 0 ? { tone: "alarm", busy: true } : {}),
  plug: (state) => ({ tone: state.on ? "lit" : "", value: state.on ? `${Math.round(state.power)} W` : "" }),
  power_strip: (state) => {
    const on = (state.outlets ?? []).filter(Boolean).length;
    return { tone: on ? "lit" : "", value: on ? `${on}/${state.outlets.length}` : "" };
  },
};
