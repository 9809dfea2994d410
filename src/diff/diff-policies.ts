// The difference between two policies: who gains and who loses what, proved over every class of objects and every set
// of roles. It compares decisions, not texts. Each difference has a request that the policies answer differently.
import type { Policy } from '../policy/types/index.js'
import { type CompiledPolicy, compiledOf } from '../compile/compile.js'
import type { Names } from '../document/index.js'
import { splitName } from '../problems/names.js'
import { RequestProblems } from '../problems/request-problems.js'
import type { Values } from '../verify/space/settings.js'
import { listHoldings, startComparing, type Comparing } from './role-cases.js'
import { describeChanges } from './changes.js'
import { readRenames } from './declared-renames.js'
import { addedLater } from './added-later.js'
import { deniesGone, settingsGone } from './denies.js'
import { removedDenyRoles } from './removed-denies.js'
import { compareKeys, keysOf } from './keys.js'
import { Work } from './limits.js'
import { joinHoldings, joinSystems, type RenamedHoldings } from './renames.js'
import { joinScopes, type ScopeNames } from './scope-renames.js'
import { Likeness } from './representatives.js'
import { hasAttributes, type Attributes } from './attributes.js'
import { inOrder, joinAttributes, type Finding, type Who } from './report.js'
import { namesThere } from './renamed-names.js'
import { compareRoles, searchFor } from './roles.js'
import {
  askedPermissions,
  gaining,
  losing,
  type AskedPermission,
  type OldNew,
  type Direction
} from './sides.js'
import { compareShared } from './shared.js'
import { compareNobody, compareSystems } from './systems.js'
import { tellOf } from './search.js'
import type { DiffSettings, PolicyDiff, Rename, Widening } from './types.js'
import { wideningsOf } from './widened.js'
import { namesText } from './words.js'
import { quoteValue } from '../problems/quote.js'

/**
 * Who may do what in one policy but not in the other: every role, pairs of roles where no role alone shows it, system
 * subjects, subjects that an ACL entry names, and keys by their scope or template. All of it under every combination of
 * the deployment's options and the organizations' settings, whatever the policies were compiled with.
 *
 * A request that a policy answers with an error counts as refused there. A role, setting or parameter that a policy
 * does not have is ignored there, so a role without grants is no difference. An option or value that it does not have
 * counts as the default, or as the first value if a deployment's option has no default.
 *
 * Every witness was asked of both policies, under its options as far as a policy has them. Policies that are equal
 * except for the order of keys have no difference. A list where there was a wildcard changes no answer of today, but
 * what its holder may grant and mint: a wildcard also means what is added later, which only a wildcard covers.
 *
 * @throws RequestError `unknown_option`, `invalid_option` for a value in `options` that neither policy has; for
 * `renamed` `unknown_role`, `unknown_scope`, `unknown_system_subject`, and `invalid_request` for a name that both
 * policies have.
 * @throws CasemateError `too_many_cases` where comparing would take too much time or memory; it names the cause.
 */
export function diffPolicies<O extends Names, N extends Names>(
  old: Policy<O>,
  current: Policy<N>,
  settings: DiffSettings = {}
): PolicyDiff {
  const comparison = prepare({ old: compiledOf(old), new: compiledOf(current) }, settings)
  const { comparing, renamed } = comparison
  const found = new Found()
  const findings = [...compare(comparison, found, settings.onProgress)]
  const gained = findings.filter(({ direction }) => direction === gaining)
  const lost = findings.filter(({ direction }) => direction === losing)
  const widened = widenings(comparison, gaining, found, gained)
  const narrowed = widenings(comparison, losing, found, lost)
  return {
    gained: inOrder(gained),
    lost: inOrder(lost),
    widened,
    narrowed,
    renamed,
    removedDenies: removedDenyRoles(comparing.policies, renamed),
    changes: describeChanges(comparing.policies, renamed, [...widened, ...narrowed])
  }
}

