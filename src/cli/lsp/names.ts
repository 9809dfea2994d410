// Which names stand where in a policy document: the one table of the language server. It knows paths and no text.

/** What a name can name. An action is one of a resource. */
export type NameKind = 'resource' | 'action' | 'role' | 'system' | 'scope' | 'template'

/** What stands at a place. */
export type Place =
  | { readonly is: 'name'; readonly kind: NameKind; readonly isDefined: boolean; readonly resource?: string }
  /** `resource:action`. */
  | { readonly is: 'permission' }
  /** A role, or `system:NAME`. */
  | { readonly is: 'subject' }
  /** A scope's name, or a permission as a scope. */
  | { readonly is: 'scope' }
  /** An entry of an allow list: a resource before `:`, and an id. */
  | { readonly is: 'entry' }
  /** A path of the document, as `lint.ignore` has it. */
  | { readonly is: 'path' }

type Rule = readonly [pattern: string, place: (path: readonly string[]) => Place]

const reference = (kind: NameKind) => (): Place => ({ is: 'name', kind, isDefined: false })
const definition = (kind: NameKind) => (): Place => ({ is: 'name', kind, isDefined: true })
const actionOf =
  (at: number, isDefined = false) =>
  (path: readonly string[]): Place => ({ is: 'name', kind: 'action', isDefined, resource: path.at(at) ?? '' })

/** Where a permission set can be. */
const sets = [
  'roles/*/grants/*/allow',
  'roles/*/grants/*/deny',
  'roles/*/variants/#/grants/*/allow',
  'roles/*/variants/#/grants/*/deny',
  'systemSubjects/*/grants/*/allow',
  'systemSubjects/*/grants/*/deny',
  'scopes/*/allow',
  'scopeTemplates/*/allow',
  'scopeTemplates/*/variants/#/allow'
]

/** `*` is any key, `#` any position of a list; a pattern that ends with `!` is the key, any other the value. */
const rules: readonly Rule[] = [
  ['resources/*!', definition('resource')],
  ['resources/*/actions/*!', actionOf(1, true)],
  ['resources/*/implies/*!', actionOf(1)],
  ['resources/*/implies/*/#', actionOf(1)],
  ['resources/*/acl/requires', actionOf(1)],
  ['resources/*/acl/levels/*/#', actionOf(1)],
  ['resources/*/acl/levels/*/except/#', actionOf(1)],
  ['roles/*!', definition('role')],
  ['roles/*/includes/#', reference('role')],
  ['roles/*/assigns/#', reference('role')],
  ['systemSubjects/*!', definition('system')],
  ['systemSubjects/*/assigns/#', reference('role')],
  ['scopes/*!', definition('scope')],
  ['scopeTemplates/*!', definition('template')],
  ['scopeTemplates/*/allowList/#', () => ({ is: 'entry' })],
  ['publicScopes/#', () => ({ is: 'scope' })],
  ['defaultScopes/#', () => ({ is: 'scope' })],
  ['assignPermissions/*', () => ({ is: 'permission' })],
  ['unassignPermissions/*', () => ({ is: 'permission' })],
  ['invariants/#/permissions/#', () => ({ is: 'permission' })],
  ['invariants/#/assigns/#', reference('role')],
  ['invariants/#/ladder/#', reference('role')],
  ['invariants/#/only/#', () => ({ is: 'subject' })],
  ['invariants/#/always/#', () => ({ is: 'subject' })],
  ['invariants/#/scope', () => ({ is: 'scope' })],
  ['lint/ignore/#/path', () => ({ is: 'path' })],
  ...sets.flatMap((set): Rule[] => [
    [`${set}/*!`, reference('resource')],
    [`${set}/*/#`, actionOf(-2)],
    [`${set}/*/#/actions/#`, actionOf(-4)],
    [`${set}/*/actions/#`, actionOf(-3)],
    [`${set}/*/except/#`, actionOf(-3)]
  ])
]

const parsed = new Map<string, { readonly steps: readonly string[]; readonly place: Rule[1] }[]>()
for (const [pattern, place] of rules) {
  const isKey = pattern.endsWith('!')
  const steps = pattern.replace('!', '').split('/')
  const group = groupOf(isKey, steps.length)
  parsed.set(group, [...(parsed.get(group) ?? []), { steps, place }])
}

function groupOf(isKey: boolean, length: number): string {
  return `${isKey ? 'key' : 'value'} ${length}`
}

/** What stands at a path, as its key or as its value; `undefined` where no name is known to stand. */
export function placeAt(path: readonly (string | number)[], isKey: boolean): Place | undefined {
  const matches = (step: string, index: number): boolean => {
    const segment = path[index]
    if (step === '#') return typeof segment === 'number'
    return typeof segment === 'string' && (step === '*' || step === segment)
  }
  const found = parsed.get(groupOf(isKey, path.length))?.find(({ steps }) => steps.every(matches))
  return found?.place(path.map(String))
}
