// The page of scopes: what a key can be limited to, and what each of these limits lets through.
import { compareNames } from '../../problems/names.js'
import type { Policy, ScopeInfo } from '../../policy/types/index.js'
import type { ScopeTemplateDocument } from '../../document/types.js'
import { listResources, listScopes, sortByName, type DescribedResource } from '../names.js'
import { setRows } from './grants.js'
import { cellCode, code, codes, heading, page, sentence, table, type Block } from './markdown.js'

export function scopesPage(policy: Policy, generated: string): string {
  const scopes = listScopes(policy)
  const resources = listResources(policy)
  const lowLevel = scopes.filter(({ kind }) => kind === 'low-level')
  const { defaultScopes, scopeTemplates = {} } = policy.document
  return page([
    '# Scopes',
    generated,
    'What an API key can be limited to. A scope grants nothing: a key does what its owner may do and one of its scopes' +
      ' lets through.',
    defaultScopes === undefined
      ? 'A request for a key has to name its scopes.'
      : `A key whose request names none gets ${codes([...defaultScopes].sort(compareNames))}.`,
    ...scopes.filter(({ kind }) => kind === 'declared').flatMap((scope) => scopeSection(resources, scope)),
    ...sortByName(Object.entries(scopeTemplates).map(([name, document]) => ({ name, document }))).flatMap(
      ({ name, document }) => templateSection(resources, name, document)
    ),
    '## Single permissions',
    lowLevel.length === 0
      ? ''
      : 'Each lets through what its name says; `*` is every action, those to come included.',
    lowLevel.length === 0 ? '' : table(['Scope', 'For users'], lowLevel.map(lowLevelRow))
  ])
}

function lowLevelRow({ name, isPublic }: ScopeInfo): string[] {
  return [cellCode(name), isPublic ? 'yes' : 'no']
}

function scopeSection(
  resources: readonly DescribedResource[],
  { name, title, description, isPublic, aliases, allow }: ScopeInfo
): Block[] {
  return [
    heading(name, title),
    sentence(description),
    isPublic ? 'A user may ask for it.' : 'Not for users: no request for a key can name it.',
    aliases.length === 0 ? '' : `Also called ${codes([...aliases].sort(compareNames))}, which is deprecated.`,
    ...expansion(resources, allow)
  ]
}

function templateSection(
  resources: readonly DescribedResource[],
  name: string,
  document: ScopeTemplateDocument
): Block[] {
  const { title, description, params, allow, variants = [], allowList } = document
  const kinds = { required: 'an id', optional: 'an id, or not given', flag: 'yes or no' }
  return [
    heading(name, title),
    sentence(description),
    'A template: the application fills it in for one key.',
    table(
      ['Parameter', 'What it is'],
      Object.entries(params).map(([param, kind]) => [cellCode(param), kinds[kind]])
    ),
    ...expansion(resources, allow),
    ...variants.flatMap(({ when, allow: replaced }): Block[] => [
      `Where ${Object.entries(when)
        .map(([flag, value]) => `${code(flag)} is ${value ? 'set' : 'not set'}`)
        .join(' and ')}, of ${codes(Object.keys(replaced).sort(compareNames))} only:`,
      ...expansion(resources, replaced)
    ]),
    allowList === undefined ? '' : 'Only for these objects:',
    (allowList ?? []).map((entry) => `- ${code(entry)}`)
  ]
}

function expansion(resources: readonly DescribedResource[], allow: ScopeInfo['allow']): Block[] {
  const rows = setRows(resources, allow, 'allow').map(([resource = '', actions = '']) => [resource, actions])
  return rows.length === 0 ? ['Lets nothing through.'] : [table(['Lets through', 'Actions'], rows)]
}
