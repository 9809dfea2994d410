// The settings under which a role can be held: every combination that its variants distinguish. Deployment options are
// included, because changing one later must not turn a covered role into one that is not covered.
import type { CompiledPolicy } from '../compile/compile.js'
import { compileRole, includedRoles, type RoleTable, type CompiledRole } from '../compile/roles.js'
import type { RoleVariant } from '../document/types.js'
import type { OptionValue } from '../types.js'

/** Values by option; an option that is missing has no value. */
export type Settings = ReadonlyMap<string, OptionValue>

/** More than any role that a person would write: ten options of two values. Above it nothing is enumerated. */
export const mostSettings = 1024

/**
 * Every combination of settings that the roles distinguish; `undefined` where there are more than `mostSettings`.
 */
export function settingsOf(
  compiled: CompiledPolicy,
  roles: readonly CompiledRole[]
): readonly Settings[] | undefined {
  const asked = new Map<string, Set<OptionValue>>()
  for (const { when } of roles.flatMap((role) => variantsOf(compiled, role)))
    for (const [option, value] of Object.entries(when))
      asked.set(option, (asked.get(option) ?? new Set()).add(value))
  let combinations: Settings[] = [new Map()]
  for (const [option, values] of asked) {
    const choices = tellingValues(compiled, option, values)
    if (combinations.length * choices.length > mostSettings) return undefined
    combinations = combinations.flatMap((settings) =>
      choices.map((value) => (value === undefined ? settings : new Map([...settings, [option, value]])))
    )
  }
  return combinations
}

/** The variants of a role and of the roles that it includes. */
function variantsOf({ context }: CompiledPolicy, { document }: CompiledRole): readonly RoleVariant[] {
  const included = includedRoles(document, context.shipped)
  return [document, ...included.values()].flatMap(({ variants = [] }) => variants)
}

/** The values that variants ask for, one other value, and the one of the deployment; `undefined` is no value. */
function tellingValues(
  compiled: CompiledPolicy,
  option: string,
  asked: ReadonlySet<OptionValue>
): readonly (OptionValue | undefined)[] {
  const ofOrg = compiled.context.orgOptions.get(option)
  const ofDeployment = (Object.hasOwn(compiled.document, 'options') && compiled.document.options) || {}
  const declared =
    (ofOrg ?? (Object.hasOwn(ofDeployment, option) ? ofDeployment[option] : undefined))?.values ?? []
  const other = declared.filter((value) => !asked.has(value)).slice(0, 1)
  const choices = new Set<OptionValue | undefined>([...asked, ...other])
  if (ofOrg === undefined) choices.add(compiled.options.get(option))
  return [...choices]
}

/** The table of a role under settings; `settings` has a value of every organization option that the role reads. */
export function roleTableUnder(compiled: CompiledPolicy, role: CompiledRole, settings: Settings): RoleTable {
  if (variantsOf(compiled, role).length === 0) return role.under([])
  const options = new Map(settings)
  for (const option of compiled.context.orgOptions.keys()) options.delete(option)
  const custom = role.isCustom ? { place: role.place } : undefined
  const context = { ...compiled.context, options }
  const made = compileRole(role.name, role.document, [role.name], context, custom)
  return made.under(made.reads.flatMap((option) => settings.get(option) ?? []))
}
