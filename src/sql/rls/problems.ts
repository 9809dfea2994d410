// What would make row policies say nothing, or the wrong thing, though they are there: asked when they are made, and by
// a function that may be called whenever the database may have changed.
import { quoteBody, quoteLiteral } from '../dialect/postgres-quote.js'
import { createFunction } from './functions.js'

/**
 * The function with a row for each thing that is wrong; `schema` is quoted, `role` is not. It looks at the tables whose
 * policies read facts of this schema, and at the others that these policies read.
 */
export function problemsFunction(schema: string, role: string): string {
  return createFunction(
    `${schema}.problems() RETURNS TABLE (object text, problem text)`,
    'STABLE SECURITY INVOKER',
    `DECLARE
  app oid := (SELECT oid FROM pg_roles WHERE rolname = ${quoteLiteral(role)});
  policies oid[] := ARRAY(
    SELECT d.objid FROM pg_depend AS d
      WHERE d.classid = 'pg_policy'::regclass AND d.refclassid = 'pg_proc'::regclass
        AND d.refobjid = ${quoteLiteral(`${schema}.has_subject(text)`)}::regprocedure);
  tables oid[] := ARRAY(SELECT DISTINCT p.polrelid FROM pg_policy AS p WHERE p.oid = ANY (policies));
  related oid[] := ARRAY(
    SELECT DISTINCT d.refobjid FROM pg_depend AS d JOIN pg_policy AS p ON p.oid = d.objid
      WHERE d.classid = 'pg_policy'::regclass AND d.refclassid = 'pg_class'::regclass
        AND p.oid = ANY (policies) AND d.refobjid <> p.polrelid);
BEGIN
  RETURN QUERY
  SELECT ${quoteLiteral(role)}, 'the role is not there' WHERE app IS NULL
  UNION ALL
  SELECT r.rolname::text, 'the application acts as a superuser, or as a role with BYPASSRLS: no row policy counts for it'
    FROM pg_roles AS r WHERE (r.rolsuper OR r.rolbypassrls) AND pg_has_role(app, r.oid, 'MEMBER')
  UNION ALL
  SELECT c.oid::regclass::text, 'the application owns the table, and may drop its row policies'
    FROM pg_class AS c WHERE c.oid = ANY (tables) AND pg_has_role(app, c.relowner, 'MEMBER')
  UNION ALL
  SELECT c.oid::regclass::text, 'row-level security is not enabled and forced'
    FROM pg_class AS c WHERE c.oid = ANY (tables) AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
  UNION ALL
  SELECT c.oid::regclass::text, format('the policy %I lets the application do more; make it restrictive', p.polname)
    FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid
    WHERE c.oid = ANY (tables) AND p.polpermissive AND p.oid <> ALL (policies)
      AND EXISTS (SELECT FROM unnest(p.polroles) AS r WHERE r = 0 OR pg_has_role(app, r, 'MEMBER'))
  UNION ALL
  SELECT c.oid::regclass::text, format('the application has %s, of which row policies say nothing; REVOKE it', p)
    FROM pg_class AS c, unnest(ARRAY['TRUNCATE', 'TRIGGER']) AS p
    WHERE c.oid = ANY (tables) AND has_table_privilege(app, c.oid, p)
  UNION ALL
  SELECT c.oid::regclass::text, 'it is a part of a table with row policies, has none, and the application may use it by its name'
    FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
    WHERE i.inhparent = ANY (tables) AND NOT c.relrowsecurity
      AND has_table_privilege(app, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
  UNION ALL
  (WITH RECURSIVE reading (view, kind, is_invoker) AS (
    SELECT v.oid, v.relkind, coalesce('security_invoker=true' = ANY (v.reloptions) OR 'security_invoker=on' = ANY (v.reloptions), FALSE)
      FROM pg_depend AS d JOIN pg_rewrite AS w ON w.oid = d.objid JOIN pg_class AS v ON v.oid = w.ev_class
      WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
        AND d.refobjid = ANY (tables) AND v.oid <> d.refobjid
    UNION
    SELECT v.oid, v.relkind, r.is_invoker AND coalesce('security_invoker=true' = ANY (v.reloptions) OR 'security_invoker=on' = ANY (v.reloptions), FALSE)
      FROM reading AS r JOIN pg_depend AS d ON d.refobjid = r.view AND d.refclassid = 'pg_class'::regclass AND d.classid = 'pg_rewrite'::regclass
        JOIN pg_rewrite AS w ON w.oid = d.objid JOIN pg_class AS v ON v.oid = w.ev_class
      WHERE v.oid <> r.view
  )
  SELECT DISTINCT r.view::regclass::text,
      CASE r.kind WHEN 'm' THEN 'a materialized view has the rows of its owner; REVOKE it from the application'
        ELSE 'a view reads as its owner; ALTER VIEW … SET (security_invoker = true), also of the views that it reads' END
    FROM reading AS r
    WHERE (r.kind = 'm' OR NOT r.is_invoker) AND has_table_privilege(app, r.view, 'SELECT, INSERT, UPDATE, DELETE'))
  UNION ALL
  SELECT c.oid::regclass::text, 'row policies read it, and its own row-level security hides rows from them'
    FROM pg_class AS c WHERE c.oid = ANY (related) AND c.relrowsecurity
  UNION ALL
  SELECT c.oid::regclass::text, 'row policies read it, and the application may not; GRANT SELECT on it'
    FROM pg_class AS c WHERE c.oid = ANY (related) AND NOT has_any_column_privilege(app, c.oid, 'SELECT');
END`
  )
}

/** Fails, and takes everything back, while something is wrong. */
export function refuseProblems(schema: string): string {
  return `DO ${quoteBody(`DECLARE
  found text;
BEGIN
  SELECT string_agg(object || ': ' || problem, E'\\n') INTO found FROM ${schema}.problems();
  IF found IS NOT NULL THEN
    RAISE EXCEPTION E'casemate: row policies would not hold\\n%', found USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
END`)};`
}
