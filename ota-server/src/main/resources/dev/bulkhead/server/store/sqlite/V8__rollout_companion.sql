-- What a rollout of several apps as one has beside its first app: the fallback of each other one, '' = none,
CREATE TABLE rollout_companion (
    rollout_id TEXT NOT NULL REFERENCES rollout (id),
    app_id     TEXT NOT NULL,
    fallback   TEXT NOT NULL,
    PRIMARY KEY (rollout_id, app_id)
);

-- and what each vehicle was to run of it before; no row = nothing.
CREATE TABLE rollout_companion_before (
    rollout_id TEXT NOT NULL REFERENCES rollout (id),
    vehicle_id TEXT NOT NULL REFERENCES vehicle (id),
    app_id     TEXT NOT NULL,
    version    TEXT NOT NULL,
    assignment TEXT NOT NULL,
    PRIMARY KEY (rollout_id, vehicle_id, app_id)
);
