// Checks the roles and system subjects of a compiled file: what they include, and grants that can match.
import { findCircles, type Reference } from '../document/check/circles.js'
import { hasGrant, rolesReachingFurther } from '../document/check/reach.js'
import { fieldOf } from '../document/read.js'
import { isOrgLevel, levels, levelsOfKind } from '../levels.js'
import type { Path } from '../problems/path.js'
import type { Level } from '../types.js'
import { anyText, roleName, visibleName } from './check-names.js'
import { checkCondition } from './check-options.js'
import { checkSet } from './check-sets.js'
import type { Known } from './known.js'
import {
  readEach,
  readFields,
  readList,
  readName,
  readOneOf,
  readTexts,
  refuse,
  type Visit
} from './read-content.js'

const siteLevels = levelsOfKind('site')
const orgLevels: readonly Level[] = levels.filter(isOrgLevel)
const effects = ['allow', 'deny'] as const

/** Checks the roles of the document. */
export function checkRoles(known: Known, path: Path): void {
  const references = new Map<string, Reference<Path>[]>()
  readEach(known.roles, path, (role, at, name) => {
    const included: Reference<Path>[] = []
    checkRole(role, at, name, known, ['site', 'org', ...known.containers], levelsOfKind, (to, place) => {
      included.push({ to, place })
    })
    references.set(name, included)
  })
  for (const { to, place } of findCircles(references)) refuse(place, 'no circle', to)
}

/** Checks roles that are added in places of a kind. */
export function checkCustomRoles(known: Known): (kind: string) => Visit {
  const further = rolesReachingFurther(known.roles)
  return (kind) => (role, path, name) => {
    if (known.roles[name] !== undefined) refuse(path, 'another name than a role of the policy has', name)
    const here = kind === 'org' ? () => orgLevels : levelsOfKind
    checkRole(role, path, name, known, [kind], here, (included, at) => {
      if (kind !== 'site' && further.has(included))
        refuse(at, 'a role that reaches no further than its place', included)
    })
  }
}

function checkRole(
  role: unknown,
  path: Path,
  name: string,
  known: Known,
  kinds: readonly string[],
  levelsOf: (kind: string) => readonly Level[],
  visitIncluded: (name: string, path: Path) => void
): void {
  readName(name, path, roleName)
  const {
    kind: given,
    includes,
    grants,
    variants
  } = readFields(role, path, ['kind', 'includes', 'grants', 'variants'])
  readOneOf(given, [...path, 'kind'], kinds)
  const kind = String(given)
  const live = levelsOf(kind)
  readTexts(includes, [...path, 'includes'], (included, at) => {
    if (fieldOf(known.roles[included], 'kind') !== kind) refuse(at, 'a role of the same kind', included)
    visitIncluded(included, at)
  })
  if (grants !== undefined) checkGrants(grants, [...path, 'grants'], known, live)
  const checkWhen = checkCondition(known, kind === 'org' ? known.orgOptions : undefined)
  readList(variants, [...path, 'variants']).forEach((variant, i) => {
    const at = [...path, 'variants', i]
    const fields = readFields(variant, at, ['when', 'grants'])
    readEach(fields['when'], [...at, 'when'], checkWhen)
    checkGrants(fields['grants'], [...at, 'grants'], known, live, grants)
  })
}

/** Checks the services of the application. */
export function checkSystemSubject(known: Known): Visit {
  return (subject, path, name) => {
    readName(name, path, visibleName)
    const { id, grants } = readFields(subject, path, ['id', 'grants'])
    if (id !== undefined) readName(id, [...path, 'id'], anyText)
    if (grants === undefined) return
    readFields(grants, [...path, 'grants'], siteLevels)
    checkGrants(grants, [...path, 'grants'], known, id === undefined ? ['site'] : siteLevels)
  }
}

/** Checks grants; those outside of the `live` levels could never match and are refused. `base` is what a variant changes. */
function checkGrants(
  grants: unknown,
  path: Path,
  known: Known,
  live: readonly Level[],
  base?: unknown
): void {
  const names = known.levels.map(({ name }) => name)
  readFields(grants, path, names)
  for (const level of known.levels) {
    const at = [...path, level.name]
    const given = fieldOf(grants, level.name)
    if (given === undefined) continue
    readFields(given, at, effects)
    for (const effect of effects) {
      const set = fieldOf(given, effect)
      if (set === undefined) continue
      checkSet(set, [...at, effect], known, {
        level,
        effect,
        base: fieldOf(fieldOf(base, level.name), effect)
      })
      if (!live.includes(level.name) && hasGrant(set))
        refuse(at, 'no grants that can never match', level.name)
    }
  }
}
