// A small policy that has every kind of scope, for tests of what keys may be.
import { compile, definePolicy, type NamesOf, type Policy } from '../../src/index.js'

const document = definePolicy({
  name: 'keys',
  ids: 'uuid',
  resources: {
    doc: { acl: true, actions: { read: '', write: '', delete: '' } },
    log: { org: 'required', actions: { read: '', create: '' } },
    key: { actions: { rotate: '' } }
  },
  roles: {
    owner: { kind: 'site', grants: { site: { allow: { '*': '*' } } } },
    member: { kind: 'site', grants: { user: { allow: { doc: '*', key: '*' } } } }
  },
  systemSubjects: { purge: { grants: { site: { allow: { log: '*' } } } } },
  scopes: {
    everything: { title: 'Everything', allow: { '*': '*' }, aliases: ['all', 'any'], public: true },
    reader: { allow: { '*': ['read'] }, public: true },
    'docs.edit': { description: 'Work on documents', allow: { doc: ['read', 'write'] }, public: true },
    'docs.keep': { allow: { doc: { except: ['delete'] } } },
    undocumented: { allow: { '*': '*', doc: [] }, aliases: ['no docs'] }
  },
  publicScopes: ['doc:read', 'doc:write', 'doc:*', 'docs.keep', 'log:create'],
  defaultScopes: ['any'],
  scopeTemplates: {
    one_doc: {
      params: { doc: 'required', other: 'optional', write: 'flag' },
      allow: { doc: ['read'] },
      variants: [{ when: { write: true }, allow: { doc: ['read', 'write'] } }],
      allowList: ['doc:{doc}', 'doc:{other}']
    }
  }
})

export const policy: Policy<NamesOf<typeof document>> = compile(document)

/** A UUID that ends in a number. */
export function uuid(number: number): string {
  return `00000000-0000-4000-a000-${String(number).padStart(12, '0')}`
}
