// Whether the tests of a guarded store have seen every rule say yes and no.
import type { Policy } from '../api/index.js'
import type { Names } from '../document/index.js'
import { CasemateError, isForbidden } from '../errors.js'
import { guard, type Guard, type GuardSettings, type MethodOf, type Rules } from '../guard/index.js'

/** Calls that try a method; one that is refused with a `ForbiddenError` has done its part. */
export type GuardCalls<N extends Names, S> = {
  readonly [K in MethodOf<S>]?: readonly ((guard: Guard<N, S>) => Promise<unknown>)[]
}

/**
 * Guards the store, makes the calls of every method, and rejects with a `CasemateError` `incomplete_audit` that names
 * each method whose calls never saw an allow, or never a denial. Methods that are public, and transactions, are asked
 * for nothing. A call that fails otherwise rejects as it failed.
 */
export async function auditGuard<N extends Names, S extends object>(
  policy: Policy<N>,
  store: S,
  rules: Rules<N, S>,
  calls: GuardCalls<N, S>,
  settings: GuardSettings = {}
): Promise<void> {
  const seen = new Set<string>()
  const watch = (method: string, outcome: string): void => void seen.add(`${method} ${outcome}`)
  const guarded = guard(policy, store, rules, { ...settings, watch })
  const gaps: string[] = []
  for (const [method, rule] of Object.entries(rules)) {
    if (rule === 'public' || rule === 'transaction') continue
    seen.clear()
    for (const call of listed<N, S>(calls, method)) await call(guarded).catch(rethrowUnlessRefused)
    for (const outcome of ['allowed', 'denied'])
      if (!seen.has(`${method} ${outcome}`)) gaps.push(`${method}: no call was ${outcome}`)
  }
  if (gaps.length > 0) throw new CasemateError('incomplete_audit', gaps.join('\n'))
}

function listed<N extends Names, S>(
  calls: GuardCalls<N, S>,
  method: string
): readonly ((guard: Guard<N, S>) => Promise<unknown>)[] {
  const found = Object.entries<GuardCalls<N, S>[MethodOf<S>]>(calls).find(([name]) => name === method)
  return found?.[1] ?? []
}

function rethrowUnlessRefused(error: unknown): void {
  if (!isForbidden(error)) throw error
}
