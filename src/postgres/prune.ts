// A custom role that was written under another version of the policy → what it says under this one. What it says of
// resources, actions, values and objects that this policy does not have can never be asked about, so that leaving it out
// changes no answer. Whatever else is wrong stays wrong. For deciding only: an edit is of the document as written.
//
// An action that is gone may have implied one that is still there. Who was allowed that by it alone is not any more.
import type { CompiledPolicy } from '../compile/compile.js'
import type { CompiledResource } from '../compile/catalogue.js'
import { isPlainObject } from '../problems/plain.js'

type Data = Readonly<Record<string, unknown>>

/** A role without what cannot be asked about. */
export interface PrunedRole {
  readonly document: unknown
  /** What was left out, as `grants.org.allow.report:export`. */
  readonly leftOut: readonly string[]
}

/** Leaves out what this policy cannot be asked about. */
export function pruneRole(policy: CompiledPolicy, document: unknown): PrunedRole {
  if (!isPlainObject(document)) return { document, leftOut: [] }
  const leftOut: string[] = []
  const pruned = new Pruner(policy, leftOut).role(document)
  // A database may keep keys in an order of its own.
  return { document: pruned, leftOut: leftOut.sort() }
}

class Pruner {
  readonly #policy: CompiledPolicy
  readonly #leftOut: string[]

  constructor(policy: CompiledPolicy, leftOut: string[]) {
    this.#policy = policy
    this.#leftOut = leftOut
  }

  role(role: Data): Data {
    const { grants, variants } = role
    return {
      ...role,
      ...(isPlainObject(grants) ? { grants: this.#grants(grants, 'grants') } : {}),
      ...(Array.isArray(variants) ? { variants: this.#variants(variants) } : {})
    }
  }

  /** A variant for a value that its option does not have is never applied. */
  #variants(variants: readonly unknown[]): readonly unknown[] {
    const { options = {}, orgOptions = {} } = this.#policy.document
    const declared = new Map(Object.entries({ ...options, ...orgOptions }))
    return variants.flatMap((variant: unknown, i) => {
      if (!isPlainObject(variant)) return [variant]
      const { when, grants } = variant
      const isNever =
        isPlainObject(when) &&
        Object.entries(when).some(([name, value]) => {
          const values: readonly unknown[] | undefined = declared.get(name)?.values
          return values !== undefined && !values.includes(value)
        })
      if (isNever) return this.#without(`variants[${i}]`)
      const at = `variants[${i}].grants`
      return [isPlainObject(grants) ? { ...variant, grants: this.#grants(grants, at) } : variant]
    })
  }

  #grants(grants: Data, at: string): Data {
    return mapValues(grants, (effects, level) =>
      isPlainObject(effects)
        ? mapValues(effects, (set, effect) =>
            isPlainObject(set) ? this.#set(set, level, `${at}.${level}.${effect}`) : set
          )
        : effects
    )
  }

  #set(set: Data, level: string, at: string): Data {
    return Object.fromEntries(
      Object.entries(set).flatMap(([name, actions]): [string, unknown][] => {
        const where = `${at}.${name}`
        const resource = name === '*' ? undefined : this.#policy.catalogue.resources.get(name)
        if (name !== '*' && (resource === undefined || !this.#isAt(resource, level)))
          return this.#without(where)
        return [[name, this.#actions(actions, resource, where)]]
      })
    )
  }

  /** Whether objects of the resource can be where grants of a level reach. */
  #isAt({ org, places }: CompiledResource, level: string): boolean {
    if (level === 'org' || level === 'orgMember') return org !== 'never'
    if (level === 'user') return org !== 'required' && !places.includes('required')
    const container = this.#policy.catalogue.containers.findIndex(
      (name) => level === name || level === `${name}Member`
    )
    return container < 0 || places[container] !== 'never'
  }

  #actions(actions: unknown, resource: CompiledResource | undefined, at: string): unknown {
    const known = resource?.actions ?? this.#policy.catalogue.grid.columns
    if (Array.isArray(actions))
      return actions.flatMap((item: unknown): unknown[] => {
        if (typeof item === 'string') return known.has(item) ? [item] : this.#without(`${at}:${item}`)
        const pruned = isPlainObject(item) ? this.#conditional(item, resource, known, at) : item
        return pruned === undefined ? [] : [pruned]
      })
    if (!isPlainObject(actions)) return actions
    // Nothing that can be: as a list without an action, which still takes the resource out of a wildcard.
    return this.#conditional(actions, resource, known, at) ?? []
  }

  /** `{ actions, where }` or `{ except, where }`; `undefined` where it is about no object or no action. */
  #conditional(
    item: Data,
    resource: CompiledResource | undefined,
    known: ReadonlyMap<string, unknown>,
    at: string
  ): Data | undefined {
    const keep = (list: unknown): unknown =>
      Array.isArray(list)
        ? list.filter((action: unknown) => {
            const isKnown = typeof action !== 'string' || known.has(action)
            if (!isKnown) this.#without(`${at}:${action}`)
            return isKnown
          })
        : list
    const { actions, except, where } = item
    const kept = isPlainObject(where) ? this.#where(where, resource, at) : where
    if (kept === undefined && where !== undefined) return undefined
    const left = keep(actions)
    if (Array.isArray(left) && left.length === 0) return undefined
    return {
      ...item,
      ...(actions === undefined ? {} : { actions: left }),
      ...(except === undefined ? {} : { except: keep(except) }),
      ...(kept === undefined ? {} : { where: kept })
    }
  }

  /**
   * The condition with the values that there are; `undefined` where none is left of an attribute. An attribute that the
   * resource does not have stays, and with it the fault: nobody can say what its objects would have.
   */
  #where(where: Data, resource: CompiledResource | undefined, at: string): Data | undefined {
    const kept: [string, unknown][] = []
    for (const [name, given] of Object.entries(where)) {
      const attribute = resource?.attributes.find((one) => one.name === name)
      const values: readonly unknown[] = Array.isArray(given) ? given : [given]
      const left =
        attribute === undefined ? values : values.filter((value) => isOneOf(attribute.values, value))
      for (const value of values)
        if (!left.includes(value)) this.#without(`${at} where ${name} = ${String(value)}`)
      if (left.length === 0 && values.length > 0) return undefined
      kept.push([name, left.length === values.length ? given : left])
    }
    return Object.fromEntries(kept)
  }

  #without(what: string): [] {
    this.#leftOut.push(what)
    return []
  }
}

function isOneOf(values: readonly unknown[], value: unknown): boolean {
  return values.includes(value)
}

function mapValues(record: Data, change: (value: unknown, key: string) => unknown): Data {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]))
}
