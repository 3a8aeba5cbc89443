CREATE TABLE rollout (
    id          TEXT PRIMARY KEY REFERENCES assignment (id),
    plan        TEXT    NOT NULL,
    fallback    TEXT    NOT NULL,
    phase       TEXT    NOT NULL,
    group_index INTEGER NOT NULL,
    since       BIGINT  NOT NULL,
    detail      TEXT    NOT NULL,
    revision    BIGINT  NOT NULL
);

CREATE TABLE rollout_vehicle (
    rollout_id          TEXT    NOT NULL REFERENCES rollout (id),
    vehicle_id          TEXT    NOT NULL REFERENCES vehicle (id),
    group_index         INTEGER NOT NULL,
    previous_version    TEXT    NOT NULL,
    previous_assignment TEXT    NOT NULL,
    PRIMARY KEY (rollout_id, vehicle_id)
);
