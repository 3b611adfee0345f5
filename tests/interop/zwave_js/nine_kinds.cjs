// A home of mock nodes for zwave-js' mock stick: for `mock_stick.cjs`, and for `npx mock-server -c nine_kinds.cjs`.
//
// What their mock has no behaviour for (Wake Up, Battery, Association, Association Group Information, Central Scene,
// the Get of Notification) is answered here, byte by byte, as SDS13782 and SDS13781 lay these commands out.

"use strict";

const IDENTIFIED = [
    { ccId: 0x72, version: 2 }, // Manufacturer Specific
    { ccId: 0x86, version: 3 }, // Version
    { ccId: 0x5e, version: 2 }, // Z-Wave Plus Info
];
const ASSOCIATED = [
    { ccId: 0x85, version: 2 }, // Association
    { ccId: 0x59, version: 1 }, // Association Group Information
];
const SUPERVISED = { ccId: 0x6c, version: 1 };

module.exports.default = ({ require }) => {
    const { ColorSwitchCCSet, CommandClass } = require("@zwave-js/cc");

    // In 15.29 their reading of a Color Switch Set throws, and their mock stays silent after it.
    ColorSwitchCCSet.from = ({ payload }, { sourceNodeId: nodeId }) => {
        const names = ["warmWhite", "coldWhite", "red", "green", "blue", "amber", "cyan", "purple"];
        const levels = Array.from({ length: payload[0] & 0x1f }, (_, at) => payload.subarray(1 + 2 * at, 3 + 2 * at));
        return new ColorSwitchCCSet({ nodeId, ...Object.fromEntries(levels.map(([name, level]) => [names[name], level])) });
    };

    // `answers` maps the first bytes of a command, in hex, to what is answered: hex, null for nothing, or a function
    // of the command's bytes and the node's state that returns either.
    const answering = (answers) => ({
        async handleCC(controller, self, received) {
            if (received.ccCommand === undefined) return undefined;
            const command = Buffer.from([received.ccId, received.ccCommand]).toString("hex");
            if (!(command in answers)) return undefined;
            const bytes = Buffer.from(await received.serialize(self.encodingContext));
            let answer = answers[command];
            if (typeof answer === "function") answer = answer(bytes, self);
            if (answer === null) return { action: "ok" };
            const [ccId, ccCommand, ...payload] = Buffer.from(answer, "hex");
            const cc = new CommandClass({
                nodeId: controller.ownNodeId,
                ccId,
                ccCommand,
                payload: Uint8Array.from(payload),
            });
            return { action: "sendCC", cc };
        },
    });
    const keep = (name) => (bytes, self) => (self.state.set(name, bytes.subarray(2).toString("hex")), null);

    const association = answering({
        8501: keep("lifeline"),
        8502: (_, self) => "85030105" + "00" + (self.state.get("lifeline") ?? "").slice(2),
        8505: "850601",
    });
    // Group 1 is called "Lifeline".
    const groups = answering({ 5901: "590201084c6966656c696e65" });
    const battery = (percent) => answering({ 8002: "8003" + Buffer.of(percent).toString("hex") });
    const wakeUp = answering({
        8404: keep("wake up"),
        8405: (_, self) => "8406" + (self.state.get("wake up") ?? "000e1000"),
        8408: (_, self) => ((self.autoAckControllerFrames = false), null),
        // From a minute to a day, an hour by default, in steps of a minute.
        8409: "840a00003c015180000e1000003c",
    });
    // No state is active.
    const quiet = answering({ 7104: (bytes) => "7105000000ff" + bytes.subarray(3, 4).toString("hex") + "0000" });
    // Three buttons, each with 1x, held down and released, 2x.
    const scenes = answering({ "5b01": "5b0203030f" });

    const node = (id, generic, specific, classes, { behaviors = [], ...capabilities } = {}) => ({
        id,
        capabilities: {
            genericDeviceClass: generic,
            specificDeviceClass: specific,
            commandClasses: [...IDENTIFIED, ...ASSOCIATED, ...classes],
            ...capabilities,
        },
        behaviors: [association, groups, ...behaviors],
    });
    const alarm = (type, events) => ({
        ccId: 0x71,
        version: 8,
        supportsV1Alarm: false,
        notificationTypesAndEvents: { [type]: events },
    });
    const meter = () => ({
        ccId: 0x32,
        version: 4,
        meterType: 1,
        supportedScales: [0, 2],
        supportedRateTypes: [1],
        supportsReset: false,
        getValue: (scale) => (scale === 0 ? 12.5 : 60),
    });
    const outlet = () => ({
        genericDeviceClass: 0x10,
        specificDeviceClass: 0x01,
        commandClasses: [{ ccId: 0x5e, version: 2 }, { ccId: 0x25, version: 2 }, meter()],
    });

    return {
        controller: {
            // Theirs, and 08 SoftReset, 56 GetSUCNodeId, which it answers without listing them.
            capabilities: {
                supportedFunctionTypes: [
                    0x02, 0x05, 0x07, 0x08, 0x13, 0x14, 0x15, 0x20, 0x41, 0x4a, 0x4b, 0x51, 0x55, 0x56, 0x60, 0xa9, 0xab,
                ],
            },
        },
        nodes: [
            node(2, 0x10, 0x01, [{ ccId: 0x25, version: 2 }, SUPERVISED]),
            node(3, 0x11, 0x01, [{ ccId: 0x26, version: 4 }]),
            node(
                4,
                0x40,
                0x03,
                [
                    {
                        ccId: 0x62,
                        version: 4,
                        supportedOperationTypes: [1],
                        supportedDoorLockModes: [0x00, 0xff],
                        doorSupported: true,
                        boltSupported: true,
                    },
                    { ccId: 0x63, version: 1, numUsers: 5, supportedUserIDStatuses: [0, 1, 2] },
                    { ccId: 0x80, version: 1 },
                    SUPERVISED,
                ],
                { isListening: false, isFrequentListening: "1000ms", behaviors: [battery(80)] },
            ),
            node(5, 0x08, 0x06, [
                { ccId: 0x40, version: 3, supportedModes: [0, 1, 2] },
                {
                    ccId: 0x43,
                    version: 3,
                    setpoints: {
                        // Their mock refuses what is above the least value.
                        1: { minValue: 25, maxValue: 30, defaultValue: 20, scale: "°C" },
                        2: { minValue: 16, maxValue: 32, defaultValue: 26, scale: "°C" },
                    },
                },
                {
                    ccId: 0x31,
                    version: 11,
                    sensors: { 1: { supportedScales: [0] } },
                    getValue: () => 21.5,
                },
            ]),
            node(6, 0x21, 0x01, [
                { ccId: 0x30, version: 2, supportedSensorTypes: [0x0c], getValue: () => false },
                {
                    ccId: 0x31,
                    version: 11,
                    sensors: {
                        1: { supportedScales: [0] },
                        3: { supportedScales: [1] },
                        5: { supportedScales: [0] },
                    },
                    getValue: (type) => ({ 1: 19.25, 3: 320, 5: 48 })[type],
                },
            ]),
            node(7, 0x07, 0x01, [alarm(7, [8])], { behaviors: [quiet] }),
            node(8, 0x07, 0x01, [alarm(6, [0x16, 0x17])], { behaviors: [quiet] }),
            node(9, 0x07, 0x01, [alarm(5, [2])], { behaviors: [quiet] }),
            node(10, 0x07, 0x01, [alarm(1, [2])], { behaviors: [quiet] }),
            node(
                11,
                0x21,
                0x01,
                [
                    { ccId: 0x84, version: 2 },
                    { ccId: 0x80, version: 1 },
                    { ccId: 0x31, version: 11, sensors: { 1: { supportedScales: [0] } }, getValue: () => 4.5 },
                    {
                        ccId: 0x70,
                        version: 3,
                        parameters: [
                            { "#": 1, valueSize: 1, name: "LED", format: 0, minValue: 0, maxValue: 2, defaultValue: 1 },
                        ],
                    },
                ],
                { isListening: false, isFrequentListening: false, behaviors: [battery(67), wakeUp] },
            ),
            node(12, 0x10, 0x04, [{ ccId: 0x60, version: 4 }, { ccId: 0x25, version: 2 }], {
                endpoints: [outlet(), outlet()],
            }),
            node(13, 0x11, 0x01, [
                { ccId: 0x26, version: 4 },
                { ccId: 0x33, version: 3, colorComponents: { 0: 0, 2: 0, 3: 0, 4: 0 } },
            ]),
            node(14, 0x11, 0x07, [{ ccId: 0x6a, version: 1, supportedParameters: [13], travelTime: 0 }]),
            node(15, 0x10, 0x01, [{ ccId: 0x25, version: 2 }, meter()]),
            node(16, 0x18, 0x01, [{ ccId: 0x5b, version: 3 }], { behaviors: [scenes] }),
        ],
        joining: [node(20, 0x10, 0x01, [{ ccId: 0x25, version: 2 }])],
    };
};
