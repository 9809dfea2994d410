// What a log never needed of a policy: grants, roles, scopes and keys; and what would be left of each role.
import { compiledOf } from '../compile/compile.js'
import { isWithinScopes } from '../decide/ceilings.js'
import type { Names } from '../document/index.js'
import type { RoleDocument } from '../document/types.js'
import { subjectData } from '../policy/subject-data.js'
import type { Policy, Subject } from '../policy/types/index.js'
import { stateOf } from '../request/state.js'
import type { CeilingInput, Decision, ObjectRef } from '../types.js'
import { leanRole, type UnneededGrant } from './lean-role.js'
import { readLogs, type LogFacts, type NamedLog } from './read-log.js'

/** A key (a subject with a ceiling) under which nothing was allowed. */
export interface UnusedKey {
  /** The id of its owner; empty for a system subject without one. */
  readonly subject: string
  /** The ceilings that it is known by. */
  readonly within: readonly CeilingInput[]
  /** How many decisions were refused, by weight. */
  readonly refused: number
}

/** What a log never needed. */
export interface Unused extends LogFacts {
  /** The decisions that the policy was asked again. */
  readonly decisions: number
  /** Lines of shipped roles that allow, and decided nothing, in the order of the document. */
  readonly grants: readonly UnneededGrant[]
  /** Shipped roles of which no grant decided anything, those that they include counted. */
  readonly roles: readonly string[]
  /** Declared scopes and templates, and low-level scopes that some key has, that let nothing through that was allowed. */
  readonly scopes: readonly string[]
  /** Keys with which nothing was allowed. */
  readonly keys: readonly UnusedKey[]
  /** What would be left of the roles of which something was needed, and something was not. */
  readonly left: Readonly<Record<string, RoleDocument>>
}

/** Keys that are told apart; of a log with more, the first. */
const mostKeys = 100_000

/**
 * Reads logs and says which grants, roles, scopes and keys nothing in them needed. It asks the policy anew, so it may be
 * another one than the log was written under. A grant counts as needed where it is among those that decided. Denies are
 * never counted as unneeded. What a log has only a sample of, or does not write (`canSome`, conditions for a database, CASL
 * abilities, `canGrant`, `canShare`), may still need what is listed.
 */
export async function unused<N extends Names>(policy: Policy<N>, logs: readonly NamedLog[]): Promise<Unused>
export async function unused(policy: Policy, logs: readonly NamedLog[]): Promise<Unused> {
  const needs = new Needs(policy)
  const facts = await readLogs(policy, logs, {
    decision: ({ weight }, subject, action, object) => {
      needs.add(subject, action, object, weight)
    },
    unanswerable: () => undefined
  })
  return { ...facts, ...needs.report() }
}

class Needs {
  readonly #policy: Policy
  readonly #needed = new Map<string, Map<string, Set<string>>>()
  readonly #roles = new Set<string>()
  readonly #scopesHeld = new Set<string>()
  readonly #scopesNeeded = new Set<string>()
  readonly #keys = new Map<string, { readonly key: UnusedKey; isUsed: boolean; refused: number }>()
  readonly #keyOf = new WeakMap<Subject, string>()
  #decisions = 0

  constructor(policy: Policy) {
    this.#policy = policy
  }

  add(subject: Subject, action: string, object: ObjectRef, weight: number): void {
    this.#decisions++
    const decision = subject.explain(action, object)
    const { ceilings } = stateOf(subject)
    if (ceilings.length > 0) this.#addKey(subject, decision, weight)
    if (!decision.allowed) return
    this.#addGrants(decision)
    const acl =
      decision.reason === 'granted_by_acl' ? this.#policy.document.resources[object.type]?.acl : false
    // The entry counts because roles allow another action: that is what they are needed for.
    if (typeof acl === 'object' && acl.requires !== undefined)
      this.#addGrants(subject.explain(acl.requires, object))
  }

  #addGrants({ roles, action, object }: Decision): void {
    for (const { role, included, path } of roles) {
      this.#roles.add(role)
      if (included !== undefined) this.#roles.add(included)
      let line = this.#needed.get(path)
      if (line === undefined) this.#needed.set(path, (line = new Map<string, Set<string>>()))
      let actions = line.get(object.type)
      if (actions === undefined) line.set(object.type, (actions = new Set<string>()))
      actions.add(action)
    }
  }

  #addKey(subject: Subject, { allowed, object, action }: Decision, weight: number): void {
    const key = this.#keyFor(subject)
    const known = this.#keys.get(key)
    if (known !== undefined) {
      known.isUsed ||= allowed
      if (!allowed) known.refused += weight
    }
    const permission = compiledOf(this.#policy).catalogue.resources.get(object.type)?.actions.get(action)
    for (const { scopes } of stateOf(subject).ceilings) {
      if (scopes === undefined) continue
      for (const scope of scopes.named.members) {
        this.#scopesHeld.add(scope.name)
        if (allowed && permission !== undefined && scope.has(permission)) this.#scopesNeeded.add(scope.name)
      }
      for (const filled of scopes.templates) {
        const alone = { named: emptyNames(scopes.named), templates: [filled], united: [] }
        if (allowed && permission !== undefined && isWithinScopes(alone, permission, object.id ?? undefined))
          this.#scopesNeeded.add(filled.template)
      }
    }
  }

  #keyFor(subject: Subject): string {
    const known = this.#keyOf.get(subject)
    if (known !== undefined) return known
    const { within = [] } = subjectData(subject)
    const key = JSON.stringify([subject.id, within])
    this.#keyOf.set(subject, key)
    if (!this.#keys.has(key) && this.#keys.size < mostKeys)
      this.#keys.set(key, { key: { subject: subject.id, within, refused: 0 }, isUsed: false, refused: 0 })
    return key
  }

  report(): Omit<Unused, keyof LogFacts> {
    const { roles = {}, scopes = {}, scopeTemplates = {} } = this.#policy.document
    const lean = Object.entries(roles).map(([name, role]) => ({
      name,
      role,
      ...leanRole(this.#policy, name, role, this.#needed)
    }))
    const offered = new Set([...Object.keys(scopes), ...Object.keys(scopeTemplates), ...this.#scopesHeld])
    return {
      decisions: this.#decisions,
      grants: lean.flatMap(({ unneeded }) => unneeded),
      roles: lean.flatMap(({ name }) => (this.#roles.has(name) ? [] : [name])),
      scopes: [...offered].filter((name) => !this.#scopesNeeded.has(name)),
      keys: [...this.#keys.values()].flatMap(({ key, isUsed, refused }) =>
        isUsed ? [] : [{ ...key, refused }]
      ),
      left: Object.fromEntries(
        lean
          .filter(
            ({ name, role, left }) => this.#roles.has(name) && JSON.stringify(role) !== JSON.stringify(left)
          )
          .map(({ name, left }) => [name, left])
      )
    }
  }
}

/** No scopes by name, for the same permissions. */
function emptyNames<T extends { readonly table: Uint8Array; readonly members: readonly unknown[] }>(
  named: T
): T {
  return { ...named, members: [], table: new Uint8Array(named.table.length) }
}
