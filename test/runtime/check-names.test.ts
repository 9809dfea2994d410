// A compiled file with names, numbers and lists that no policy may have is refused where it is loaded, and one that has what
// a policy may have is not: the same that the full package says of the document.
import { describe, expect, it } from 'vitest'
import { isCasemateError, parsePolicy, PolicyError } from 'casemate'
import { fromCompiled } from 'casemate/runtime'
import { checksumOf } from '../../src/compile/compiled-file.js'

type Fields = Readonly<Record<string, unknown>>
const base = { name: 'x', resources: { doc: { actions: { read: '', write: '' } } }, roles: {} }

function isWhole(document: object): boolean {
  try {
    parsePolicy(document)
    return true
  } catch (error) {
    if (!isCasemateError(error)) throw error
    return false
  }
}

/** The place of the fault, or that there is none. */
function faultIn(document: Fields): string {
  const containers = (document['containers'] ?? []) as readonly { readonly name: string }[]
  const content = {
    document,
    siteRoles: {},
    orgRoles: {},
    containerRoles: Object.fromEntries(containers.map(({ name }) => [name, {}]))
  }
  try {
    fromCompiled({ casemate: 2, checksum: checksumOf(JSON.stringify(content)), content })
    return 'none'
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    return error.problems[0]?.path ?? 'nowhere'
  }
}

const names = [
  ...[
    'type',
    'id',
    'owner',
    'org',
    'anyOrg',
    'onlyOrgs',
    'acl',
    'role',
    'site',
    'user',
    'teamMember',
    'Member'
  ],
  ...[
    'x',
    'X',
    'xY',
    'x_y',
    'x-y',
    'x.y',
    'x/y',
    'x..y',
    '.x',
    'x.',
    'x y',
    '1x',
    '',
    '*',
    'x\n',
    ' x',
    'é',
    'userx'
  ],
  ...[
    'x'.repeat(128),
    'x'.repeat(129),
    'xsite',
    'xuser',
    'siteMember',
    'orgMember',
    'usermember',
    'constructor',
    '__proto__'
  ]
]
const of = (name: string, value: unknown): Fields => Object.fromEntries([[name, value]])
const state = { values: ['draft', 'final'] }
const doc = base.resources.doc

const documents: Readonly<Record<string, (name: string) => Fields>> = {
  container: (name) => ({ ...base, containers: [{ name }] }),
  'second container': (name) => ({ ...base, containers: [{ name: 'x' }, { name }] }),
  attribute: (name) => ({ ...base, resources: { doc: { ...doc, attributes: of(name, state) } } }),
  'attribute beside a container': (name) => ({
    ...base,
    containers: [{ name: 'x' }],
    resources: { doc: { ...doc, attributes: of(name, state) } }
  }),
  resource: (name) => ({ ...base, resources: of(name, doc) }),
  action: (name) => ({ ...base, resources: { doc: { actions: of(name, '') } } }),
  role: (name) => ({ ...base, roles: of(name, { kind: 'site', grants: {} }) }),
  'system subject': (name) => ({ ...base, systemSubjects: of(name, { grants: {} }) }),
  scope: (name) => ({ ...base, scopes: of(name, { allow: {} }) }),
  'scope like a low-level one': (name) => ({
    ...base,
    scopes: of(`doc:${name === 'x' ? '*' : name}`, { allow: {} })
  }),
  option: (name) => ({ ...base, options: of(name, { values: ['a'], default: 'a' }) })
}

describe.each(Object.entries(documents))(
  'a file is refused as a document is, for the name of a %s',
  (_, write) => {
    it.each(names)('%j', (name) => {
      const document = write(name)
      expect(faultIn(document) === 'none').toBe(isWhole(document))
    })
  }
)

describe('a fault of a file', () => {
  const attributes = (more: Fields): Fields => ({
    ...base,
    resources: { doc: { ...doc, attributes: { state: more } } }
  })
  const list = (length: number): readonly string[] => Array.from({ length }, (_, n) => `doc:d${n}`)
  const scoped = (allowList: readonly string[], ids?: string): Fields => ({
    ...base,
    ...(ids === undefined ? {} : { ids }),
    scopeTemplates: { one: { params: { id: 'required' }, allow: { doc: ['read'] }, allowList } }
  })
  it.each<readonly [Fields, string]>([
    [attributes({ values: 5 }), 'content.document.resources.doc.attributes.state.values'],
    [
      attributes({ values: ['a', 'b'], default: 'c' }),
      'content.document.resources.doc.attributes.state.default'
    ],
    [attributes({ values: ['a', 'b'], default: 'b' }), 'none'],
    [{ ...base, containers: [1, 2, 3].map((n) => ({ name: `k${n}` })) }, 'none'],
    [{ ...base, containers: [1, 2, 3, 4].map((n) => ({ name: `k${n}` })) }, 'content.document.containers'],
    [scoped(['doc:{id}', ...list(127)]), 'none'],
    [scoped(['doc:{id}', ...list(128)]), 'content.document.scopeTemplates.one.allowList'],
    [scoped(['doc:{id}', 'doc:']), 'content.document.scopeTemplates.one.allowList[1]'],
    [scoped(['doc:{id}', 'doc:*']), 'none'],
    [scoped(['doc:{id}', 'doc:d1'], 'uuid'), 'content.document.scopeTemplates.one.allowList[1]'],
    [scoped(['doc:{id}', 'doc:d1'], 'string'), 'none'],
    [
      {
        ...base,
        roles: { r: { kind: 'site', grants: { site: { allow: { doc: { except: ['read', 5] } } } } } }
      },
      'content.document.roles.r.grants.site.allow.doc.except[1]'
    ],
    [
      { ...base, roles: { r: { kind: 'site', grants: { site: { allow: { doc: [null] } } } } } },
      'content.document.roles.r.grants.site.allow.doc[0]'
    ],
    [
      { ...base, roles: { r: { kind: 'site', grants: { org: { allow: { doc: ['read'] } } } } } },
      'content.document.roles.r.grants.org'
    ]
  ])('%# is at its place', (document, place) => {
    expect(faultIn(document)).toBe(place)
    expect(isWhole(document)).toBe(place === 'none')
  })

  it.each([
    [{}, 'casemate'],
    [{ casemate: 1 }, 'casemate'],
    [null, 'casemate'],
    [{ casemate: 2 }, 'checksum'],
    [{ casemate: 2, checksum: 'x', content: {} }, 'checksum'],
    [{ casemate: 2, checksum: 'x', content: () => 1 }, 'content'],
    [{ casemate: 2, checksum: 'x', content: 1n }, 'content']
  ])('%# is refused before its content is read', (file, place) => {
    expect(() => fromCompiled(file as never)).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ path: place })] })
    )
  })
})
