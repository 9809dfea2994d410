// Bugs that could be in row policies, planted one at a time: into the actions behind the commands, into the migration, or
// into what is sent of a subject.
import type { Actions, Bug, SentFacts } from './law.js'

/** Only in the policy of one command; as a function, `$` in the new text is no sign. */
const inPolicy = (command: string, change: (policy: string) => string): NonNullable<Bug['up']> => {
  const policy = new RegExp(`CREATE POLICY casemate_${command} [^]*?;\\n(?=CREATE|ALTER|DROP|REVOKE)`, 'g')
  return (sql) => sql.replaceAll(policy, change)
}

const askNothing = (part: 'USING' | 'WITH CHECK') => (policy: string) =>
  policy.replace(new RegExp(`${part} \\([^]*?(?=\\n {2}WITH CHECK|;\\n$)`), `${part} (TRUE)`)

const map = (actions: Actions, change: Partial<Actions>): Actions => ({ ...actions, ...change })

const inLists =
  (change: (ids: readonly string[]) => readonly string[]) =>
  ({ facts, texts }: SentFacts): SentFacts => ({
    facts,
    texts: texts.map((text) =>
      /^\{.*\}$/s.test(text) && text !== '{}' ? `{${change(text.slice(1, -1).split(',')).join(',')}}` : text
    )
  })

export const bugs: readonly Bug[] = [
  // Actions.
  {
    name: 'only the first of several actions counts',
    actions: ({ select, insert, update, updated, delete: gone }) => ({
      select: select.slice(0, 1),
      insert: insert.slice(0, 1),
      update: update.slice(0, 1),
      updated: updated.slice(0, 1),
      delete: gone.slice(0, 1)
    })
  },
  {
    name: 'of several actions every one is needed',
    up: (sql) =>
      sql.replaceAll(/ OR \(\(SELECT (?="Our ""rules""; \$casemate\$ --"\.has_subject)/g, ' AND ((SELECT ')
  },
  { name: 'a moved row is asked what it was before', actions: (all) => map(all, { updated: all.update }) },
  {
    name: 'a row before a change is asked what it is after',
    actions: (all) => map(all, { update: all.updated })
  },
  { name: 'DELETE asks what SELECT asks', actions: (all) => map(all, { delete: all.select }) },
  {
    name: 'UPDATE asks what SELECT asks',
    actions: (all) => map(all, { update: all.select, updated: all.select })
  },
  { name: 'INSERT asks what UPDATE asks', actions: (all) => map(all, { insert: all.update }) },
  // Policies.
  { name: 'SELECT asks nothing', up: inPolicy('select', askNothing('USING')) },
  { name: 'INSERT asks nothing', up: inPolicy('insert', askNothing('WITH CHECK')) },
  { name: 'UPDATE asks nothing of the old row', up: inPolicy('update', askNothing('USING')) },
  { name: 'UPDATE asks nothing of the new row', up: inPolicy('update', askNothing('WITH CHECK')) },
  { name: 'DELETE asks nothing', up: inPolicy('delete', askNothing('USING')) },
  {
    name: 'the policy of SELECT is for every command',
    up: (sql) => sql.replaceAll(' FOR SELECT TO', ' FOR ALL TO')
  },
  {
    name: 'row-level security is not enabled',
    up: (sql) =>
      sql
        .replaceAll('ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', 'NO FORCE ROW LEVEL SECURITY')
        .replaceAll(/RAISE EXCEPTION E'casemate: row policies would not hold[^;]*;/g, 'NULL;')
  },
  // Facts, as the database reads them.
  {
    name: 'a flag that is not set counts',
    up: (sql) => sql.replaceAll('::boolean)', '::boolean IS NOT FALSE)')
  },
  {
    name: 'a flag that is set does not count',
    up: (sql) => sql.replaceAll('::boolean)', '::boolean IS NULL)')
  },
  {
    name: 'a fact is read at the place after its own',
    up: (sql) => sql.replaceAll('-> key -> place;', '-> key -> (place + 1);')
  },
  {
    name: 'the text after its own is read',
    up: (sql) => sql.replaceAll(`->> found::integer`, `->> (found::integer + 1)`)
  },
  {
    name: 'the facts of any action are taken',
    up: (sql) =>
      sql.replaceAll(
        `-> 'facts' -> key -> place`,
        `-> 'facts' -> (SELECT min(k) FROM jsonb_object_keys(given -> 'facts') AS k) -> place`
      )
  },
  {
    name: 'without a subject there are no rows',
    up: (sql) =>
      sql
        .replaceAll(/RAISE EXCEPTION 'casemate: this transaction has no subject'[^;]*;/g, `RETURN '{}';`)
        .replaceAll(
          /RAISE EXCEPTION 'casemate: the facts of this transaction are not for[^]*?casemate generate rls\.';/g,
          'RETURN FALSE;'
        )
  },
  {
    name: 'facts need no signature',
    up: (sql) =>
      sql.replaceAll(
        /RAISE EXCEPTION 'casemate: the subject of this transaction is not signed'[^;]*;\n {2}END IF;\n {2}signature/g,
        `RETURN given::jsonb;\n  END IF;\n  signature`
      )
  },
  {
    name: 'a signature of any key counts',
    up: (sql) =>
      sql.replaceAll(
        /RAISE EXCEPTION 'casemate: the subject of this transaction is not signed'[^;]*;\n {2}END IF;\n {2}found/g,
        'NULL;\n  END IF;\n  found'
      )
  },
  {
    name: 'facts that have expired count',
    up: (sql) =>
      sql.replaceAll(
        /RAISE EXCEPTION 'casemate: the subject of this transaction has expired'[^;]*;/g,
        'NULL;'
      )
  },
  // Rows.
  { name: 'a collation says what is equal', up: (sql) => sql.replaceAll('::text COLLATE "C"', '') },
  { name: 'NOT of NULL is unknown', up: (sql) => sql.replaceAll(') IS NOT TRUE', ') = FALSE') },
  { name: 'a row has to be in all the containers', up: (sql) => sql.replaceAll(' && ', ' <@ ') },
  // What is sent.
  { name: 'the facts of the subject before stay', sent: (_, before) => before },
  { name: 'only the first id of a list is sent', sent: inLists((ids) => ids.slice(0, 1)) },
  { name: 'the last id of a list is not sent', sent: inLists((ids) => ids.slice(0, -1)) },
  { name: 'ids are sent in lower case', sent: inLists((ids) => ids.map((id) => id.toLowerCase())) },
  {
    name: 'who asks is nobody',
    sent: ({ facts, texts }) => ({
      facts: Object.fromEntries(
        Object.entries(facts).map(([key, list]) => [
          key,
          list.map((one) => (typeof one === 'number' && !texts[one]!.startsWith('{') ? null : one))
        ])
      ),
      texts
    })
  },
  {
    name: 'every action gets the facts of the first',
    sent: ({ facts, texts }: SentFacts): SentFacts => {
      const [first = []] = Object.values(facts)
      return {
        facts: Object.fromEntries(
          Object.entries(facts).map(([key, list]) => [key, list.map((one, at) => first[at] ?? one)])
        ),
        texts
      }
    }
  },
  {
    name: 'flags are not sent',
    sent: ({ facts, texts }) => ({
      facts: Object.fromEntries(
        Object.entries(facts).map(([key, list]) => [key, list.map((one) => (one === true ? null : one))])
      ),
      texts
    })
  }
]
