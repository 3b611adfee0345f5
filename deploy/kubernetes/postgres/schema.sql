-- What a cloud keeps of its hubs, and the one transaction that makes "nothing lost, nothing twice" true (UPLINK.md,
-- "Numbered messages"). PostgreSQL 13 or newer.

-- All of it is the database's owner's, as whom consumers come. CloudNativePG runs this as a superuser, and what that one
-- makes nobody else may touch.
DO $$ BEGIN
    EXECUTE format('SET ROLE %I', (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()));
END $$;

CREATE TABLE hub (
    id text PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9-]{6,62}[a-z0-9]$'),
    incarnation bytea NOT NULL CHECK (octet_length(incarnation) = 8),
    boot bigint NOT NULL CHECK (boot >= 0),
    epoch bigint NOT NULL CHECK (epoch >= 0),
    reported bigint NOT NULL DEFAULT 0 CHECK (reported >= 0),
    desired bigint NOT NULL DEFAULT 0 CHECK (desired >= 0),
    wishes jsonb NOT NULL DEFAULT '{}',
    online boolean NOT NULL DEFAULT false,
    since timestamptz NOT NULL DEFAULT now(),
    software text NOT NULL DEFAULT ''
);

-- Epochs below it are over: what comes of them is a duplicate.
CREATE TABLE floor (
    hub text NOT NULL REFERENCES hub ON DELETE CASCADE,
    class text NOT NULL CHECK (class IN ('alarm', 'result', 'event', 'telemetry')),
    epoch bigint NOT NULL,
    PRIMARY KEY (hub, class)
);

-- Of one class and epoch, everything up to and with `high` is here.
CREATE TABLE stream (
    hub text NOT NULL REFERENCES hub ON DELETE CASCADE,
    class text NOT NULL CHECK (class IN ('alarm', 'result', 'event', 'telemetry')),
    epoch bigint NOT NULL CHECK (epoch >= 0),
    high bigint NOT NULL CHECK (high > 0),
    PRIMARY KEY (hub, class, epoch)
);

-- A partition a day; what is older than you keep is dropped with its partition.
CREATE TABLE message (
    received timestamptz NOT NULL DEFAULT now(),
    hub text NOT NULL,
    incarnation bytea NOT NULL,
    class text NOT NULL,
    epoch bigint NOT NULL,
    seq bigint NOT NULL,
    content bytea NOT NULL CHECK (octet_length(content) BETWEEN 1 AND 8192)
) PARTITION BY RANGE (received);
CREATE TABLE message_rest PARTITION OF message DEFAULT;
CREATE INDEX message_of_hub ON message (hub, received);

CREATE TABLE device (
    hub text NOT NULL REFERENCES hub ON DELETE CASCADE,
    id text NOT NULL,
    view jsonb NOT NULL,
    PRIMARY KEY (hub, id)
);

CREATE TABLE command (
    id text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    hub text NOT NULL REFERENCES hub ON DELETE CASCADE,
    kind text NOT NULL,
    device text,
    wanted jsonb,
    issued timestamptz NOT NULL DEFAULT now(),
    expires timestamptz NOT NULL,
    -- For which start of the hub it was sent; null while it was not.
    boot bigint,
    state text NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'sent', 'done', 'refused', 'expired', 'unknown')),
    outcome text,
    detail text NOT NULL DEFAULT '',
    CHECK (expires > issued)
);
CREATE INDEX command_open ON command (hub, issued) WHERE state IN ('queued', 'sent');

-- One batch: keeps what is new, and says of each stream it touched how far it is, and whether something is missing.
-- Call it in a transaction, commit, and only then acknowledge. No row: this incarnation has not said Hello.
CREATE FUNCTION accept_batch(
    of_hub text, of_incarnation bytea, of_class text,
    epochs bigint[], seqs bigint[], afters bigint[], contents bytea[]
) RETURNS TABLE (stream_epoch bigint, stream_high bigint, hole boolean)
LANGUAGE plpgsql AS $$
DECLARE
    streams_max CONSTANT bigint := 256;
    lowest bigint;
    known bigint;
    -- Epoch and number of each message that is here, and of each that comes after a hole.
    here bigint[] := '{}';
    holes bigint[] := '{}';
