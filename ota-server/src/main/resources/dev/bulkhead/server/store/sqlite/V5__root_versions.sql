-- which roots a vehicle said it believes: who a rotation would leave behind
ALTER TABLE vehicle ADD COLUMN director_root BIGINT NOT NULL DEFAULT 0;
ALTER TABLE vehicle ADD COLUMN image_root BIGINT NOT NULL DEFAULT 0;
