// Server-sent events by fetch: EventSource cannot send the token. Comes back by itself, and tells when it is gone.

import { ask, Refused } from "/api.js";

const SILENCE_MS = 25000; // It says something every ten seconds.
const BACK_MS = [250, 500, 1000, 2000, 5000];

export async function follow(path, { event, connected, lost, signal }) {
  for (let tries = 0; !signal.aborted; tries += 1) {
    const attempt = new AbortController();
    const end = () => attempt.abort();
    signal.addEventListener("abort", end, { once: true });
    try {
      await listen(path, attempt, (name, data) => {
        if (name === "snapshot") {
          tries = 0;
          connected();
        }
        event(name, data);
      });
      throw new Error("the stream ended");
    } catch (error) {
      if (signal.aborted) return;
      lost(error);
      if (error instanceof Refused && [401, 403, 404].includes(error.status)) return;
    } finally {
      signal.removeEventListener("abort", end);
      attempt.abort();
    }
    await pause(BACK_MS[Math.min(tries, BACK_MS.length - 1)], signal);
  }
}

async function listen(path, attempt, event) {
  let timer = setTimeout(() => attempt.abort(), SILENCE_MS);
  try {
    const response = await ask(path, { signal: attempt.signal });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => attempt.abort(), SILENCE_MS);
      const blocks = (text + value).split("\n\n");
      text = blocks.pop();
      for (const block of blocks) dispatch(block, event);
    }
  } finally {
    clearTimeout(timer);
  }
}

function dispatch(block, event) {
  let name = "message";
  const data = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event: ")) name = line.slice(7);
    else if (line.startsWith("data: ")) data.push(line.slice(6));
  }
  if (data.length) event(name, JSON.parse(data.join("\n")));
}

function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
