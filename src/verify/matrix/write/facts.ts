// What a matrix does not show, from the document: settings, denies, who assigns whom, scopes, ACL levels. As tables of
// plain texts, for pages.
import { whereText } from '../../../compile/permission-set.js'
import type { Names } from '../../../document/index.js'
import type {
  ActionList,
  Effects,
  Grants,
  OptionDocument,
  PermissionSet,
  PolicyData,
  Where
} from '../../../document/types.js'
import type { Policy } from '../../../policy/types/index.js'

/** One table of a page. */
export interface FactTable {
  /** What a link leads to. */
  readonly id: string
  /** Its heading. */
  readonly title: string
  /** The heads of its columns. */
  readonly head: readonly string[]
  /** Its rows; the first cell is what a row is about. */
  readonly rows: readonly (readonly string[])[]
}

/** The facts of a policy, without tables that would be empty. */
export function factsOf<N extends Names>(policy: Policy<N>): FactTable[] {
  const document: PolicyData = policy.document
  const tables = [settings(document, policy.options), denies(document), assigning(document)]
  return [...tables, scopes(document), templates(document), acls(document)].filter(
    ({ rows }) => rows.length > 0
  )
}

function settings(document: PolicyData, chosen: Readonly<Record<string, unknown>>): FactTable {
  const row = (
    whose: string,
    name: string,
    { values, default: usual, description }: OptionDocument
  ): string[] => [
    name,
    whose,
    values.map(String).join(', '),
    whose === 'deployment' ? String(chosen[name]) : usual === undefined ? 'each shown' : String(usual),
    description ?? ''
  ]
  return {
    id: '_settings',
    title: 'Settings',
    head: ['Setting', 'Of the', 'Values', 'On this page', 'What it is'],
    rows: [
      ...entries(document.options).map(([name, option]) => row('deployment', name, option)),
      ...entries(document.orgOptions).map(([name, option]) => row('organization', name, option))
    ]
  }
}

function denies(document: PolicyData): FactTable {
  const rowsOf = (subject: string, grants: Grants | undefined, when: string): string[][] =>
    entries<Effects | undefined>(grants).flatMap(([level, effects]) =>
      entries(effects?.deny).map(([resource, actions]) => [
        subject,
        level,
        resource,
        actionsText(actions),
        when
      ])
    )
  const ofRoles = entries(document.roles).flatMap(([name, { grants, variants = [] }]) => [
    ...rowsOf(name, grants, ''),
    ...variants.flatMap((variant) => rowsOf(name, variant.grants, conditionText(variant.when)))
  ])
  const ofSystems = entries(document.systemSubjects).flatMap(([name, { grants }]) =>
    rowsOf(`system:${name}`, grants, '')
  )
  return {
    id: '_denies',
    title: 'Denies',
    head: ['Subject', 'Level', 'Resource', 'Actions', 'When'],
    rows: [...ofRoles, ...ofSystems]
  }
}

function assigning(document: PolicyData): FactTable {
  const all = [
    ...entries(document.roles).map(([name, role]) => [name, role.assigns ?? []] as const),
    ...entries(document.systemSubjects).map(([name, one]) => [`system:${name}`, one.assigns ?? []] as const)
  ]
  const needed = (['assignPermissions', 'unassignPermissions'] as const).flatMap((key) =>
    entries(document[key]).flatMap(([place, permission]) =>
      permission === undefined
        ? []
        : [
            [
              `whoever ${key === 'assignPermissions' ? 'gives' : 'takes'} a role at ${place}`,
              `needs ${permission}`
            ]
          ]
    )
  )
  return {
    id: '_assigning',
    title: 'Who assigns whom',
    head: ['Subject', 'Gives the roles'],
    rows: [
      ...all.flatMap(([name, roles]) => (roles.length === 0 ? [] : [[name, roles.join(', ')]])),
      ...needed
    ]
  }
}

function scopes(document: PolicyData): FactTable {
  const { publicScopes = [], defaultScopes = [] } = document
  const marks = (name: string, isPublic: boolean | undefined): string =>
    [
      ...(isPublic === true || publicScopes.includes(name) ? ['public'] : []),
      ...(defaultScopes.includes(name) ? ['default'] : [])
    ].join(', ')
  return {
    id: '_scopes',
    title: 'Scopes',
    head: ['Scope', 'Lets through', 'For', 'What it is'],
    rows: entries(document.scopes).map(([name, scope]) => [
      name,
      setText(scope.allow),
      marks(name, scope.public),
      wordsOf(scope)
    ])
  }
}

function templates(document: PolicyData): FactTable {
  return {
    id: '_templates',
    title: 'Scope templates',
    head: ['Template', 'Parameters', 'Lets through', 'What it is'],
    rows: entries(document.scopeTemplates).map(([name, template]) => [
      name,
      entries(template.params)
        .map(([key, need]) => `${key} (${need})`)
        .join(', '),
      setText(template.allow),
      wordsOf(template)
    ])
  }
}

function acls(document: PolicyData): FactTable {
  return {
    id: '_acl',
    title: 'Objects with an ACL',
    head: ['Resource', 'Levels', 'Entries count'],
    rows: entries(document.resources).flatMap(([name, { acl }]) => {
      if (acl === undefined || acl === false) return []
      const { levels, members, requires, overridesDeny } = acl === true ? {} : acl
      const counts = [
        ...(members === true ? ['for members of the organization'] : []),
        ...(requires === undefined ? [] : [`where roles allow ${requires}`]),
        overridesDeny === false ? 'not against a deny' : 'also against a deny'
      ]
      const named = entries(levels).map(([level, actions]) => `${level}: ${actionsText(actions)}`)
      return [[name, named.length === 0 ? 'single actions' : named.join('; '), counts.join(', ')]]
    })
  }
}

function entries<T>(record: Readonly<Record<string, T>> | undefined): [string, T][] {
  return Object.entries(record ?? {})
}

function wordsOf({
  title,
  description
}: {
  readonly title?: string | undefined
  readonly description?: string | undefined
}): string {
  return [title, description].filter((text) => text !== undefined).join(': ')
}

function setText(set: PermissionSet): string {
  return entries(set)
    .map(([resource, actions]) => `${resource === '*' ? 'everything' : resource}: ${actionsText(actions)}`)
    .join('; ')
}

function conditionText(when: Readonly<Record<string, unknown>>): string {
  return entries(when)
    .map(([name, value]) => `${name} = ${String(value)}`)
    .join(', ')
}

function actionsText(actions: ActionList): string {
  const under = (text: string, where: Where | undefined): string =>
    where === undefined ? text : `${text} where ${whereText(where)}`
  if (actions === '*') return 'every action'
  if ('except' in actions) return under(`every action except ${actions.except.join(', ')}`, actions.where)
  if ('where' in actions) return under(listText(actions.actions), actions.where)
  return actions
    .map((one) => (typeof one === 'string' ? one : under(listText(one.actions), one.where)))
    .join(', ')
}

function listText(actions: '*' | readonly string[]): string {
  return actions === '*' ? 'every action' : actions.join(', ')
}
