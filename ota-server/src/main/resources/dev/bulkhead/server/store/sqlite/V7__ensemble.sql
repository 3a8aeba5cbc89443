-- Assignments that vehicles take over as one, all or none: the id of the first of them, which it carries too; '' = stands alone.
ALTER TABLE assignment ADD COLUMN ensemble TEXT NOT NULL DEFAULT '';

CREATE INDEX assignment_ensemble ON assignment (ensemble) WHERE ensemble <> '';
