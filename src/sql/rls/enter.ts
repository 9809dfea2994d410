// A subject → the facts that the row policies of some tables read, for the start of a transaction. Equal texts are sent
// once, so that a member of a thousand organizations sends them once and not for each action.
import type { Names } from '../../document/index.js'
import { provenStateOf } from '../../policy/internals.js'
import type { Subject } from '../../policy/types/index.js'
import { noLists } from '../../reach/id-sets.js'
import { shapeError } from '../../problems/request-problems.js'
import { settingsError } from '../../problems/settings-error.js'
import type { SubjectState } from '../../request/state.js'
import { readFacts } from '../plan/facts.js'
import type { Statement } from '../statements.js'
import { protectedIn, type ProtectedParts, type ProtectedTable } from './bindings.js'
import type { ActionCondition } from './condition.js'
import { hexOf, hmac } from './sha256.js'

/** How facts are sent. */
export interface EnterSettings {
  /** The key that facts are signed with, at least 32 bytes: for row policies that were made with `signed`. */
  readonly key?: Uint8Array
  /** When signed facts end to be worth anything: milliseconds since 1970, as of the clock of the database. */
  readonly until?: number
}

const leastKey = 32

/**
 * The statement that says to the row policies of these tables who asks, for this transaction alone. It has to be the
 * first one after BEGIN; outside a transaction it says nothing to the next statement, which is then refused.
 *
 * Whatever else `subject.can` knows, the facts are its answers at this moment: a role that is taken away counts from the
 * next transaction.
 *
 * @throws CasemateError `invalid_settings` for a wrong key or time, and for a subject who may hold custom roles to which
 * the row policies of a table have no answer.
 * @throws RequestError `invalid_request` for a subject of another policy.
 *
 * @example
 * const { text, values } = enter(subject, tables)
 * await client.query('BEGIN')
 * await client.query(text, values)
 */
export function enter<N extends Names>(
  subject: Subject<N>,
  tables: readonly ProtectedTable[],
  settings: EnterSettings = {}
): Statement {
  const { key, until } = settings
  if (key !== undefined && (!(key instanceof Uint8Array) || key.length < leastKey))
    throw settingsError('key', `expected at least ${leastKey} bytes`, undefined)
  if (until !== undefined && !Number.isFinite(until))
    throw settingsError('until', 'expected milliseconds since 1970', until)
  const facts = factsText(subject, protectedIn(tables))
  if (key === undefined && until === undefined) return statementOf(facts)
  const timed = until === undefined ? facts : `{"until":${JSON.stringify(until / 1000)},${facts.slice(1)}`
  return statementOf(
    key === undefined ? timed : `${hexOf(hmac(key, new TextEncoder().encode(timed)))}.${timed}`
  )
}

function statementOf(value: string): Statement {
  return Object.freeze({
    text: `SELECT set_config('casemate.facts', $1, true)`,
    values: Object.freeze([value])
  })
}

/** A longer text is made again each time. */
const longestKept = 16_384

/** A subject never changes, and so neither do its facts. */
function factsText(subject: object, tables: readonly ProtectedParts[]): string {
  const sent = tables[0]?.sent
  const known = sent?.get(subject)
  if (known?.tables.length === tables.length && known.tables.every((table, i) => table === tables[i]))
    return known.text
  const text = JSON.stringify(factsOf(subject, tables))
  if (text.length <= longestKept) sent?.set(subject, { tables, text })
  return text
}

interface SentFacts {
  /** By the key of a condition: for each fact the number of its text, `true` for a flag that is set, or NULL. */
  readonly facts: Readonly<Record<string, readonly (number | true | null)[]>>
  readonly texts: readonly string[]
}

function factsOf(subject: unknown, tables: readonly ProtectedParts[]): SentFacts {
  const numbers = new Map<string, number>()
  const numberOf = (text: string): number => {
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    return number
  }
  const facts = new Map<string, readonly (number | true | null)[]>()
  for (const table of tables) {
    const state = stateIn(subject, table)
    const known = readFacts(state)
    const send = known.senders.of(table.rows.dialect)
    for (const action of new Set([...table.actions.values()].flat())) {
      const condition = conditionIn(table, state, action)
      const { slots, flags } = condition.shape
      const isSet = flags.map((flag) => flag.read(known))
      const ids = slots.map((slot) => slot.read(known))
      facts.set(
        condition.key,
        condition.facts.map((fact) => {
          if (fact.kind === 'flag') {
            if (isSet[fact.flag] !== true) return null
            return fact.value === 'true' ? true : numberOf(fact.value)
          }
          const text = send(ids[fact.hole.slot] ?? noLists, fact.hole)
          return text === null ? null : numberOf(text)
        })
      )
    }
  }
  return { facts: Object.fromEntries(facts), texts: [...numbers.keys()] }
}

function stateIn(subject: unknown, { rows }: ProtectedParts): SubjectState {
  const state = provenStateOf(rows.policy, subject)
  if (state?.compiled.catalogue !== rows.catalogue)
    throw shapeError(['subject'], 'a subject of the policy of these tables', subject)
  return state
}

/** The condition that the row policies have, if it has an answer to all roles of the subject's policy. */
function conditionIn(table: ProtectedParts, { compiled }: SubjectState, action: string): ActionCondition {
  const condition = table.conditionOf(action)
  if (table.hasCustomRoles || table.keyIn(compiled, action) === condition.key) return condition
  throw settingsError(
    'customRoles',
    'the policy of the subject has custom roles to which the row policies have no answer; set it in `protect` and generate them again',
    false
  )
}
