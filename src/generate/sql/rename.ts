// Renames a value. PostgreSQL does it in place: every stored key has the new name at once.
import type { Rename } from './changes.js'
import { quoteBody, quoteLabel, quoteLiteral } from '../../sql/dialect/postgres-quote.js'

/** May run twice: what is renamed already is left alone. Fails where the type has neither name. `type` is quoted. */
export function renameValue(type: string, { from, to }: Rename): string {
  return `DO ${quoteBody(`BEGIN
IF EXISTS (SELECT FROM pg_enum WHERE enumtypid = ${regtype(type)} AND enumlabel = ${quoteLabel(from)}) THEN
  ALTER TYPE ${type} RENAME VALUE ${quoteLabel(from)} TO ${quoteLabel(to)};
ELSIF NOT EXISTS (SELECT FROM pg_enum WHERE enumtypid = ${regtype(type)} AND enumlabel = ${quoteLabel(to)}) THEN
  RAISE EXCEPTION 'type % has neither value % nor %', ${[type, from, to].map(quoteLiteral).join(', ')};
END IF;
END`)};`
}

/** The type as `pg_catalog` knows it. */
export function regtype(type: string): string {
  return `${quoteLiteral(type)}::regtype`
}
