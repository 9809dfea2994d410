// Checks that the tests of a guarded store cover an allow and a denial of every rule.
import type { Policy } from '../policy/types/index.js'
import type { Names } from '../document/index.js'
import { CasemateError, isForbidden } from '../errors.js'
import { guard, type Guard, type GuardSettings, type MethodOf, type Rules } from '../guard/index.js'

/** Calls of each method; a refused call is fine. */
export type GuardCalls<N extends Names, S> = {
  readonly [K in MethodOf<S>]?: readonly ((guard: Guard<N, S>) => Promise<unknown>)[]
}

/**
 * Guards the store, makes the calls of every method, and rejects with a `CasemateError` `incomplete_audit` that names
 * each method whose calls were never allowed, or never denied. Public and hidden methods and transactions need no
 * calls. A call may reject with its refusal: a `ForbiddenError`, or what the setting `notFound` gives. Any other
 * failure of a call is passed on.
 */
export async function auditGuard<N extends Names, S extends object, Hidden extends string = never>(
  policy: Policy<N>,
  store: S,
  rules: Rules<N, S, Hidden>,
  calls: GuardCalls<N, S>,
  settings: GuardSettings = {}
): Promise<void> {
  const seen = new Set<string>()
  let refusals = new Set<unknown>()
  let wasDenied = false
  const watch = (method: string, outcome: string): void => {
    seen.add(`${method} ${outcome}`)
    wasDenied ||= outcome === 'denied'
  }
  const guarded = guard(policy, store, rules, { ...noted(settings, (error) => refusals.add(error)), watch })
  const gaps: string[] = []
  for (const [method, rule] of Object.entries<unknown>(rules)) {
    if (typeof rule !== 'object') continue
    seen.clear()
    for (const call of listed<N, S>(calls, method)) {
      refusals = new Set()
      wasDenied = false
      // In `then`, so that a call that throws synchronously rejects too.
      const made = Promise.resolve(guarded).then(call)
      await made.catch((error: unknown) => {
        if (!isForbidden(error) && !(wasDenied && refusals.has(error))) throw error
      })
    }
    for (const outcome of ['allowed', 'denied'])
      if (!seen.has(`${method} ${outcome}`)) gaps.push(`${method}: no call was ${outcome}`)
  }
  if (gaps.length > 0) throw new CasemateError('incomplete_audit', gaps.join('\n'))
}

/** The settings, with a `notFound` that also reports what it returns or throws; unchanged without `notFound`. */
function noted(settings: GuardSettings, note: (answer: unknown) => void): GuardSettings {
  const { notFound } = settings
  if (typeof notFound !== 'function') return settings
  return {
    ...settings,
    notFound: async (method, args) => {
      try {
        const answer = await notFound(method, args)
        note(answer)
        return answer
      } catch (error) {
        note(error)
        throw error
      }
    }
  }
}

function listed<N extends Names, S>(
  calls: GuardCalls<N, S>,
  method: string
): readonly ((guard: Guard<N, S>) => Promise<unknown>)[] {
  const found = Object.entries<GuardCalls<N, S>[MethodOf<S>]>(calls).find(([name]) => name === method)
  return found?.[1] ?? []
}
