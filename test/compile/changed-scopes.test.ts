// The scopes of a changed document answer as those that are compiled from it alone; what is the same in both is shared.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy } from '../../src/index.js'
import { compileChangedScopes } from '../../src/compile/changed-scopes.js'
import { compiledOf } from '../../src/compile/compile.js'
import { compileScopes, type ScopeIndex } from '../../src/compile/scopes.js'
import type { PolicyData } from '../../src/document/types.js'

const compiled = compiledOf(
  compile(
    parsePolicy({
      name: 'scoped',
      resources: { doc: { actions: { read: '', write: '' } }, log: { actions: { read: '' } } },
      scopes: {
        reading: { allow: { '*': ['read'] }, aliases: ['r', 'view'] },
        writing: { allow: { doc: ['write'] }, aliases: ['w'], public: true },
        all: { allow: { '*': '*' } }
      },
      publicScopes: ['all', 'log:*'],
      scopeTemplates: {
        one: { params: { id: 'required', more: 'flag' }, allow: { doc: ['read'] }, allowList: ['doc:{id}'] },
        two: {
          params: { more: 'flag' },
          allow: { doc: ['read'] },
          variants: [{ when: { more: true }, allow: { doc: '*' } }]
        }
      }
    })
  )
)
const { document, scopes, lists } = compiled
const { reading, writing, all } = document.scopes ?? {}
const { one, two } = document.scopeTemplates ?? {}

const changes: Readonly<Record<string, Partial<PolicyData>>> = {
  'nothing changed': {},
  'a scope lets less through': {
    scopes: { reading: { ...reading, allow: {} }, writing: writing!, all: all! }
  },
  'an alias is gone': {
    scopes: { reading: { ...reading!, aliases: ['view'] }, writing: writing!, all: all! }
  },
  'an alias means another scope': {
    scopes: {
      reading: { ...reading!, aliases: ['view'] },
      writing: { ...writing!, aliases: ['w', 'r'] },
      all: all!
    }
  },
  'a scope is not public any more': {
    scopes: { reading: reading!, writing: { allow: { doc: ['write'] } }, all: all! }
  },
  'a scope is gone': { scopes: { reading: reading!, all: all! } },
  'a scope is new': { scopes: { ...document.scopes, none: { allow: {} } } },
  'a scope has another name': { scopes: { reading: reading!, writes: writing!, all: all! } },
  'other scopes are public': { publicScopes: ['reading', 'doc:read'] },
  'there are no scopes': { scopes: undefined, publicScopes: undefined },
  'a template lets more through': { scopeTemplates: { one: { ...one!, allow: { '*': '*' } }, two: two! } },
  'a template is gone': { scopeTemplates: { two: two! } },
  'there are no templates': { scopeTemplates: undefined }
}

function answersOf(index: ScopeIndex): unknown {
  const found = [...index.names(), ...scopes.names(), 'doc', 'doc:drop', '__proto__'].map((name) => {
    const scope = index.find(name)
    return [
      name,
      scope && { ...scope, permissions: scope.permissions().map((p) => p.name), addTo: 0, has: 0 }
    ]
  })
  const flags = [new Set<string>(), new Set(['more'])]
  return {
    found,
    names: [...index.names()],
    listed: index.list().map(({ name }) => name),
    declared: index.declared.map(({ name }) => name),
    templates: [...index.templates].map(([name, template]) => [
      name,
      template.document,
      template.entries,
      flags.map((given) => template.tableUnder(given))
    ])
  }
}

describe('scopes of a changed document', () => {
  it.each(Object.entries(changes))('answer as those compiled alone where %s', (_, change) => {
    const changed = { ...document, ...change }
    const index = compileChangedScopes(changed, compiled)
    expect(answersOf(index)).toEqual(answersOf(compileScopes(changed, lists)))
  })

  it('share what is the same', () => {
    const index = compileChangedScopes({ ...document, ...changes['an alias is gone'] }, compiled)
    expect(index.find('all')).toBe(scopes.find('all'))
    expect(index.find('reading')).not.toBe(scopes.find('reading'))
    expect(index.templates).toBe(scopes.templates)
    expect(index.find('r')).toBeUndefined()
  })
})
