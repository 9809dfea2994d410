// Questions with one thing wrong in each, by a name: what is said of them is in error-places.test.ts.
import { compile, parsePolicy, type Policy, type Subject } from 'casemate'

export const policy: Policy = compile(
  parsePolicy({
    name: 'places',
    resources: {
      doc: { acl: true, actions: { read: '', write: '' } },
      bill: { org: 'required', actions: { read: '' } },
      licence: { org: 'never', actions: { read: '' } }
    },
    options: { mode: { values: ['open', 'shut'] } },
    orgOptions: { plan: { values: ['free', 'paid'] }, size: { values: [1, 2], default: 1 } },
    roles: {
      member: { kind: 'site', grants: { site: { allow: { '*': '*' } } } },
      editor: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } },
      planner: {
        kind: 'org',
        grants: {},
        variants: [{ when: { plan: 'free' }, grants: { org: { allow: { doc: ['read'] } } } }]
      }
    },
    systemSubjects: { purge: { grants: { site: { allow: { doc: '*' } } } } },
    scopes: { everything: { allow: { '*': '*' }, aliases: ['all'] }, reading: { allow: { doc: ['read'] } } },
    scopeTemplates: {
      agent: {
        params: { docId: 'required', billId: 'optional', isQuiet: 'flag' },
        allow: { '*': '*' },
        allowList: ['doc:{docId}', 'bill:{billId}']
      }
    }
  })
)

const bareUsers = Object.assign(Object.create(null) as object, { users: {} })
const opener = {
  kind: 'org' as const,
  variants: [{ when: { mode: 'open' }, grants: { org: { allow: { doc: '*' as const } } } }]
}
const reading = parsePolicy({ ...policy.document, roles: { ...policy.document.roles, opener } })
const ada = policy.subject({ id: 'ada', roles: ['member'] })
const keyed = ada.within({ scopes: ['all'] })
const subject = (given: unknown) => (): unknown => policy.subject(given as never)
const has = (given: object): (() => unknown) => subject({ id: 'ada', ...given })
const can =
  (action: unknown, object: unknown, asked: Subject = ada) =>
  (): unknown =>
    asked.can(action as never, object as never)
const narrow = (ceiling: unknown) => (): unknown => ada.within(ceiling as never)
const template = (scope: object) => has({ scopes: [{ template: 'agent', params: { docId: 'd' }, ...scope }] })
const doc = { type: 'doc' }

