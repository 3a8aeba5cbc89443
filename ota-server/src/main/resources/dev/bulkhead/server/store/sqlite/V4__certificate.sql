-- certificates given out here, and those taken back wherever they came from
CREATE TABLE certificate (
    serial     TEXT PRIMARY KEY,
    vehicle_id TEXT   NOT NULL REFERENCES vehicle (id),
    issued_at  BIGINT NOT NULL,
    not_after  BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL DEFAULT 0,
    reason     TEXT   NOT NULL DEFAULT ''
);

CREATE INDEX certificate_vehicle ON certificate (vehicle_id, issued_at);

-- certificates that were not given out here count only when they are not older than this
ALTER TABLE vehicle ADD COLUMN certificates_from BIGINT NOT NULL DEFAULT 0;
