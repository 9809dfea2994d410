// Requests that mean harm: mostly ordinary ones with something wrong in them, some with nothing right.
import type fc from 'fast-check'
import { rolled, type Dice } from '../arbitraries/index.js'

export interface HostileRequest {
  readonly endpoint: string
  readonly method: string
  readonly type: string
  readonly bytes: Buffer<ArrayBuffer>
}

/** Some numbers for each part of the largest request. */
const tape = 160

export const hostileRequests: fc.Arbitrary<HostileRequest> = rolled(tape, (dice) => ({
  endpoint: dice.chance(4) ? dice.pick(otherPaths) : dice.pick(endpoints),
  method: dice.chance(3) ? dice.pick(['PUT', 'DELETE', 'PATCH']) : 'POST',
  type: dice.chance(3) ? dice.pick(['text/plain', 'application/jsonx']) : 'application/json',
  bytes: broken(dice, JSON.stringify(dice.chance(10) ? rollValue(dice, 4) : rollBody(dice)))
}))

const endpoints = [
  ...['evaluation', 'evaluation', 'evaluation', 'evaluations', 'evaluations', 'evaluations'],
  ...['search/subject', 'search/resource', 'search/action']
]
const otherPaths = ['../v1/evaluation', 'evaluation/', '%', 'search', '__proto__', 'evaluation?x=1', '']
const names = [
  'a',
  'b',
  'user',
  'note',
  'read',
  'write',
  'system',
  'robot',
  '__proto__',
  'constructor',
  '',
  '*',
  'x:y'
]
const keys = [
  ...[
    'subject',
    'action',
    'resource',
    'context',
    'properties',
    'type',
    'id',
    'name',
    'evaluations',
    'options'
  ],
  ...['evaluations_semantic', 'page', 'token', 'limit', 'roles', 'scopes', 'acl', 'owner', 'anyOrg', 'users'],
  ...['__proto__', 'constructor', 'toString', 'system']
]
const odd = [null, true, false, 0, -1, 1e308, 3.5, '\u0000', '\ud800', '\u202e', '', 'x'.repeat(3000), [], {}]

function rollBody(dice: Dice): unknown {
  const question = rollQuestion(dice)
  if (dice.chance(50)) return question
  const parts = Object.entries(question).filter(() => dice.chance(60))
  const semantics = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit', 'x', 7]
  return {
    ...Object.fromEntries(parts),
    evaluations: Array.from({ length: dice.below(5) }, () => orHarm(dice, rollQuestion(dice))),
    ...(dice.chance(30) && { options: orHarm(dice, { evaluations_semantic: dice.pick(semantics) }) })
  }
}

function rollQuestion(dice: Dice): object {
  return {
    subject: rollEntity(dice, ['user', 'user', 'user', 'system'], ['a', 'a', 'b', 'robot', '__proto__']),
    action: orHarm(dice, { name: orHarm(dice, dice.pick(['read', 'read', 'write', 'raed'])) }),
    resource: rollEntity(dice, ['note', 'note', 'note', 'notes'], ['n1', '*']),
    ...(dice.chance(20) && { context: rollValue(dice, 2) }),
    ...(dice.chance(20) && { page: orHarm(dice, { limit: 1, token: dice.pick(names) }) })
  }
}

function rollEntity(dice: Dice, types: readonly string[], ids: readonly string[]): unknown {
  const harm = dice.chance(25) ? { properties: rollValue(dice, 3) } : {}
  return orHarm(dice, { type: orHarm(dice, dice.pick(types)), id: orHarm(dice, dice.pick(ids)), ...harm })
}

function orHarm(dice: Dice, value: unknown): unknown {
  return dice.chance(4) ? rollValue(dice, 2) : value
}

function rollValue(dice: Dice, depth: number): unknown {
  const kind = dice.below(depth === 0 ? 2 : 4)
  if (kind === 0) return dice.pick(names)
  if (kind === 1) return dice.pick(odd)
  const length = dice.below(4)
  if (kind === 2) return Array.from({ length }, () => rollValue(dice, depth - 1))
  // `fromEntries` makes `__proto__` a key of its own.
  return Object.fromEntries(Array.from({ length }, () => [dice.pick(keys), rollValue(dice, depth - 1)]))
}

/** Sometimes with a byte changed or added, without its end, or nested very deeply. */
function broken(dice: Dice, json: string): Buffer<ArrayBuffer> {
  const bytes = Buffer.from(json)
  if (!dice.chance(10) || bytes.length === 0) return bytes
  const at = dice.below(bytes.length)
  const byte = dice.below(256)
  const kind = dice.below(4)
  if (kind === 0) return bytes.subarray(0, at)
  if (kind === 1) return Buffer.from('['.repeat(5000) + json)
  if (kind === 2) return Buffer.concat([bytes, Buffer.from([byte])])
  bytes[at] = byte
  return bytes
}
