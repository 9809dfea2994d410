// Bugs that could be in a filter, planted one at a time into its plan, its dialect or its text: those that are the same for
// every database, and what makes others.
import type { Dialect } from '../../../src/sql/dialect/dialect.js'
import type { Hole } from '../../../src/sql/fragment.js'
import { fragment } from '../../../src/sql/fragment.js'
import { all, always, any, never, not, type Condition } from '../../../src/sql/plan/condition.js'
import type { RowPlan } from '../../../src/sql/plan/plan.js'
import type { TableParts } from '../../../src/sql/table.js'

export interface Bug {
  readonly name: string
  /** Changes the plan of one subject. */
  readonly plan?: (plan: RowPlan, parts: TableParts) => RowPlan
  /** Changes how everything is written. */
  readonly parts?: (parts: TableParts) => TableParts
  /** Changes the text. */
  readonly text?: (text: string) => string
}

type Change = (condition: Condition, plan: RowPlan, parts: TableParts) => Condition | undefined

/** A change of every part of the condition for which it gives another one; wider parts first. */
export function inCondition(name: string, change: Change): Bug {
  const plan = (given: RowPlan, parts: TableParts): RowPlan => {
    const walk = (part: Condition): Condition => {
      const changed = change(part, given, parts)
      if (changed !== undefined) return changed
      if (part.kind === 'all') return all(...part.parts.map(walk))
      if (part.kind === 'any') return any(...part.parts.map(walk))
      return part.kind === 'not' ? not(walk(part.part)) : part
    }
    return { ...given, condition: walk(given.condition) }
  }
  return { name, plan }
}

export function inFlags(name: string, isMeant: (flag: string) => boolean, value: boolean): Bug {
  return {
    name,
    plan: (plan) => ({
      ...plan,
      isSet: plan.isSet.map((set, at) => (isMeant(plan.flags[at]?.name ?? '') ? value : set))
    })
  }
}

export function inDialect(name: string, change: (dialect: Dialect) => Partial<Dialect>): Bug {
  return {
    name,
    parts: (parts) => ({
      ...parts,
      kept: new WeakMap(),
      dialect: { ...parts.dialect, ...change(parts.dialect) }
    })
  }
}

export function inHoles(name: string, change: (hole: Hole) => Hole['value']): Bug {
  return inDialect(name, (dialect) => ({
    leaf: (condition, context) => {
      const written = dialect.leaf(condition, context)
      if (typeof written === 'boolean') return written
      return { ...written, holes: written.holes.map((hole) => ({ ...hole, value: change(hole) })) }
    }
  }))
}

const isNot = (part: Condition, kind: Condition['kind']): boolean =>
  part.kind === 'not' && part.part.kind === kind
const slotName = (plan: RowPlan, slot: number): string => plan.slots[slot]?.name ?? ''

