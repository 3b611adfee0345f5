// zwave-js on a serial port, with a listener that does what the agent's rules do: the lamp follows the motion sensor.
//
// node zwave_js.cjs tcp://127.0.0.1:PORT FOLDER        (NODE_PATH: where zwave-js is; FOLDER: for its cache)
//
// It says "ready" on stderr when the driver is, and "interviewed" when every node is. It is given its best: no log, and
// the listener calls the command class itself instead of going through setValue.

"use strict";

const { Driver, InterviewStage } = require("zwave-js");

const LAMP = 2;
const MOTION = 3;
const NOTIFICATION = 0x71;
const HOME_SECURITY = "Home Security";
const MOTION_DETECTED = 8;

const [port, folder] = process.argv.slice(2);
const driver = new Driver(port, {
    logConfig: { enabled: false },
    storage: { cacheDir: folder },
});

function say(line) {
    process.stderr.write(line + "\n");
}

function followMotion(_, change) {
    if (change.commandClass !== NOTIFICATION || change.property !== HOME_SECURITY) return;
    driver.controller.nodes.get(LAMP).commandClasses["Binary Switch"].set(change.newValue === MOTION_DETECTED);
}

function interviewed() {
    return [...driver.controller.nodes.values()].every(
        (node) => node.isControllerNode || node.interviewStage === InterviewStage.Complete);
}

driver.on("error", (error) => say(`error: ${error.message}`));
driver.on("driver ready", () => {
    say("ready");
    let told = false;
    const look = () => {
        if (told || !interviewed()) return;
        told = true;
        driver.controller.nodes.get(MOTION).on("value updated", followMotion);
        driver.controller.nodes.get(MOTION).on("value added", followMotion);
        say("interviewed");
    };
    for (const node of driver.controller.nodes.values()) node.on("interview completed", look);
    look();
});

process.on("SIGTERM", async () => {
    await driver.destroy().catch(() => undefined);
    process.exit(0);
});

driver.start().catch((error) => say(`error: ${error.message}`));
