// Deployment options and organization settings, as statements range over them: a compiled policy under other options,
// and every combination of values.
import { compileDocument, type CompiledPolicy } from '../compile/compile.js'
import { addRoles, listRoles } from '../compile/role-index.js'
import type { OptionDocument, OptionValue, PolicyShape, RoleDocument } from '../document/types.js'

/** Values by option name. */
export type Values = Readonly<Record<string, OptionValue>>

/**
 * The policy compiled again under other values of its deployment's options, its custom roles included. Options that
 * are not named keep the values they have.
 *
 * @throws RequestError `unknown_option`, `invalid_option`.
 */
export function underOptions(engine: CompiledPolicy, options: Values): CompiledPolicy {
  const isSame = Object.entries(options).every(([name, value]) => engine.options.get(name) === value)
  if (isSame) return engine
  return compileAgain(engine, engine.document, options)
}

/** Another document with the policy's custom roles, under its options or others. */
export function compileAgain(
  engine: CompiledPolicy,
  document: PolicyShape,
  options: Values = {}
): CompiledPolicy {
  const given = Object.fromEntries([...engine.options, ...Object.entries(options)])
  const compiled = compileDocument(document, given)
  const custom = new Map<string | undefined, [string, RoleDocument][]>()
  for (const { name, document, place, isCustom } of listRoles(engine.roles))
    if (isCustom) custom.set(place, [...(custom.get(place) ?? []), [name, document]])
  let { roles } = compiled
  for (const [place, added] of custom)
    roles = addRoles(roles, Object.fromEntries(added), place, compiled.context)
  return { ...compiled, roles }
}

/** The deployment's options that a policy was compiled with. */
export function optionsOf(engine: CompiledPolicy): Values {
  return Object.fromEntries(engine.options)
}

/** Every combination of values of the named options; one empty combination where none is named. */
export function combinations(
  names: Iterable<string>,
  declared: ReadonlyMap<string, OptionDocument>
): Values[] {
  let all: [string, OptionValue][][] = [[]]
  for (const name of names) {
    const { values, default: standard } = declared.get(name) ?? { values: [] }
    // The default first: the plainest combination is the one that comes first.
    const ordered = standard === undefined ? values : [standard, ...values.filter((v) => v !== standard)]
    all = all.flatMap((before) => ordered.map((value) => [...before, [name, value] as [string, OptionValue]]))
  }
  return all.map((entries) => Object.fromEntries(entries))
}

/** A value by its option's name, which may be `constructor` or `__proto__`. */
export function valueIn(values: Values, name: string): OptionValue | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined
}
