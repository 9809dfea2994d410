// Rows that are added, or moved to where others are, one by one: what row policies let through is what `can` says of the
// row before and after.
import type pg from 'pg'
import type { Dice } from '../../arbitraries/index.js'
import { columns, type Storage } from '../../sql/law/rows.js'
import { quoted, tableOf } from '../sql/postgres.js'
import { count, type Command, type Figures, type Rows } from './figures.js'

/** Which fields of a row change when it is moved. */
const movedColumns = ({ kinds, resource }: Storage): readonly string[] => [
  columns.owner,
  columns.org,
  columns.users,
  columns.groups,
  ...kinds.flatMap((_, k) => [`c${k}`, `l${k}`]),
  ...Object.values(resource.attributes ?? {}).map(
    ({ values }, k) => `${typeof values[0] === 'boolean' ? 'b' : 'a'}${k}`
  )
]

/** Adds rows like others, or moves rows to where others are, each alone and undone: `y` or `n`, or `-` for unseen. */
export function tryFunction(form: Storage['form'], storage: Storage): string {
  const moved = movedColumns(storage).map(quoted).join(', ')
  const table = tableOf(form)
  const pool = tableOf(form, 'pool')
  return `CREATE FUNCTION try_rows(old int[], new int[]) RETURNS text LANGUAGE plpgsql SECURITY INVOKER AS $f$
  DECLARE outcome text := ''; count int; one ${pool};
  BEGIN
    FOR i IN 1..cardinality(new) LOOP
      BEGIN
        SELECT * INTO one FROM ${pool} WHERE n = new[i];
        IF old[i] IS NULL THEN
          one.n := 100000 + i;
          INSERT INTO ${table} SELECT (one).*;
          count := 1;
        ELSE
          UPDATE ${table} AS t SET (${moved}) = (SELECT ${moved} FROM ${pool} AS p WHERE p.n = new[i]) WHERE t.n = old[i];
          GET DIAGNOSTICS count = ROW_COUNT;
        END IF;
        RAISE EXCEPTION 'undo' USING ERRCODE = CASE count WHEN 1 THEN 'UNDO1' ELSE 'UNDO0' END;
      EXCEPTION
        WHEN insufficient_privilege THEN
          IF sqlerrm LIKE 'casemate%' THEN RAISE; END IF;
          outcome := outcome || 'n';
        WHEN SQLSTATE 'UNDO1' THEN outcome := outcome || 'y';
        WHEN SQLSTATE 'UNDO0' THEN outcome := outcome || '-';
      END;
    END LOOP;
    RETURN outcome;
  END $f$`
}

export async function faultInMoves(
  client: pg.Client,
  { all, objectOf }: Rows,
  allows: (command: Command, object: unknown) => boolean,
  dice: Dice,
  storage: Storage,
  figures: Figures
): Promise<string | undefined> {
  const some = Array.from({ length: 24 }, (_, i) => ({
    old: i < 8 ? undefined : dice.pick(all),
    new: dice.pick(all)
  }))
  const { rows } = await client.query<{ outcome: string }>('SELECT try_rows($1, $2) AS outcome', [
    some.map(({ old }) => old?.['n'] ?? null),
    some.map((one) => one.new['n'])
  ])
  const outcome = rows[0]?.outcome ?? ''
  for (const [i, { old, new: target }] of some.entries()) {
    let expected: string
    if (old === undefined) {
      expected = allows('insert', objectOf(target)) ? 'y' : 'n'
      count(figures.insert, expected === 'y')
    } else {
      const moved = {
        ...old,
        ...Object.fromEntries(movedColumns(storage).map((name) => [name, target[name]]))
      }
      const [before, after] = [objectOf(old), objectOf(moved)]
      // A condition reads the row, so that the row has to be one that is read, before and after.
      const isSeen = allows('select', before) && allows('update', before)
      expected = !isSeen ? '-' : allows('select', after) && allows('updated', after) ? 'y' : 'n'
      count(figures.move, expected === 'y')
    }
    if (outcome[i] !== expected)
      return `${old === undefined ? 'insert' : 'move'}: ${expected} expected, ${outcome[i] ?? ''}: ${JSON.stringify(old && objectOf(old))} → ${JSON.stringify(objectOf(target))}`
  }
  return undefined
}
