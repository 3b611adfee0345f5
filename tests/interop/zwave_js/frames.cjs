// Whole frames out of a stream of bytes, because zwave-js' mock takes each chunk that it gets for one frame.

"use strict";

const SOF = 0x01;
const SINGLE_BYTES = [0x06, 0x15, 0x18];

// Cuts a stream of bytes into frames; what cannot begin a frame is dropped, as the serial API does.
class Frames {
    #rest = Buffer.alloc(0);

    *take(chunk) {
        this.#rest = Buffer.concat([this.#rest, chunk]);
        while (this.#rest.length > 0) {
            const length = this.#length();
            if (length === undefined || length > this.#rest.length) return;
            const frame = this.#rest.subarray(0, length);
            this.#rest = this.#rest.subarray(length);
            if (frame[0] === SOF || SINGLE_BYTES.includes(frame[0])) yield frame;
        }
    }

    #length() {
        if (this.#rest[0] !== SOF) return 1;
        return this.#rest.length < 2 ? undefined : this.#rest[1] + 2;
    }
}

module.exports = { Frames };
