-- What is asked before there is a subject whose rows a row policy could choose, or of no row in particular. These functions
-- run as the owner of the tables, and each says no more than its name.

-- An id alone says nothing: whatever is done with it has a rule.
CREATE FUNCTION find_user(id_or_name text, is_id boolean) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
  RETURN (SELECT u.id FROM users AS u WHERE u.deleted_at IS NULL
    AND CASE WHEN is_id THEN u.id = id_or_name::uuid ELSE lower(u.username) = lower(id_or_name) END);

CREATE FUNCTION is_admitted(user_id uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
  RETURN EXISTS (SELECT FROM users AS u WHERE u.id = $1 AND u.status <> 'suspended' AND u.deleted_at IS NULL);

-- Who comes back is active again.
CREATE FUNCTION note_visit(user_id uuid) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT
  BEGIN ATOMIC
    UPDATE users SET last_seen_at = now(), status = CASE status WHEN 'dormant' THEN 'active' ELSE status END
      WHERE users.id = $1;
  END;

REVOKE ALL ON FUNCTION find_user, is_admitted, note_visit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_user, is_admitted, note_visit TO platform_app;

-- Row policies are forced: for the owner too, as whom these functions and the triggers run.
CREATE POLICY owner_of_tables ON users TO CURRENT_USER USING (true) WITH CHECK (true);
