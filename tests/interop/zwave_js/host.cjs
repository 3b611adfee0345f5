// The real zwave-js as a host on a TCP serial port, told what to do by lines of JSON on stdin.
//
// A line in: {"id": 1, "do": "setValue", ...}. A line out: {"id": 1, "result": ...}, {"id": 1, "error": "..."}, or, when
// something happens by itself, {"event": "value updated", ...}. It ends when stdin does.
//
// node host.cjs tcp://127.0.0.1:PORT FOLDER        (NODE_PATH: where zwave-js is; FOLDER: for its cache and log)

"use strict";

const path = require("node:path");
const readline = require("node:readline");
const Transport = require("winston-transport");
const { ControllerStatus, Driver, InclusionStrategy, InterviewStage, NodeStatus } = require("zwave-js");

const [port, folder] = process.argv.slice(2);
const problems = [];

// zwave-js tells people where its log is; stdout is for our lines.
console.log = console.error;

class Problems extends Transport {
    log(info, next) {
        if (info.level === "error" || info.level === "warn") problems.push(`${info.level}: ${String(info.message)}`);
        next();
    }
}

const key = (byte) => Buffer.alloc(16, byte);
const driver = new Driver(port, {
    logConfig: {
        enabled: true,
        level: "debug",
        logToFile: true,
        filename: path.join(folder, "zwave-js"),
        maxFiles: 1,
        transports: [new Problems()],
    },
    storage: { cacheDir: path.join(folder, "cache"), throttle: "fast" },
    securityKeys: {
        S0_Legacy: key(0x01),
        S2_Unauthenticated: key(0x11),
        S2_Authenticated: key(0x22),
        S2_AccessControl: key(0x33),
    },
    // What a device says counts, not what was asked of it.
    disableOptimisticValueUpdate: true,
});

function say(what) {
    process.stdout.write(JSON.stringify(what) + "\n");
}

function nodeOf(command) {
    return driver.controller.nodes.getOrThrow(command.node);
}

function describe(node) {
    return {
        node: node.id,
        stage: InterviewStage[node.interviewStage],
        status: NodeStatus[node.status],
        generic: node.deviceClass?.generic.key ?? null,
        commandClasses: [...node.getEndpoint(0).implementedCommandClasses]
            .filter(([, info]) => info.isSupported)
            .map(([commandClass]) => commandClass),
    };
}

function watchNode(node) {
    node.on("ready", () => say({ event: "node ready", node: node.id }));
    node.on("interview completed", () => say({ event: "interviewed", node: node.id }));
    node.on("interview failed", (_, failure) =>
        say({ event: "interview failed", node: node.id, message: failure.errorMessage, final: failure.isFinal }));
    node.on("value added", (_, arguments_) => say({ event: "value", node: node.id, ...arguments_ }));
    node.on("value updated", (_, arguments_) => say({ event: "value", node: node.id, ...arguments_ }));
    node.on("value notification", (_, arguments_) =>
        say({ event: "value notification", node: node.id, ...arguments_ }));
    node.on("notification", (endpoint, commandClass, arguments_) =>
        say({ event: "notification", node: node.id, endpoint: endpoint.index, commandClass, arguments: arguments_ }));
    for (const status of ["alive", "dead", "awake", "asleep"]) {
        node.on(status === "awake" ? "wake up" : status === "asleep" ? "sleep" : status, () =>
            say({ event: status, node: node.id }));
    }
}

const COMMANDS = {
    nodes: () => [...driver.controller.nodes.values()].map(describe),
    values: (command) =>
        nodeOf(command).getDefinedValueIDs().map((id) => ({ ...id, value: nodeOf(command).getValue(id) ?? null })),
    setValue: (command) => nodeOf(command).setValue(command.valueId, command.value),
    pollValue: (command) => nodeOf(command).pollValue(command.valueId),
    ping: (command) => nodeOf(command).ping(),
    refreshInfo: (command) => nodeOf(command).refreshInfo(),
    beginInclusion: () => driver.controller.beginInclusion({ strategy: InclusionStrategy.Insecure }),
    stopInclusion: () => driver.controller.stopInclusion(),
    beginExclusion: () => driver.controller.beginExclusion(),
    stopExclusion: () => driver.controller.stopExclusion(),
    removeFailedNode: (command) => driver.controller.removeFailedNode(command.node),
    rebuildNodeRoutes: (command) => driver.controller.rebuildNodeRoutes(command.node),
    neighbors: (command) => driver.controller.getNodeNeighbors(command.node),
    controller: () => ({
        homeId: driver.controller.homeId,
        ownNodeId: driver.controller.ownNodeId,
        sdkVersion: driver.controller.sdkVersion,
        region: driver.controller.rfRegion ?? null,
    }),
    backup: async () => Buffer.from(await driver.controller.backupNVMRaw()).toString("hex"),
    restore: (command) => driver.controller.restoreNVMRaw(Buffer.from(command.image, "hex")),
    softReset: () => driver.softReset(),
    problems: () => problems,
    close: () => driver.destroy(),
};

async function obey(line) {
    const command = JSON.parse(line);
    try {
        say({ id: command.id, result: (await COMMANDS[command.do](command)) ?? null });
    } catch (error) {
        say({ id: command.id, error: String(error.message ?? error) });
    }
}

driver.on("error", (error) => say({ event: "driver error", message: error.message }));
driver.on("driver ready", () => {
    const { controller } = driver;
    for (const node of controller.nodes.values()) watchNode(node);
    controller.on("status changed", (status) =>
        say({ event: "controller status", status: ControllerStatus[status] }));
    controller.on("node found", ({ id }) => say({ event: "node found", node: id }));
    controller.on("node added", (node) => {
        watchNode(node);
        say({ event: "node added", node: node.id });
    });
    controller.on("node removed", (node, reason) => say({ event: "node removed", node: node.id, reason }));
    controller.on("inclusion started", () => say({ event: "inclusion started" }));
    controller.on("exclusion started", () => say({ event: "exclusion started" }));
    controller.on("inclusion failed", () => say({ event: "inclusion failed" }));
    controller.on("exclusion failed", () => say({ event: "exclusion failed" }));
    say({ event: "driver ready" });
});

const lines = readline.createInterface({ input: process.stdin });
lines.on("line", obey);
lines.on("close", async () => {
    // In the middle of an interview it can take many seconds to destroy, and nobody waits for what it would still do.
    setTimeout(() => process.exit(0), 1000);
    await driver.destroy().catch(() => undefined);
    process.exit(0);
});

driver.start().catch((error) => say({ event: "driver error", message: error.message }));
