CREATE TABLE vehicle (
    id             TEXT PRIMARY KEY,
    blocked        INTEGER NOT NULL DEFAULT 0,
    online         INTEGER NOT NULL DEFAULT 0,
    first_seen     BIGINT  NOT NULL,
    last_seen      BIGINT  NOT NULL,
    agent_version  TEXT    NOT NULL DEFAULT '',
    attributes     TEXT    NOT NULL DEFAULT '{}',
    public_key     TEXT    NOT NULL DEFAULT '',
    audit_key      TEXT    NOT NULL DEFAULT '',
    manifest_nonce BLOB,
    manifest_at    BIGINT  NOT NULL DEFAULT 0,
    attack_at      BIGINT  NOT NULL DEFAULT 0
);

CREATE TABLE installed (
    vehicle_id TEXT    NOT NULL REFERENCES vehicle (id),
    app_id     TEXT    NOT NULL,
    version    TEXT    NOT NULL,
    counter    BIGINT  NOT NULL,
    sha256     TEXT    NOT NULL,
    phase      TEXT    NOT NULL,
    PRIMARY KEY (vehicle_id, app_id)
);

CREATE TABLE blob (
    sha256      TEXT PRIMARY KEY,
    length      BIGINT  NOT NULL,
    block_size  INTEGER NOT NULL,
    leaf_hashes BLOB    NOT NULL
);

CREATE TABLE app_release (
    app_id         TEXT    NOT NULL,
    version        TEXT    NOT NULL,
    counter        BIGINT  NOT NULL,
    vendor         TEXT    NOT NULL,
    target_path    TEXT    NOT NULL UNIQUE,
    sha256         TEXT    NOT NULL REFERENCES blob (sha256),
    length         BIGINT  NOT NULL,
    block_size     INTEGER NOT NULL,
    blocks_root    TEXT    NOT NULL,
    hardware_id    TEXT    NOT NULL,
    package_digest TEXT    NOT NULL,
    published      INTEGER NOT NULL DEFAULT 0,
    received_at    BIGINT  NOT NULL,
    PRIMARY KEY (app_id, version)
);

CREATE UNIQUE INDEX app_release_counter ON app_release (app_id, counter);
CREATE INDEX app_release_sha256 ON app_release (sha256);

CREATE TABLE assignment (
    id         TEXT PRIMARY KEY,
    app_id     TEXT    NOT NULL,
    version    TEXT    NOT NULL,
    whole_fleet INTEGER NOT NULL,
    created_at BIGINT  NOT NULL
);

CREATE TABLE action (
    assignment_id TEXT    NOT NULL REFERENCES assignment (id),
    vehicle_id    TEXT    NOT NULL REFERENCES vehicle (id),
    app_id        TEXT    NOT NULL,
    version       TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    done          BIGINT  NOT NULL DEFAULT 0,
    total         BIGINT  NOT NULL DEFAULT 0,
    reason        TEXT    NOT NULL DEFAULT '',
    detail        TEXT    NOT NULL DEFAULT '',
    updated_at    BIGINT  NOT NULL,
    revision      BIGINT  NOT NULL DEFAULT 0,
    PRIMARY KEY (assignment_id, vehicle_id)
);

CREATE INDEX action_vehicle ON action (vehicle_id, app_id);

CREATE TABLE action_event (
    assignment_id TEXT   NOT NULL,
    vehicle_id    TEXT   NOT NULL,
    revision      BIGINT NOT NULL,
    state         TEXT   NOT NULL,
    reason        TEXT   NOT NULL,
    detail        TEXT   NOT NULL,
    at            BIGINT NOT NULL,
    PRIMARY KEY (assignment_id, vehicle_id, revision)
);

CREATE TABLE desired (
    vehicle_id    TEXT NOT NULL REFERENCES vehicle (id),
    app_id        TEXT NOT NULL,
    version       TEXT NOT NULL,
    assignment_id TEXT NOT NULL REFERENCES assignment (id),
    PRIMARY KEY (vehicle_id, app_id)
);

CREATE TABLE metadata (
    repository TEXT NOT NULL,
    name       TEXT NOT NULL,
    content    BLOB NOT NULL,
    PRIMARY KEY (repository, name)
);

CREATE TABLE checkpoint (
    vehicle_id  TEXT PRIMARY KEY REFERENCES vehicle (id),
    note        BLOB   NOT NULL,
    size        BIGINT NOT NULL,
    root        TEXT   NOT NULL,
    received_at BIGINT NOT NULL
);

CREATE TABLE incident (
    id         INTEGER PRIMARY KEY,
    at         BIGINT NOT NULL,
    vehicle_id TEXT   NOT NULL,
    cause      TEXT   NOT NULL,
    detail     TEXT   NOT NULL
);