/**
 * Whether nobody gains or loses anything and nothing is widened or narrowed, as `diffPolicies` finds it; it stops at
 * the first permission that somebody gains or loses.
 *
 * @throws CasemateError `too_many_cases`, as `diffPolicies` does.
 */
export function areEquivalent<O extends Names, N extends Names>(old: Policy<O>, current: Policy<N>): boolean {
  const comparison = prepare({ old: compiledOf(old), new: compiledOf(current) }, {})
  const found = new Found()
  if (compare(comparison, found).next().done !== true) return false
  return [gaining, losing].every((direction) => widenings(comparison, direction, found, []).length === 0)
}

/**
 * Whether two policies allow everybody the same, apart from who may assign what. `about` has the names of the
 * permissions to look at, if the policies cannot differ in others. For many comparisons of one policy, `whole` counts the
 * work of all of them together and `likeness` keeps what they have in common.
 */
export function decideAlike(
  old: Policy,
  current: Policy,
  about?: ReadonlySet<string>,
  whole?: Work,
  likeness: Likeness = new Likeness()
): boolean {
  const policies = { old: compiledOf(old), new: compiledOf(current) }
  const comparison = prepare(policies, {}, { about, work: new Work(whole), likeness })
  return compare(comparison, new Found()).next().done === true
}

/** Permissions that a key newly lets through but that nobody is allowed: by direction and key. */
class Found {
  readonly #untold = new Map<Direction, Map<string, { who: Who; permissions: string[] }>>()

  add(direction: Direction, who: Who, permission: string): void {
    const bySubject = this.#untold.get(direction) ?? new Map<string, { who: Who; permissions: string[] }>()
    this.#untold.set(direction, bySubject)
    const one = bySubject.get(who.subject) ?? { who, permissions: [] }
    bySubject.set(who.subject, one)
    if (!one.permissions.includes(permission)) one.permissions.push(permission)
  }

  in(direction: Direction): Widening[] {
    return [...(this.#untold.get(direction)?.values() ?? [])].flatMap(({ who, permissions }): Widening[] => {
      const { kind, subject } = who
      if (kind !== 'scope' && kind !== 'template' && kind !== 'list') return []
      const lets = direction === gaining ? 'now lets' : 'no longer lets'
      const message = `${quoteValue(subject)} ${lets} ${namesText(permissions)} through, which nobody is allowed`
      return [{ kind, subject, message }]
    })
  }
}

/** Everything else, besides gained permissions, that lets somebody reach more in the policy that allows. */
function widenings(
  { comparing, joined, systems, asked, renamed }: Comparison,
  direction: Direction,
  found: Found,
  findings: readonly Finding[]
): Widening[] {
  const told = new Map<string, Attributes[]>()
  const toldAbout = new Set(
    findings.map(({ who, asked: { name } }) => `${who.subject} ${splitName(name)[0] ?? ''}`)
  )
  const nameThere = namesThere(renamed, direction)
  for (const { who, asked, relation } of findings)
    if (who.kind === 'role' || who.kind === 'roles')
      for (const role of who.subject.replace(/ in another organization$/, '').split(' + ')) {
        const key = `${role} ${asked.name}`
        told.set(key, [...(told.get(key) ?? []), relation.attributes])
      }
  const isTold = (role: string, { name, attributes }: AskedPermission): boolean =>
    told.get(`${role} ${name}`)?.some((some) => hasAttributes(attributes, some)) === true
  return [
    ...wideningsOf(comparing.policies, asked, renamed, direction),
    ...found.in(direction),
    ...deniesGone(comparing, joined.holdings, asked, direction, isTold),
    ...addedLater(
      comparing,
      { holdings: joined.holdings, systems },
      (name) => nameThere('scope', name),
      direction,
      (subject, resource) => toldAbout.has(`${subject} ${resource}`)
    ),
    ...(direction === gaining ? settingsGone(comparing, joined.holdings, asked) : [])
  ]
}

interface Comparison {
  readonly comparing: Comparing
  readonly asked: readonly AskedPermission[]
  readonly joined: RenamedHoldings
  readonly systems: readonly OldNew<string>[]
  readonly scopes: ScopeNames
  readonly renamed: readonly Rename[]
  /** Whether only the answer counts: then what is the same in both policies is left out. */
  readonly isNarrowed: boolean
}

