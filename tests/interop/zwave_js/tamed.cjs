// Loaded before zwave-js' `mock-server`, so that it can be run beside other things: node -r ./tamed.cjs mock-server.cjs
//
// It announces nothing by mDNS, which would go out on all interfaces; and what comes by TCP reaches it frame by frame,
// one after the other, because it ends at a chunk of two frames.

"use strict";

const Module = require("node:module");
const net = require("node:net");
const { Frames } = require("./frames.cjs");

const nothing = async () => {};
const silence = {
    getResponder: () => ({
        createService: () => ({ advertise: nothing, end: nothing, destroy: nothing }),
        shutdown: nothing,
    }),
};
const load = Module._load;
Module._load = (request, ...others) => (request === "@homebridge/ciao" ? silence : load(request, ...others));

const createServer = net.createServer;
net.createServer = (onConnection) =>
    createServer((socket) => {
        const on = socket.on.bind(socket);
        const frames = new Frames();
        let before = Promise.resolve();
        socket.on = (event, handler) => {
            if (event !== "data") return on(event, handler);
            return on("data", (chunk) => {
                for (const frame of frames.take(chunk)) before = before.then(() => handler(frame));
            });
        };
        onConnection(socket);
    });
