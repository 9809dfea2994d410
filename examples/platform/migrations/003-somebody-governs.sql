-- Somebody remains who may give every role, whatever statement takes the roles, the access or the account of the others.
-- Which roles these are says the policy; `migrate` writes them down.

CREATE TABLE governing_roles (role text PRIMARY KEY);

CREATE FUNCTION keep_somebody_who_governs() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  -- One at a time: of two that each take the other's role, the second sees what the first did.
  PERFORM pg_advisory_xact_lock(hashtext('somebody governs'));
  IF NOT EXISTS (
    SELECT FROM casemate_assignments AS a
      JOIN governing_roles AS g ON g.role = a.role AND a.place_kind = 'site'
      JOIN users AS u ON u.id = a.user_id
    WHERE a.expires_at IS NULL AND u.status <> 'suspended' AND u.deleted_at IS NULL
  ) THEN
    RAISE EXCEPTION 'nobody would be left who may give every role'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'somebody_governs';
  END IF;
  RETURN NULL;
END
$$;

CREATE FUNCTION is_governing(role text) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
  RETURN EXISTS (SELECT FROM governing_roles AS g WHERE g.role = $1);

CREATE FUNCTION governs(user_id uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
  RETURN EXISTS (
    SELECT FROM casemate_assignments AS a JOIN governing_roles AS g ON g.role = a.role WHERE a.user_id = $1
  );

-- Asked when the transaction ends, so that a role may pass from one to another in it.
CREATE CONSTRAINT TRIGGER somebody_governs AFTER UPDATE OR DELETE ON casemate_assignments
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (is_governing(OLD.role))
  EXECUTE FUNCTION keep_somebody_who_governs();
CREATE CONSTRAINT TRIGGER somebody_governs AFTER UPDATE OF status, deleted_at ON users
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (governs(OLD.id) AND (NEW.status, NEW.deleted_at) IS DISTINCT FROM (OLD.status, OLD.deleted_at))
  EXECUTE FUNCTION keep_somebody_who_governs();
