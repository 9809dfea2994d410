// What a document says of a name: its title, its description, its actions.
import { formatPath } from '../../problems/path.js'
import { visible } from '../../output/visible.js'
import type { NameKind } from './names.js'
import type { Occurrence } from './occurrences.js'
import type { Outline } from './outline.js'

/** A name, whichever place it was found at. */
export type Named = Pick<Occurrence, 'kind' | 'name' | 'resource'>

const keys: Readonly<Record<Exclude<NameKind, 'action'>, string>> = {
  resource: 'resources',
  role: 'roles',
  system: 'systemSubjects',
  scope: 'scopes',
  template: 'scopeTemplates'
}

/** The description of a name in one line; empty where there is none. */
export function saidOf({ texts }: Outline, { kind, name, resource }: Named): string {
  const path =
    kind === 'action' ? ['resources', resource ?? '', 'actions', name] : [keys[kind], name, 'description']
  return visible(texts.get(formatPath(path)) ?? '')
}

/** The name as a heading, and what is said of it: lines of plain text. */
export function describe(outline: Outline, named: Named): string[] {
  const { kind, name, resource } = named
  const { texts, names } = outline
  if (kind === 'action') return [`action ${resource ?? ''}:${name}`, saidOf(outline, named)].map(visible)
  const field = (key: string): string | undefined => texts.get(formatPath([keys[kind], name, key]))
  const title = field('title')
  const words: Readonly<Record<string, string>> = { system: 'system subject', template: 'scope template' }
  const actions = names.filter((one) => one.kind === 'action' && one.isDefined && one.resource === name)
  return [
    `${words[kind] ?? kind} ${name}${title === undefined ? '' : ` (${title})`}`,
    ...(kind === 'role' ? [`held: ${field('kind') ?? 'not said'}`] : []),
    saidOf(outline, named),
    ...(kind === 'resource' ? actions.slice(0, 50).map((one) => `${one.name}: ${saidOf(outline, one)}`) : [])
  ]
    .filter((line) => line !== '')
    .map(visible)
}
