-- How often somebody may try a password. A row is a bucket: of an address, of an account, or of both, which only its hash
-- names. It is full when `empty_at` is far enough away, and of no use after that.

CREATE TABLE sign_in_attempts (bucket bytea PRIMARY KEY, empty_at timestamptz NOT NULL);
CREATE INDEX sign_in_attempts_by_end ON sign_in_attempts (empty_at);

-- Where somebody has signed in from: what others try elsewhere does not hold them up there.
CREATE TABLE sign_in_places (
  user_id uuid NOT NULL REFERENCES users,
  place bytea NOT NULL,
  seen_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, place)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_attempts, sign_in_places TO platform_app;