export const calls: Readonly<Record<string, () => unknown>> = {
  'no subject': subject(7),
  'a list for a subject': subject([]),
  'no id': subject({}),
  'an empty id': subject({ id: '' }),
  'an id of another kind': subject({ id: 7 }),
  'an unknown key': has({ rols: [] }),
  'roles that are no list': has({ roles: 'member' }),
  'a role of another kind': has({ roles: ['member', 7] }),
  'a role without name': has({ roles: [{ org: 'o1' }] }),
  'an unknown role': has({ roles: ['membr'] }),
  'an organization role without one': has({ roles: ['editor'] }),
  'an organization role in none': has({ roles: ['member', { role: 'editor', org: '' }] }),
  'a site role in one': has({ roles: [{ role: 'member', org: 'o1' }] }),
  'an organization of another kind': has({ roles: [{ role: 'editor', org: 7 }] }),
  'a site role held again in one': has({ roles: ['member', { role: 'member', org: 'o1' }] }),
  'a role that inherits its organization': has({
    roles: ['member', Object.assign(Object.create({ org: 'o1' }) as object, { role: 'editor' })]
  }),
  'groups that are no list': has({ groups: 'g' }),
  'a group of another kind': has({ groups: ['g', 7] }),
  'settings that are no record': has({ orgOptions: [] }),
  'settings of one organization that are none': has({ orgOptions: { o1: 7 } }),
  'an unknown option': has({ orgOptions: { o1: { pln: 'free' } } }),
  'a value that an option lacks': has({ orgOptions: { o1: { plan: 'fre' } } }),
  'a number as text': has({ orgOptions: { o1: { size: '1' } } }),
  'no setting that a role reads': has({ roles: [{ role: 'planner', org: 'o1' }] }),
  'no setting for one of two': has({
    roles: [
      { role: 'planner', org: 'o1' },
      { role: 'planner', org: 'o2' }
    ],
    orgOptions: { o1: { plan: 'free' } }
  }),
  'scopes that are no list': has({ scopes: 'all' }),
  'scopes that got lost': has({ scopes: undefined }),
  'an unknown scope': has({ scopes: ['all', 'readin'] }),
  'a scope of another kind': has({ scopes: [7] }),
  'an unknown template': template({ template: 'agnt' }),
  'a template of another kind': template({ template: 7 }),
  'no parameters': template({ params: undefined }),
  'parameters of another kind': template({ params: 7 }),
  'a missing parameter': template({ params: {} }),
  'an unknown parameter': template({ params: { docId: 'd', docid: 'e' } }),
  'a parameter of another kind': template({ params: { docId: 7 } }),
  'a parameter that is a star': template({ params: { docId: '*' } }),
  'an empty parameter': template({ params: { docId: '' } }),
  'a flag of another kind': template({ params: { docId: 'd', isQuiet: 'yes' } }),
  'an unknown key of a template': template({ parms: {} }),
  'an allow list that is none': has({ allowList: 'doc:1' }),
  'an entry of another kind': has({ allowList: ['doc:1', 7] }),
  'an entry without colon': has({ allowList: ['docs'] }),
  'an entry of an unknown type': has({ allowList: ['dox:1'] }),
  'an entry without type': has({ allowList: [':1'] }),
  'an entry without id': has({ allowList: ['doc:'] }),
  'too many entries': has({ allowList: Array.from({ length: 129 }, (_, i) => `doc:${i}`) }),
  'no ceiling': narrow(7),
  'an empty ceiling': narrow({}),
  'a ceiling with an unknown key': narrow({ scope: ['all'] }),
  'no object': can('read', undefined),
  'an object of another kind': can('read', 'doc'),
  'an object without type': can('read', {}),
  'a type of another kind': can('read', { type: 7 }),
  'an unknown type': can('read', { type: 'dox' }),
  'an unknown action': can('raed', doc),
  'an action of another kind': can(7, doc),
  'no action': can(undefined, doc),
  'an owner of another kind': can('read', { ...doc, owner: 7 }),
  'an org of another kind': can('read', { ...doc, org: 7 }),
  'an id of another kind under a ceiling': can('read', { ...doc, id: 7 }, keyed),
  'an `anyOrg` of another kind': can('read', { ...doc, anyOrg: 'yes' }),
  '`anyOrg` beside an org': can('read', { ...doc, org: 'o1', anyOrg: true }),
  'an object in no organization': can('read', { type: 'bill' }),
  'an object in one': can('read', { type: 'licence', org: 'o1' }),
  'an object in any': can('read', { type: 'licence', anyOrg: true }),
  'an ACL where there is none': can('read', { type: 'bill', org: 'o1', acl: {} }),
  'an ACL of another kind': can('read', { ...doc, acl: 7 }, policy.subject({ id: 'eve' })),
  'an ACL whose users are no record': can(
    'read',
    { ...doc, acl: { users: 7 } },
    policy.subject({ id: 'eve' })
  ),
  'an ACL whose groups are no record': can(
    'read',
    { ...doc, org: 'o1', acl: { groups: 7 } },
    policy.subject({
      id: 'eve',
      roles: [{ role: 'planner', org: 'o1' }],
      orgOptions: { o1: { plan: 'paid' } }
    })
  ),
  'an ACL entry that is no list': can(
    'read',
    { ...doc, acl: { users: { eve: 'read' } } },
    policy.subject({ id: 'eve' })
  ),
  'an ACL entry with no action': can(
    'read',
    { ...doc, acl: { users: { eve: ['read', 7] } } },
    policy.subject({ id: 'eve' })
  ),
  'a permission for another type': can(policy.permission('bill', 'read'), doc),
  'a permission of no policy': can({ index: 0, catalogue: {} }, doc),
  'a permission for what is no object': can(policy.permission('doc', 'read'), 7),
  'a permission for an unknown type': can(policy.permission('doc', 'read'), { type: 'dox' }),
  'a permission with a name for its number': can(
    Object.defineProperty(Object.create(policy.permission('doc', 'read')), 'index', { value: 'length' }),
    doc
  ),
  'an unknown system subject': () => policy.systemSubject('prge'),
  'a system subject of another kind': () => policy.systemSubject(7 as never),
  'a permission of an unknown type': () => policy.permission('dox', 'read'),
  'a permission of an unknown action': () => policy.permission('doc', 'raed'),
  'a permission without names': () => policy.permission(7 as never, 8 as never),
  'a permission without action': () => policy.permission('doc', 8 as never),
  'an unknown action on a row': () => ada.filter('raed', [doc]),
  'an action of another kind on no rows': () => ada.filter(7 as never, []),
  'a row that is wrong': () => ada.filter('read', [doc, { type: 'dox' }] as never),
  'rows that are no list': () => ada.filter('read', doc as never),
  'a question that is wrong': () => ada.canEach({ one: { action: 'raed', object: doc } }),
  'a question that is none': () => ada.canEach({ one: 7 } as never),
  'questions that are no record': () => ada.canEach([] as never),
  'actions on what is no object': () => ada.actionsOn(7 as never),
  'actions on an unknown type': () => ada.actionsOn({ type: 'dox' }),
  'some object of an unknown type': () => ada.canSome('read', 'dox'),
  'some object for an unknown action': () => ada.canSome('raed', 'doc'),
  'an unknown role to assign': () => ada.canAssign('editr', 'o1'),
  'a role of another kind to assign': () => ada.canAssign(7 as never),
  'an organization of another kind to assign in': () => ada.canAssign('editor', 7 as never),
  'an organization role to assign in none': () => ada.canAssign('editor'),
  'a site role to assign in one': () => ada.canUnassign('member', 'o1'),
  'an organization of another kind to list': () => ada.assignableRoles(7 as never),
  'an organization of another kind to grant in': () => ada.canGrant({ kind: 'org' }, 7 as never),
  'a shared ACL of another kind': () => ada.canShare(doc, 7 as never),
  'a shared ACL with an unknown key': () => ada.canShare(doc, { user: {} } as never),
  'a shared ACL with no actions': () => ada.canShare(doc, { users: { eve: 'read' } } as never),
  'a shared ACL where there is none': () => ada.canShare({ type: 'bill', org: 'o1' }, {}),
  'a shared ACL whose users are no record': () => ada.canShare(doc, { users: 7 } as never),
  'a shared ACL that inherits its users': () => ada.canShare(doc, Object.create(bareUsers) as never),
  'a key with an unknown key': () => ada.canMint({ scope: [] } as never),
  'a key with a null': () => ada.canMint({ scopes: null } as never),
  'a key with an unknown scope': () => ada.canMint({ scopes: ['al'] }),
  'no key': () => ada.canMint(7 as never),
  'no settings': () => compile(policy.document, 7 as never),
  'options that are no record': () => compile(policy.document, { options: [] } as never),
  'an unknown option of a deployment': () => compile(policy.document, { options: { mod: 'open' } }),
  'a value that a deployment has not': () => compile(policy.document, { options: { mode: 'opn' } }),
  'no value that a role reads': () => compile(reading),
  'no value that a role of a place reads': () => policy.withRoles({ opener }, { org: 'o1' }),
  'roles for no place': () => policy.withRoles({}, 7 as never),
  'roles for a place of another kind': () => policy.withRoles({}, { org: 7 } as never),
  'roles for an inherited place': () => policy.withRoles({}, Object.create({ org: 'o1' }) as never),
  'a role of another kind to look up': () => policy.roles.get(7 as never),
  'a role to look up in an organization of another kind': () => policy.roles.get('editor', 7 as never),
  'a scope of another kind to look up': () => policy.scopes.get(7 as never),
  'a scope of another kind to name': () => policy.scopes.canonical(7 as never),
  'an unknown scope to name': () => policy.scopes.canonical('readin'),
  'a template of another kind to fill in': () => policy.scopes.template(7 as never, {}),
  'a resource of another kind': () => policy.resources.get(7 as never)
}
