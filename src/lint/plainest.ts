// How plain a setting is, so that of several findings the one is told that people meet first.
import { includedRoles, optionsRead } from '../compile/roles.js'
import type { OptionDocument } from '../document/types.js'
import { valueIn, type Values } from '../verify/space/settings.js'
import type { LintContext } from './context.js'
import type { Voter, VoterRoleCase } from './voters.js'

/** The position of each value among those of its option, the default being the first: the plainest setting is all 0. */
export function rankOf(
  { compiled }: LintContext,
  { role }: Voter,
  { options, settings }: VoterRoleCase
): number[] {
  if (role === undefined || Object.keys({ ...options, ...settings }).length === 0) return []
  const deployment = new Map(Object.entries(compiled.document.options ?? {}))
  const documents = [role.document, ...includedRoles(role.document, compiled.context.shipped).values()]
  const asked = optionsRead(documents)
  const position = (values: Values, name: string, option: OptionDocument | undefined): number => {
    const value = valueIn(values, name)
    if (value === undefined || option === undefined || value === option.default) return 0
    return option.values.filter((one) => one !== option.default).indexOf(value) + 1
  }
  return [
    ...asked
      .filter((name) => deployment.has(name))
      .map((name) => position(options, name, deployment.get(name))),
    ...role.reads.map((name) => position(settings, name, compiled.context.orgOptions.get(name)))
  ]
}

export function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
