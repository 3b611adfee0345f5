// zwave-js' own mock stick with mock nodes on a TCP port, told what to do by lines of JSON on stdin.
//
// What is ours here is the port and the control channel: bytes from TCP are cut into frames, because the mock takes
// each chunk for one frame; nothing is announced by mDNS; and the cable can be pulled. The stick and the nodes are
// theirs, in their default behaviour. The configuration is one that `npx mock-server -c` takes as well.
//
// A line in: {"id": 1, "do": "send", ...}. A line out: {"id": 1, "result": ...}, {"id": 1, "error": "..."}, or, when
// something happens by itself, {"event": "host", ...}. It ends when stdin does.
//
// node mock_stick.cjs CONFIG.cjs [NODE...]        (NODE_PATH: where zwave-js is; NODE: only these of the nodes)

"use strict";

const net = require("node:net");
const path = require("node:path");
const readline = require("node:readline");
const { CommandClass } = require("@zwave-js/cc");
const { createAndOpenMockedZWaveSerialPort } = require("@zwave-js/serial/mock");
const { MockController, MockNode, createMockZWaveRequestFrame } = require("@zwave-js/testing");
const { createDefaultMockControllerBehaviors, createDefaultMockNodeBehaviors } = require("zwave-js/Testing");
const { Frames } = require("./frames.cjs");

const ACK = 0x06;

function say(what) {
    process.stdout.write(JSON.stringify(what) + "\n");
}

// A frame that the host does not acknowledge, because the cable was pulled, is a rejected promise in the mock.
process.on("unhandledRejection", (reason) => say({ event: "trouble", text: String(reason?.message ?? reason) }));

const hex = (bytes) => Buffer.from(bytes).toString("hex");

function rawCommand(nodeId, text) {
    const bytes = Buffer.from(text, "hex");
    return new CommandClass({ nodeId, ccId: bytes[0], ccCommand: bytes[1], payload: bytes.subarray(2) });
}

// The port: one client at a time, each frame in a write of its own. Where nobody is there to acknowledge a frame of the
// mock's, the port does it: the mock counts acknowledgements, and would take the next client's for the missing ones.
class Port {
    #serial;
    #socket;
    #server;
    #writes = Promise.resolve();
    #unacknowledged = 0;

    constructor(serial, plugged) {
        this.#serial = serial;
        this.#server = net.createServer((socket) => {
            if (this.#socket !== undefined) {
                socket.destroy();
                return;
            }
            plugged();
            this.#socket = socket;
            socket.setNoDelay(true);
            const frames = new Frames();
            socket.on("data", (chunk) => {
                for (const frame of frames.take(chunk)) this.#toMock(frame);
            });
            socket.on("error", () => {});
            socket.on("close", () => {
                this.#socket = undefined;
                while (this.#unacknowledged > 0) this.#toMock(Buffer.of(ACK));
                say({ event: "disconnected" });
            });
            say({ event: "connected" });
        });
    }

    listen(port) {
        return new Promise((resolve, reject) => {
            this.#server.once("error", reject);
            this.#server.listen(port, "127.0.0.1", () => resolve(this.#server.address().port));
        });
    }

    write(data) {
        const isFrame = typeof data !== "number";
        if (isFrame) this.#unacknowledged += 1;
        if (this.#socket !== undefined) this.#socket.write(isFrame ? data : Uint8Array.of(data));
        else if (isFrame) this.#toMock(Buffer.of(ACK));
    }

    #toMock(frame) {
        if (frame[0] === ACK) this.#unacknowledged = Math.max(0, this.#unacknowledged - 1);
        this.#writes = this.#writes.then(() => this.#serial.writeAsync(frame));
    }

    pull() {
        return new Promise((resolve) => {
            this.#server.close(resolve);
            this.#socket?.destroy();
        });
    }
}

// A node that neither acknowledges nor answers, because it is dead or asleep.
const deafness = {
    handleCC(controller, self) {
        return self.autoAckControllerFrames ? undefined : { action: "stop" };
    },
};

const isAsleepAtFirst = (node) => !node.capabilities.isListening && !node.capabilities.isFrequentListening;

function prepare(node, options) {
    node.defineBehavior(...createDefaultMockNodeBehaviors());
    if (options.behaviors) node.defineBehavior(...options.behaviors);
    node.defineBehavior(deafness);
    if (isAsleepAtFirst(node)) node.autoAckControllerFrames = false;
}

async function main() {
    let config = require(path.resolve(process.argv[2])).default;
    if (typeof config === "function") config = config({ require });

    const { port: mockPort, serial } = await createAndOpenMockedZWaveSerialPort();
    const controller = await MockController.create({
        homeId: 0x7e570001,
        ownNodeId: 1,
        ...config.controller,
        mockPort,
        serial,
    });
    controller.defineBehavior(...createDefaultMockControllerBehaviors());
    if (config.controller?.behaviors) controller.defineBehavior(...config.controller.behaviors);
    controller.defineBehavior({
        onHostMessage(_, message) {
            const nodeId = message.getNodeId();
            const command = message.serializedCC ? { command: hex(message.serializedCC) } : {};
            const heard = controller.nodes.get(nodeId)?.autoAckControllerFrames;
            say({ event: "host", function: message.functionType, node: nodeId, heard, ...command });
        },
    });
    const wanted = process.argv.slice(3).map(Number);
    const isWanted = (options) => wanted.length === 0 || wanted.includes(options.id);
    for (const options of (config.nodes ?? []).filter(isWanted)) {
        const node = await MockNode.create({ ...options, controller });
        controller.addNode(node);
        prepare(node, options);
    }

    // A stick that was pulled has forgotten what it was doing when it comes back.
    const port = new Port(serial, () => controller.state.clear());
    const number = await port.listen(0);
    (async () => {
        for await (const chunk of serial.readable) port.write(chunk.data);
    })();

    const nodeOf = ({ node }) => {
        const known = controller.nodes.get(node);
        if (known === undefined) throw new Error(`there is no node ${node}`);
        return known;
    };
    const send = (node, text) =>
        node.sendToController(createMockZWaveRequestFrame(rawCommand(controller.ownNodeId, text)));

    const actions = {
        // The node says something of itself.
        send: (line) => send(nodeOf(line), line.command),
        deafen: (line) => void (nodeOf(line).autoAckControllerFrames = false),
        cure: (line) => void (nodeOf(line).autoAckControllerFrames = true),
        // A sleeping node wakes up, says so, and hears until it is sent back to sleep.
        wake: (line) => {
            nodeOf(line).autoAckControllerFrames = true;
            return send(nodeOf(line), "8407");
        },
        // A new node waits to be included.
        join: () => {
            const [options] = config.joining;
            controller.nodePendingInclusion = { ...options, setup: (node) => prepare(node, options) };
        },
        pull: () => port.pull(),
        plug: () => port.listen(number),
        // Answered after everything before it: to know that all events up to now have been read.
        settle: () => {},
    };
    say({ event: "listening", port: number });

    for await (const text of readline.createInterface({ input: process.stdin })) {
        const line = JSON.parse(text);
        try {
            say({ id: line.id, result: (await actions[line.do](line)) ?? null });
        } catch (error) {
            say({ id: line.id, error: String(error?.message ?? error) });
        }
    }
    process.exit(0);
}

main();
