// zigbee2mqtt on a serial port with the broker that it needs, told to let devices in.
//
// node zigbee2mqtt_host.cjs CONFIGURATION FOLDER MOSQUITTO       (NODE_PATH: where zigbee2mqtt and mqtt are)
//
// CONFIGURATION is its configuration.yaml as JSON, without the broker's address. "ready" on stderr when it is up;
// told to "permit" on stdin, "permitted" when devices may join, and "initialized" of each that has been interviewed.

"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const net = require("node:net");
const path = require("node:path");
const readline = require("node:readline");
const mqtt = require("mqtt");

const PERMIT_S = 60;
const BUSY_MS = 500;
const TOPIC = "zigbee2mqtt/bridge/";

const [configuration, folder, mosquitto] = process.argv.slice(2);
const children = [];
let ending = false;

function say(line) {
    process.stderr.write(line + "\n");
}

function start(command, args, environment, output) {
    const child = spawn(command, args, { cwd: folder, env: { ...process.env, ...environment }, stdio: output });
    child.on("exit", (code) => {
        if (!ending) say(`error: ${path.basename(args[0])} ended with ${code}`);
    });
    children.push(child);
    return child;
}

function freePort() {
    return new Promise((resolve) => {
        const probe = net.createServer().listen(0, "127.0.0.1", () => {
            const { port } = probe.address();
            probe.close(() => resolve(port));
        });
    });
}

async function startBroker(port) {
    const config = path.join(folder, "mosquitto.conf");
    fs.writeFileSync(
        config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest stderr\n`);
    const broker = start(mosquitto, ["-c", config], {}, ["ignore", "ignore", "pipe"]);
    const lines = readline.createInterface({ input: broker.stderr });
    await new Promise((resolve) => lines.on("line", (line) => line.endsWith(" running") && resolve()));
}

function startZigbee2Mqtt(server) {
    const whole = { ...JSON.parse(configuration), mqtt: { base_topic: "zigbee2mqtt", server } };
    fs.writeFileSync(path.join(folder, "configuration.yaml"), JSON.stringify(whole));
    // It asks git whether it is the version that was built, and would build itself in somebody else's repository.
    start(
        process.execPath,
        [require.resolve("zigbee2mqtt/index.js")],
        { ZIGBEE2MQTT_DATA: folder, GIT_DIR: path.join(folder, "none") },
        "ignore");
}

let client;
let ready = false;

function permit() {
    client.publish(`${TOPIC}request/permit_join`, JSON.stringify({ time: PERMIT_S }));
}

function heard(topic, payload) {
    // The state "online" comes sooner, when nobody listens to requests yet.
    if (topic === "info" && !ready) {
        ready = true;
        say("ready");
    }
    if (topic === "response/permit_join") {
        if (payload.status === "ok") say("permitted");
        // The stick has passed on too many broadcasts of late, which it does not wait for.
        else setTimeout(permit, BUSY_MS);
    }
    if (topic === "event" && payload.type === "device_interview" && payload.data.status !== "started")
        say(`${payload.data.status === "successful" ? "initialized" : "error:"} ${payload.data.ieee_address}`);
}

async function main() {
    const port = await freePort();
    await startBroker(port);
    client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`);
    client.on("message", (topic, data) => heard(topic.slice(TOPIC.length), JSON.parse(data.toString())));
    await client.subscribeAsync([`${TOPIC}info`, `${TOPIC}event`, `${TOPIC}response/permit_join`]);
    startZigbee2Mqtt(`mqtt://127.0.0.1:${port}`);
    readline.createInterface({ input: process.stdin }).on("line", (line) => {
        if (line.trim() === "permit") permit();
    });
}

process.on("SIGTERM", async () => {
    ending = true;
    // The last that was started first.
    for (const child of children.reverse()) {
        const ended = new Promise((resolve) => child.on("exit", resolve));
        if (child.exitCode === null && child.kill("SIGTERM")) await ended;
    }
    process.exit(0);
});

main().catch((error) => say(`error: ${error.message}`));