/** Bugs that any database could have. */
export const bugs: readonly Bug[] = [
  // Rows about which there is no answer.
  inCondition('a row without the organization it needs is asked about', (part) =>
    isNot(part, 'noOrg') ? always : undefined
  ),
  inCondition('a row without the container it needs is asked about', (part) =>
    isNot(part, 'noContainer') ? always : undefined
  ),
  inCondition('a row with another value of an attribute is asked about', (part, _, { columns }) =>
    part.kind === 'attribute' &&
    part.values.length === columns.attributes[part.attribute]?.attribute.values.length
      ? always
      : undefined
  ),
  // Attributes.
  inCondition('NULL is not the default', (part) =>
    part.kind === 'attribute' && part.orNone ? { ...part, orNone: false } : undefined
  ),
  inCondition('NULL is every value', (part) =>
    part.kind === 'attribute' && !part.orNone ? { ...part, orNone: true } : undefined
  ),
  inCondition('attributes do not matter', (part, _, { columns }) =>
    part.kind === 'attribute' &&
    part.values.length < (columns.attributes[part.attribute]?.attribute.values.length ?? 0)
      ? always
      : undefined
  ),
  // Places and owners.
  inCondition('every row is the own one', (part) => (part.kind === 'owner' ? always : undefined)),
  inCondition('no row is the own one', (part) => (part.kind === 'owner' ? never : undefined)),
  inCondition('the level user reaches into organizations', (part) =>
    part.kind === 'noOrg' ? always : isNot(part, 'noOrg') ? part : undefined
  ),
  inCondition('the level user reaches into containers', (part) =>
    part.kind === 'noContainer' ? always : isNot(part, 'noContainer') ? part : undefined
  ),
  inCondition('what an organization denies, a container may allow', (part) =>
    isNot(part, 'org') ? always : undefined
  ),
  inCondition('one of several containers cannot deny', (part) =>
    isNot(part, 'container') ? always : undefined
  ),
  inCondition('a level of the owner cannot deny', (part) => (isNot(part, 'all') ? always : undefined)),
  inCondition('a denied owner is anybody', (part) =>
    part.kind === 'not' && part.part.kind === 'all'
      ? not(all(...part.part.parts.filter(({ kind }) => kind !== 'owner')))
      : undefined
  ),
  // Ceilings.
  inCondition('lists of ids do not matter', (part) => (part.kind === 'id' ? always : undefined)),
  inFlags('there is no list of ids', (flag) => flag.startsWith('ids.all'), true),
  inFlags('there is no list of organizations', (flag) => flag === 'orgs.all', true),
  inFlags('a list of organizations has none too', (flag) => flag === 'orgs.none', true),
  {
    name: 'one list of organizations is enough',
    plan: (plan) => ({
      ...plan,
      ids: plan.ids.map((ids, at) => (slotName(plan, at) === 'orgs.listed' ? [...ids, ['o1', 'o2']] : ids))
    })
  },
  // The site, and what ACL settings ask of roles.
  inFlags('the site allows', (flag) => flag.startsWith('site.allow'), true),
  inFlags('the site does not deny what an entry gives', (flag) => flag.startsWith('site.deny'), false),
  inFlags('what an entry requires is there', (flag) => flag.endsWith('.required'), true),
  // Entries of ACLs.
  inCondition('entries for users do not count', (part) => (part.kind === 'userEntry' ? never : undefined)),
  inCondition('entries for groups do not count', (part) => (part.kind === 'groupEntry' ? never : undefined)),
  inCondition('an entry for a group counts outside its organizations', (part, plan) =>
    part.kind === 'org' && slotName(plan, part.slot) === 'memberOrgs' ? always : undefined
  ),
  inCondition('the star of an entry does not count', (part) =>
    'words' in part && part.words.includes('*')
      ? { ...part, words: part.words.filter((word) => word !== '*') }
      : undefined
  ),
  inCondition('only the action itself counts in an entry', (part) =>
    'words' in part ? { ...part, words: [part.words[0] ?? '', '*'] } : undefined
  ),
  // What a column can hold.
  inDialect('NULL is an organization', (dialect) => ({
    leaf: (condition, context) => {
      const { org } = context.columns
      if (condition.kind !== 'noOrg' || org?.kind !== 'text') return dialect.leaf(condition, context)
      return fragment(`${dialect.quoteName(context.alias ?? '')}.${dialect.quoteName(org.name)} = ''`)
    }
  })),
  inDialect('the empty text is an organization', (dialect) => ({
    leaf: (condition, context) => {
      const { org } = context.columns
      if (condition.kind !== 'noOrg' || org === undefined) return dialect.leaf(condition, context)
      return fragment(`${dialect.quoteName(context.alias ?? '')}.${dialect.quoteName(org.name)} IS NULL`)
    }
  })),
  inHoles(
    'ids are sent in lower case',
    ({ value }) =>
      (ids) =>
        value(ids.map((id) => id.toLowerCase()))
  ),
  inHoles(
    'zeros before a number are left out',
    ({ value }) =>
      (ids) =>
        value(ids.map((id) => id.replace(/^-?0+(?=\d)/, '').replace(/^-0$/, '0')))
  ),
  inHoles(
    'broken text is mended',
    ({ value }) =>
      (ids) =>
        value(ids.map((id) => id.replaceAll(/[\0\p{Cs}]/gu, '')))
  ),
  inHoles(
    'only the first id is sent',
    ({ value }) =>
      (ids) =>
        value(ids.slice(0, 1))
  ),
  // Logic.
  inDialect('NOT of NULL is unknown', () => ({ isNotTrue: (part) => fragment('NOT (', part, ')') })),
  inDialect('a value can be NULL', () => ({ isTrue: (part) => part }))
]
