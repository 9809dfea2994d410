// The subjects and custom roles that a log describes, and the subjects that a policy makes of them. Descriptions are kept
// as they were read, up to a number of characters; of the subjects only those that were asked about last.
import type { Policy, Subject } from '../policy/types/index.js'
import { parseSubject } from '../policy/parse.js'
import { isCasemateError } from '../errors.js'
import { ownField } from '../problems/own-fields.js'
import { isPlainObject } from '../problems/plain.js'
import { quoteValue } from '../problems/quote.js'

/** A subject as the policy reads it, or why it cannot. */
export type SubjectOfLog =
  | { readonly ok: true; readonly subject: Subject }
  | { readonly ok: false; readonly code: string; readonly message: string }

type Data = Readonly<Record<string, unknown>>

/** Characters of descriptions that are kept. */
const mostKept = 256 * 1024 * 1024
/** Subjects that are kept ready, and policies with custom roles. */
const mostReady = 10_000
const mostPolicies = 100

export class SubjectsOfLog {
  readonly #policy: Policy
  /** By kind and key, the JSON of the description without its key. */
  readonly #described = new Map<string, string>()
  #size = 0
  readonly #ready = new Map<string, SubjectOfLog>()
  readonly #policies = new Map<string, Policy>()

  constructor(policy: Policy) {
    this.#policy = policy
  }

  /** Keeps a description. Returns what is wrong with it. */
  add(kind: 'subject' | 'role', key: string, line: Data): string | undefined {
    const fault = kind === 'subject' ? faultOfSubject(line) : faultOfRole(line)
    if (fault !== undefined) return fault
    const text = JSON.stringify(line)
    const name = `${kind} ${key}`
    const known = this.#described.get(name)
    if (known !== undefined)
      return known === text ? undefined : `key: ${quoteValue(key)} names something else`
    if (this.#size + text.length > mostKept) return `more than ${mostKept} characters of subjects and roles`
    this.#size += text.length
    this.#described.set(name, text)
    return undefined
  }

  /** What a subject still needs to be known: itself, or a custom role; `undefined` for nothing. */
  lacking(key: string): string | undefined {
    if (this.#ready.has(key)) return undefined
    const name = `subject ${key}`
    const text = this.#described.get(name)
    if (text === undefined) return name
    return rolesOf(read(text))
      .map((role) => `role ${role}`)
      .find((role) => !this.#described.has(role))
  }

  /** The subject of a key that lacks nothing. */
  get(key: string): SubjectOfLog {
    const known = this.#ready.get(key)
    if (known !== undefined) return known
    const made = this.#make(read(this.#described.get(`subject ${key}`) ?? '{}'))
    if (this.#ready.size >= mostReady) this.#ready.clear()
    this.#ready.set(key, made)
    return made
  }

  #make(line: Data): SubjectOfLog {
    try {
      const policy = this.#policyWith(rolesOf(line))
      const parsed = parseSubject(policy, ownField(line, 'subject'), { allowSystem: true })
      if (!parsed.ok) {
        const [problem] = parsed.problems
        return {
          ok: false,
          code: problem?.code ?? 'invalid_request',
          message: problem?.message ?? 'no subject'
        }
      }
      const within = ownField(line, 'within')
      // Checked by `within` itself, as far as a list of anything can be.
      const ceilings = (Array.isArray(within) ? within : []) as Parameters<Subject['within']>[0][]
      return {
        ok: true,
        subject: ceilings.reduce<Subject>((narrowed, ceiling) => narrowed.within(ceiling), parsed.value)
      }
    } catch (error) {
      if (!isCasemateError(error)) throw error
      return { ok: false, code: error.code, message: error.message }
    }
  }

  /** @throws CasemateError for a role that is none in this policy. */
  #policyWith(keys: readonly string[]): Policy {
    if (keys.length === 0) return this.#policy
    const name = keys.join()
    const known = this.#policies.get(name)
    if (known !== undefined) return known
    const made = keys.reduce<Policy>((policy, key) => {
      const line = read(this.#described.get(`role ${key}`) ?? '{}')
      const roles = Object.fromEntries<unknown>([[ownField(line, 'name') as string, ownField(line, 'role')]])
      const place = ownField(line, 'place')
      // `withRoles` checks both.
      return policy.withRoles(roles as never, (place ?? {}) as never)
    }, this.#policy)
    if (this.#policies.size >= mostPolicies) this.#policies.clear()
    this.#policies.set(name, made)
    return made
  }
}

/** A description that was kept. */
function read(text: string): Data {
  return JSON.parse(text) as Data
}

function rolesOf(line: Data): readonly string[] {
  const roles = ownField(line, 'customRoles')
  return Array.isArray(roles) ? roles.filter((role): role is string => typeof role === 'string') : []
}

function faultOfSubject(line: Data): string | undefined {
  const within = ownField(line, 'within')
  const roles = ownField(line, 'customRoles')
  if (!isPlainObject(ownField(line, 'subject')))
    return `subject: expected a subject, not ${quoteValue(ownField(line, 'subject'))}`
  if (within !== undefined && !Array.isArray(within))
    return `within: expected a list of ceilings, not ${quoteValue(within)}`
  if (roles !== undefined && !(Array.isArray(roles) && roles.every((role) => typeof role === 'string')))
    return `customRoles: expected a list of keys, not ${quoteValue(roles)}`
  return undefined
}

function faultOfRole(line: Data): string | undefined {
  const [name, role, place] = ['name', 'role', 'place'].map((key) => ownField(line, key))
  if (typeof name !== 'string') return `name: expected the name of a role, not ${quoteValue(name)}`
  if (!isPlainObject(role)) return `role: expected a role, not ${quoteValue(role)}`
  if (place !== undefined && !isPlainObject(place)) return `place: expected a place, not ${quoteValue(place)}`
  return undefined
}
