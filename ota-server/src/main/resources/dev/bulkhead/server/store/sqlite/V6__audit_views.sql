-- How much of a vehicle's audit views is known: sums over its entries [first_retained, told).
CREATE TABLE audit_views (
    vehicle_id     TEXT PRIMARY KEY REFERENCES vehicle (id),
    told           BIGINT NOT NULL,
    size           BIGINT NOT NULL,
    first_retained BIGINT NOT NULL,
    received_at    BIGINT NOT NULL,
    revision       BIGINT NOT NULL
);

CREATE TABLE audit_declared (
    vehicle_id  TEXT   NOT NULL REFERENCES vehicle (id),
    app_id      TEXT   NOT NULL,
    version     TEXT   NOT NULL,
    entry_index BIGINT NOT NULL,
    entry       BLOB   NOT NULL,
    proof       BLOB   NOT NULL,
    PRIMARY KEY (vehicle_id, app_id, version)
);

CREATE INDEX audit_declared_entry ON audit_declared (vehicle_id, entry_index);

CREATE TABLE audit_touch (
    vehicle_id  TEXT   NOT NULL REFERENCES vehicle (id),
    app_id      TEXT   NOT NULL,
    version     TEXT   NOT NULL,
    vendor      TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    access      TEXT   NOT NULL,
    rule        TEXT   NOT NULL,
    count       BIGINT NOT NULL,
    bytes       BIGINT NOT NULL,
    first_ms    BIGINT NOT NULL,
    last_ms     BIGINT NOT NULL,
    first_index BIGINT NOT NULL,
    last_index  BIGINT NOT NULL,
    least       REAL,
    greatest    REAL,
    peak        REAL   NOT NULL,
    proof       BLOB,
    PRIMARY KEY (vehicle_id, app_id, version, vendor, kind, access, rule)
);

CREATE INDEX audit_touch_entry ON audit_touch (vehicle_id, last_index);

-- What contradicts what a vehicle signed before; the first contradiction is kept with both notes.
CREATE TABLE audit_conflict (
    vehicle_id TEXT PRIMARY KEY REFERENCES vehicle (id),
    why        TEXT    NOT NULL,
    held       BLOB    NOT NULL,
    offered    BLOB    NOT NULL,
    first_at   BIGINT  NOT NULL,
    last_at    BIGINT  NOT NULL,
    times      INTEGER NOT NULL
);
