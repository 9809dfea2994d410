// Renames that the caller declares. Both names are compared as one, whatever their grants. They win over guessed
// renames.
import type { CompiledPolicy } from '../compile/compile.js'
import { RequestProblems } from '../problems/request-problems.js'
import { quoteValue } from '../problems/quote.js'
import { both, type OldNew } from './sides.js'

/** From a name in the old policy to its name in the new one, for each kind of names. */
export interface DeclaredRenames {
  readonly roles: ReadonlyMap<string, string>
  readonly systems: ReadonlyMap<string, string>
  readonly scopes: ReadonlyMap<string, string>
}

const systemPrefix = 'system:'

/** For each kind: its noun, the error code for an unknown name, and the names in a policy. */
const kinds = {
  roles: {
    noun: 'role',
    code: 'unknown_role',
    namesOf: ({ document }: CompiledPolicy) => Object.keys(document.roles ?? {})
  },
  systems: {
    noun: 'system subject',
    code: 'unknown_system_subject',
    namesOf: ({ document }: CompiledPolicy) => Object.keys(document.systemSubjects ?? {})
  },
  scopes: {
    noun: 'scope',
    code: 'unknown_scope',
    namesOf: ({ document }: CompiledPolicy) => Object.keys(document.scopes ?? {})
  }
} as const

/**
 * The renames by kind: `system:NAME` is a system subject, another name a role where the old policy has one, else a
 * scope.
 *
 * @throws RequestError `unknown_role`, `unknown_system_subject`, `unknown_scope` for a name that the policy does not
 * have; `invalid_request` for a name that both policies have, or that two others are renamed to.
 */
export function readRenames(
  policies: OldNew<CompiledPolicy>,
  given: Readonly<Record<string, string>> = {}
): DeclaredRenames {
  const renames = {
    roles: new Map<string, string>(),
    systems: new Map<string, string>(),
    scopes: new Map<string, string>()
  }
  const problems = new RequestProblems()
  for (const [from, to] of Object.entries(given)) {
    const path = ['renamed', from]
    const kind = kindOf(policies.old, from)
    const { noun, code, namesOf } = kinds[kind]
    const bare = (name: string): string => (kind === 'systems' ? name.replace(systemPrefix, '') : name)
    const [old, current] = [bare(from), bare(to)]
    const names = both((side) => new Set(namesOf(policies[side])))
    if (!names.old.has(old)) problems.addUnknown(code, path, noun, old, names.old)
    else if (!names.new.has(current)) problems.addUnknown(code, path, noun, current, names.new)
    else if (names.new.has(old) || names.old.has(current)) {
      const name = names.new.has(old) ? old : current
      problems.add('invalid_request', path, `both policies have the ${noun} ${quoteValue(name)}`, name)
    } else if ([...renames[kind].values()].includes(current))
      problems.add('invalid_request', path, `another ${noun} is renamed to ${quoteValue(current)}`, to)
    else renames[kind].set(old, current)
  }
  problems.throwFirst()
  return renames
}

function kindOf({ document }: CompiledPolicy, name: string): keyof DeclaredRenames {
  if (name.startsWith(systemPrefix)) return 'systems'
  const isScope = Object.hasOwn(document.scopes ?? {}, name) && !Object.hasOwn(document.roles ?? {}, name)
  return isScope ? 'scopes' : 'roles'
}