/** What a comparison can be spared. */
interface Narrowing {
  /** The names of the only permissions to look at. */
  readonly about?: ReadonlySet<string> | undefined
  readonly work?: Work
  /** Given if only the answer counts, and not who shows it. */
  readonly likeness?: Likeness
}

function prepare(
  policies: OldNew<CompiledPolicy>,
  { options = {}, renamed: given }: Pick<DiffSettings, 'options' | 'renamed'>,
  { about, work, likeness }: Narrowing = {}
): Comparison {
  checkOptions(policies, options)
  const isNarrowed = likeness !== undefined
  const declared = readRenames(policies, given)
  const comparing = startComparing(policies, options, work)
  const asked = askedPermissions(policies, about)
  const holdings = listHoldings(comparing, likeness?.representatives(policies, asked))
  const joined = joinHoldings(comparing, holdings, asked, declared.roles)
  const { systems, renamed } = joinSystems(comparing, asked, declared.systems, isNarrowed)
  const scopes = joinScopes(comparing, asked, declared.scopes, isNarrowed)
  return {
    comparing,
    asked,
    joined,
    systems,
    scopes,
    renamed: [...joined.renamed, ...renamed, ...scopes.renamed],
    isNarrowed
  }
}

/** Everything that differs, permission by permission; first what is gained, unless only the answer counts. */
function* compare(
  { comparing, asked, joined, systems, scopes, isNarrowed }: Comparison,
  found: Found,
  onProgress?: DiffSettings['onProgress']
): Generator<Finding> {
  let done = 0
  const sides = [gaining, losing].map((direction) => ({
    direction,
    keysFor: keysOf(comparing, direction, scopes, asked, isNarrowed)
  }))
  const groups = [...byName(asked)]
  const steps = isNarrowed
    ? groups.flatMap((combinations) => sides.map((side) => ({ ...side, combinations })))
    : sides.flatMap((side) => groups.map((combinations) => ({ ...side, combinations })))
  for (const { direction, keysFor, combinations } of steps) {
    const findings: Finding[] = []
    for (const permission of combinations) {
      onProgress?.(done++, 2 * asked.length)
      const search = searchFor(comparing, joined.holdings, permission, direction, (one) => {
        comparing.work.find(() => tellOf(permission))
        findings.push(one)
      })
      if (search === undefined) continue
      compareRoles(search, joined.holdings)
      compareNobody(search)
      compareShared(search, joined.holdings)
      compareSystems(search, systems)
      compareKeys(search, keysFor(permission), (who) => {
        found.add(direction, who, permission.name)
      })
    }
    yield* joinAttributes(findings, combinations, direction)
  }
}

/** The combinations of attributes of each permission, which stand one after the other. */
function byName(asked: readonly AskedPermission[]): Iterable<readonly AskedPermission[]> {
  const groups = new Map<string, AskedPermission[]>()
  for (const one of asked) {
    const group = groups.get(one.name)
    if (group === undefined) groups.set(one.name, [one])
    else group.push(one)
  }
  return groups.values()
}

/** @throws RequestError for an option or value that neither policy has. */
function checkOptions(policies: OldNew<CompiledPolicy>, options: Values): void {
  const problems = new RequestProblems()
  for (const [name, value] of Object.entries(options)) {
    const declared = [policies.old, policies.new].flatMap(({ document }) =>
      Object.entries(document.options ?? {}).flatMap(([known, option]) => (known === name ? [option] : []))
    )
    const known = [policies.old, policies.new].flatMap(({ document }) => Object.keys(document.options ?? {}))
    const [first] = declared
    if (first === undefined)
      problems.addUnknown('unknown_option', ['options', name], 'option', name, new Set(known))
    else if (declared.every(({ values }) => !values.includes(value)))
      problems.addInvalidOption(['options', name], first, value)
  }
  problems.throwFirst()
}
