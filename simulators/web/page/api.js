// The API of whatever served this page. A token comes in the fragment of the page's address, stays in this tab, and
// leaves the address bar.

const KEY = "token";

export function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get(KEY);
  if (given) {
    sessionStorage.setItem(KEY, given);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return sessionStorage.getItem(KEY);
}

export class Refused extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

export async function ask(path, { method = "GET", body, signal } = {}) {
  const token = sessionStorage.getItem(KEY);
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(path, {
    method, headers, signal, credentials: "omit", cache: "no-store",
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Refused(response.status, await reason(response));
  return response;
}

export async function get(path) {
  return (await ask(path)).json();
}

export async function send(path, body, method = "POST") {
  return (await ask(path, { method, body })).json();
}

async function reason(response) {
  try {
    return (await response.json()).error.text;
  } catch {
    return `it answered ${response.status}`;
  }
}