BEGIN
    -- The lock: whichever consumer has another frame of this hub waits here.
    PERFORM FROM hub WHERE id = of_hub AND incarnation = of_incarnation FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF (SELECT count(*) FROM
        (SELECT class, epoch FROM stream WHERE hub = of_hub UNION SELECT of_class, unnest(epochs)) AS all_of_them
    ) > streams_max THEN
        RAISE EXCEPTION 'more than % streams at once', streams_max USING ERRCODE = 'program_limit_exceeded';
    END IF;
    SELECT coalesce(max(epoch), 0) INTO lowest FROM floor WHERE hub = of_hub AND class = of_class;
    FOR i IN 1 .. coalesce(array_length(seqs, 1), 0) LOOP
        SELECT coalesce(max(high), 0) INTO known
            FROM stream WHERE hub = of_hub AND class = of_class AND epoch = epochs[i];
        IF epochs[i] < lowest THEN
            -- It was here once. Its own number is acknowledged, so that the hub lets go of it.
            here := here || ARRAY[[epochs[i], seqs[i]]];
        ELSIF seqs[i] <= known THEN
            here := here || ARRAY[[epochs[i], known]];
        ELSIF afters[i] <= known THEN
            INSERT INTO message (hub, incarnation, class, epoch, seq, content)
                VALUES (of_hub, of_incarnation, of_class, epochs[i], seqs[i], contents[i]);
            INSERT INTO stream (hub, class, epoch, high) VALUES (of_hub, of_class, epochs[i], seqs[i])
                ON CONFLICT (hub, class, epoch) DO UPDATE SET high = excluded.high;
            here := here || ARRAY[[epochs[i], seqs[i]]];
        ELSE
            holes := holes || ARRAY[[epochs[i], known]];
        END IF;
    END LOOP;
    RETURN QUERY
        SELECT it.epoch, max(it.high), bool_or(it.missing)
        FROM (
            SELECT here[i][1], here[i][2], false FROM generate_subscripts(here, 1) AS i
            UNION ALL
            SELECT holes[i][1], holes[i][2], true FROM generate_subscripts(holes, 1) AS i
        ) AS it (epoch, high, missing)
        GROUP BY it.epoch ORDER BY it.epoch;
END $$;

-- A Hello: a hub with another incarnation begins anew; epochs that are over are forgotten, but for the last of each
-- class. `oldest` is the Hello's, as {"alarm": 11, ...}; a class that is not in it has nothing older than the Hello's own
-- epoch.
CREATE FUNCTION accept_hello(
    of_hub text, of_incarnation bytea, of_boot bigint, of_epoch bigint, oldest jsonb, of_software text
) RETURNS TABLE (started_anew boolean, had_reported bigint, had_desired bigint)
LANGUAGE plpgsql AS $$
DECLARE
    before hub%ROWTYPE;
    other boolean;
BEGIN
    INSERT INTO hub (id, incarnation, boot, epoch) VALUES (of_hub, of_incarnation, of_boot, of_epoch)
        ON CONFLICT (id) DO NOTHING;
    SELECT * INTO before FROM hub WHERE id = of_hub FOR UPDATE;
    -- Nothing of the numbers is forgotten when only the boot is another one, not even when it goes back: a hub that was
    -- restored from a copy sees from the Welcome how far they were used.
    other := before.incarnation <> of_incarnation;
    IF other THEN
        DELETE FROM stream WHERE hub = of_hub;
        DELETE FROM floor WHERE hub = of_hub;
    END IF;
    -- That one a Welcome tells: a hub whose disk failed has leapt ahead, and where its next start counts on from below
    -- it has to hear of it.
    WITH latest AS (
        SELECT class, max(epoch) AS epoch FROM stream
        WHERE hub = of_hub AND epoch < coalesce((oldest ->> class)::bigint, of_epoch) GROUP BY class
    ), gone AS (
        DELETE FROM stream USING latest
        WHERE stream.hub = of_hub AND stream.class = latest.class AND stream.epoch < latest.epoch
        RETURNING stream.class
    )
    INSERT INTO floor (hub, class, epoch)
        SELECT DISTINCT of_hub, latest.class, latest.epoch FROM latest JOIN gone USING (class)
        ON CONFLICT (hub, class) DO UPDATE SET epoch = greatest(floor.epoch, excluded.epoch);
    UPDATE hub SET incarnation = of_incarnation, boot = of_boot, epoch = of_epoch, software = of_software,
        reported = CASE WHEN other THEN 0 ELSE reported END, since = CASE WHEN online THEN since ELSE now() END,
        online = true
        WHERE id = of_hub;
    -- Commands that were under way for an earlier start: nobody knows.
    UPDATE command SET state = 'unknown', detail = 'the hub was started anew while it was under way'
        WHERE hub = of_hub AND state = 'sent' AND (other OR boot <> of_boot);
    RETURN QUERY SELECT other OR before.boot <> of_boot, CASE WHEN other THEN 0 ELSE before.reported END, before.desired;
END $$;

RESET ROLE;
