// What every error about a question says: its code, the place, and, in the user's words, what is wrong and what is near.
import { describe, expect, it } from 'vitest'
import { isCasemateError } from 'casemate'
import { calls } from './error-calls.js'

/** By the question's name: the code, the path and the message, which begins with the path and ends with the hint. */
const said: Readonly<Record<string, readonly [code: string, path: string, message: string, hint?: string]>> =
  {
    'no subject': ['invalid_request', '', 'expected a subject, not `7`'],
    'a list for a subject': ['invalid_request', '', 'expected a subject, not `[…]`'],
    'no id': ['empty_subject_id', 'id', 'missing subject id'],
    'an empty id': ['empty_subject_id', 'id', 'missing subject id'],
    'an id of another kind': ['invalid_request', 'id', 'expected an id, not `7`'],
    'an unknown key': ['invalid_request', 'rols', 'unknown key `rols`', 'roles'],
    'roles that are no list': ['invalid_request', 'roles', 'expected a list of roles, not `member`'],
    'a role of another kind': ['invalid_request', 'roles[1]', 'expected a role, or `{ role, org }`, not `7`'],
    'a role without name': ['invalid_request', 'roles[0]', 'expected a role, or `{ role, org }`, not `{…}`'],
    'an unknown role': ['unknown_role', 'roles[0]', 'unknown role `membr`', 'member'],
    'an organization role without one': [
      'role_needs_org',
      'roles[0]',
      '`editor` is an organization role; give `{ role, org }`'
    ],
    'an organization role in none': [
      'role_needs_org',
      'roles[1]',
      '`editor` is an organization role; give `{ role, org }`'
    ],
    'a site role in one': ['role_takes_no_org', 'roles[0]', '`member` is a site role'],
    'an organization of another kind': [
      'invalid_request',
      'roles[0].org',
      'expected an organization, not `7`'
    ],
    'a site role held again in one': ['role_takes_no_org', 'roles[1]', '`member` is a site role'],
    'a role that inherits its organization': [
      'invalid_request',
      'roles[1].org',
      'inherited; only own keys are read'
    ],
    'groups that are no list': ['invalid_request', 'groups', 'expected a list of groups, not `g`'],
    'a group of another kind': ['invalid_request', 'groups[1]', 'expected a group, not `7`'],
    'settings that are no record': [
      'invalid_request',
      'orgOptions',
      'expected a record from organization to settings, not `[…]`'
    ],
    'settings of one organization that are none': [
      'invalid_request',
      'orgOptions.o1',
      'expected a record of settings, not `7`'
    ],
    'an unknown option': ['unknown_option', 'orgOptions.o1.pln', 'unknown option `pln`', 'plan'],
    'a value that an option lacks': [
      'invalid_option',
      'orgOptions.o1.plan',
      'expected one of `free`, `paid`, not `fre`',
      'free'
    ],
    'a number as text': ['invalid_option', 'orgOptions.o1.size', 'expected one of `1`, `2`, not `"1"`', '1'],
    'no setting that a role reads': ['missing_option', 'roles[0]', 'role `planner` reads the option `plan`'],
    'no setting for one of two': ['missing_option', 'roles[1]', 'role `planner` reads the option `plan`'],
    'scopes that are no list': ['invalid_request', 'scopes', 'expected a list of scopes, not `all`'],
    'scopes that got lost': ['invalid_request', 'scopes', 'expected a list of scopes, not `undefined`'],
    'an unknown scope': ['unknown_scope', 'scopes[1]', 'unknown scope `readin`', 'reading'],
    'a scope of another kind': [
      'invalid_request',
      'scopes[0]',
      'expected a scope name or `{ template, params }`, not `7`'
    ],
    'an unknown template': [
      'unknown_scope_template',
      'scopes[0].template',
      'unknown scope template `agnt`',
      'agent'
    ],
    'a template of another kind': [
      'invalid_request',
      'scopes[0].template',
      'expected the name of a scope template, not `7`'
    ],
    'no parameters': ['missing_parameter', 'scopes[0].params.docId', 'missing parameter'],
    'parameters of another kind': [
      'invalid_request',
      'scopes[0].params',
      'expected a record of parameters, not `7`'
    ],
    'a missing parameter': ['missing_parameter', 'scopes[0].params.docId', 'missing parameter'],
    'an unknown parameter': [
      'unknown_parameter',
      'scopes[0].params.docid',
      'unknown parameter `docid`',
      'docId'
    ],
    'a parameter of another kind': ['invalid_parameter', 'scopes[0].params.docId', 'expected an id, not `7`'],
    'a parameter that is a star': ['invalid_parameter', 'scopes[0].params.docId', 'expected an id, not `*`'],
    'an empty parameter': ['invalid_parameter', 'scopes[0].params.docId', 'expected an id, not `""`'],
    'a flag of another kind': [
      'invalid_parameter',
      'scopes[0].params.isQuiet',
      'expected true or false, not `yes`'
    ],
    'an unknown key of a template': ['invalid_request', 'scopes[0].parms', 'unknown key `parms`', 'params'],
    'an allow list that is none': [
      'invalid_request',
      'allowList',
      'expected a list of `type:id`, not `doc:1`'
    ],
    'an entry of another kind': ['invalid_allow_list_entry', 'allowList[1]', 'not a text `type:id`: `7`'],
    'an entry without colon': [
      'invalid_allow_list_entry',
      'allowList[0]',
      'an entry without a colon; write `type:id`: `docs`'
    ],
    'an entry of an unknown type': [
      'invalid_allow_list_entry',
      'allowList[0]',
      'an entry of an unknown type: `dox:1`',
      'doc:1'
    ],
    'an entry without type': [
      'invalid_allow_list_entry',
      'allowList[0]',
      'an entry of an unknown type: `:1`'
    ],
    'an entry without id': ['invalid_allow_list_entry', 'allowList[0]', 'an entry without id: `doc:`'],
    'too many entries': ['allow_list_too_long', 'allowList', '129 entries are more than 128'],
    'no ceiling': ['invalid_request', 'ceiling', 'expected a ceiling, `{ scopes, allowList }`, not `7`'],
    'an empty ceiling': [
      'invalid_request',
      'ceiling',
      'expected `scopes`, `allowList`, `onlyOrgs` or several of them, not `{…}`'
    ],
    'a ceiling with an unknown key': ['invalid_request', 'ceiling.scope', 'unknown key `scope`', 'scopes'],
    'no object': ['invalid_request', 'object', 'expected an object with a `type`, not `undefined`'],
    'an object of another kind': ['invalid_request', 'object', 'expected an object with a `type`, not `doc`'],
    'an object without type': [
      'invalid_request',
      'object.type',
      'expected the name of a resource, not `undefined`'
    ],
    'a type of another kind': ['invalid_request', 'object.type', 'expected the name of a resource, not `7`'],
    'an unknown type': ['unknown_resource', 'object.type', 'unknown resource `dox`', 'doc'],
    'an unknown action': ['unknown_action', 'action', 'unknown action `raed` of `doc`', 'read'],
    'an action of another kind': ['invalid_request', 'action', 'expected an action, not `7`'],
    'no action': ['invalid_request', 'action', 'expected an action, not `undefined`'],
    'an owner of another kind': ['invalid_request', 'object.owner', 'expected a text, not `7`'],
    'an org of another kind': ['invalid_request', 'object.org', 'expected a text, not `7`'],
    'an id of another kind under a ceiling': ['invalid_request', 'object.id', 'expected a text, not `7`'],
    'an `anyOrg` of another kind': ['invalid_request', 'object.anyOrg', 'expected true or false, not `yes`'],
    '`anyOrg` beside an org': ['any_org_with_org', 'object.anyOrg', 'both `org` and `anyOrg` are given'],
    'an object in no organization': ['missing_org', 'object.org', '`bill` needs an `org`, or `anyOrg: true`'],
    'an object in one': ['unexpected_org', 'object.org', '`licence` belongs to no organization'],
    'an object in any': ['unexpected_org', 'object.anyOrg', '`licence` belongs to no organization'],
    'an ACL where there is none': ['acl_not_supported', 'object.acl', '`bill` has no ACL'],
    'an ACL of another kind': [
      'invalid_request',
      'object.acl',
      'expected an ACL, `{ users, groups }`, not `7`'
    ],
    'an ACL whose users are no record': [
      'invalid_request',
      'object.acl.users',
      'expected a record from id to actions, not `7`'
    ],
    'an ACL whose groups are no record': [
      'invalid_request',
      'object.acl.groups',
      'expected a record from id to actions, not `7`'
    ],
    'an ACL entry that is no list': [
      'invalid_request',
      'object.acl.users.eve',
      'expected a list of actions, not `read`'
    ],
    'an ACL entry with no action': [
      'invalid_request',
      'object.acl.users.eve[1]',
      'expected an action, not `7`'
    ],
    'a permission for another type': [
      'invalid_request',
      'object',
      'expected an object of type `bill`, not `doc`'
    ],
    'a permission of no policy': ['invalid_request', 'action', 'expected an action, not `{…}`'],
    'a permission for what is no object': [
      'invalid_request',
      'object',
      'expected an object with a `type`, not `7`'
    ],
    'a permission for an unknown type': ['unknown_resource', 'object.type', 'unknown resource `dox`', 'doc'],
    'a permission with a name for its number': ['invalid_request', 'action', 'expected an action, not `{…}`'],
    'an unknown system subject': ['unknown_system_subject', '', 'unknown system subject `prge`', 'purge'],
    'a system subject of another kind': [
      'invalid_request',
      '',
      'expected the name of a system subject, not `7`'
    ],
    'a permission of an unknown type': ['unknown_resource', 'type', 'unknown resource `dox`', 'doc'],
    'a permission of an unknown action': [
      'unknown_action',
      'action',
      'unknown action `raed` of `doc`',
      'read'
    ],
    'a permission without names': ['invalid_request', 'type', 'expected the name of a resource, not `7`'],
    'a permission without action': ['invalid_request', 'action', 'expected the name of an action, not `8`'],
    'an unknown action on a row': [
      'unknown_action',
      'rows[0].action',
      'unknown action `raed` of `doc`',
      'read'
    ],
    'an action of another kind on no rows': ['invalid_request', 'action', 'expected an action, not `7`'],
    'a row that is wrong': ['unknown_resource', 'rows[1].object.type', 'unknown resource `dox`', 'doc'],
    'rows that are no list': ['invalid_request', 'rows', 'expected a list of rows, not `{…}`'],
    'a question that is wrong': ['unknown_action', 'one.action', 'unknown action `raed` of `doc`', 'read'],
    'a question that is none': [
      'invalid_request',
      'one',
      'expected a question, `{ action, object }`, not `7`'
    ],
    'questions that are no record': [
      'invalid_request',
      'questions',
      'expected a record of questions, not `[…]`'
    ],
    'actions on what is no object': [
      'invalid_request',
      'object',
      'expected an object with a `type`, not `7`'
    ],
    'actions on an unknown type': ['unknown_resource', 'object.type', 'unknown resource `dox`', 'doc'],
    'some object of an unknown type': ['unknown_resource', 'type', 'unknown resource `dox`', 'doc'],
    'some object for an unknown action': [
      'unknown_action',
      'action',
      'unknown action `raed` of `doc`',
      'read'
    ],
    'an unknown role to assign': ['unknown_role', 'role', 'unknown role `editr`', 'editor'],
    'a role of another kind to assign': ['invalid_request', 'role', 'expected the name of a role, not `7`'],
    'an organization of another kind to assign in': [
      'invalid_request',
      'org',
      'expected an organization, not `7`'
    ],
    'an organization role to assign in none': [
      'role_needs_org',
      'role',
      '`editor` is an organization role; give its organization'
    ],
    'a site role to assign in one': ['role_takes_no_org', 'role', '`member` is a site role'],
    'an organization of another kind to list': [
      'invalid_request',
      'org',
      'expected an organization, not `7`'
    ],
    'an organization of another kind to grant in': [
      'invalid_request',
      'org',
      'expected an organization, not `7`'
    ],
    'a shared ACL of another kind': [
      'invalid_request',
      'acl',
      'expected an ACL, `{ users, groups }`, not `7`'
    ],
    'a shared ACL with an unknown key': ['invalid_request', 'acl.user', 'unknown key `user`', 'users'],
    'a shared ACL with no actions': [
      'invalid_request',
      'acl.users.eve',
      'expected a list of actions, not `read`'
    ],
    'a shared ACL where there is none': ['acl_not_supported', 'acl', '`bill` has no ACL'],
    'a shared ACL whose users are no record': [
      'invalid_request',
      'acl.users',
      'expected a record from id to actions, not `7`'
    ],
    'a shared ACL that inherits its users': [
      'invalid_request',
      'acl.users',
      'inherited; only own keys are read'
    ],
    'a key with an unknown key': ['invalid_request', 'key.scope', 'unknown key `scope`', 'scopes'],
    'a key with a null': ['invalid_request', 'key.scopes', 'expected a list of scopes, not `null`'],
    'a key with an unknown scope': ['unknown_scope', 'key.scopes[0]', 'unknown scope `al`', 'all'],
    'no key': ['invalid_request', 'key', 'expected a ceiling, `{ scopes, allowList }`, not `7`'],
    'no settings': ['invalid_request', 'settings', 'expected settings, `{ options }`, not `7`'],
    'options that are no record': ['invalid_request', 'options', 'expected a record of options, not `[…]`'],
    'an unknown option of a deployment': ['unknown_option', 'options.mod', 'unknown option `mod`', 'mode'],
    'a value that a deployment has not': [
      'invalid_option',
      'options.mode',
      'expected one of `open`, `shut`, not `opn`',
      'open'
    ],
    'no value that a role reads': [
      'missing_option',
      'options.mode',
      'role `opener` reads it and it has no default'
    ],
    'no value that a role of a place reads': [
      'missing_option',
      'options.mode',
      'role `opener` reads it and it has no default'
    ],
    'roles for no place': ['invalid_request', 'place', 'expected a place, `{ org }`, not `7`'],
    'roles for a place of another kind': [
      'invalid_request',
      'place.org',
      'expected an organization, not `7`'
    ],
    'roles for an inherited place': ['invalid_request', 'place.org', 'inherited; only own keys are read'],
    'a role of another kind to look up': ['invalid_request', 'name', 'expected the name of a role, not `7`'],
    'a role to look up in an organization of another kind': [
      'invalid_request',
      'org',
      'expected an organization, not `7`'
    ],
    'a scope of another kind to look up': [
      'invalid_request',
      'name',
      'expected the name of a scope, not `7`'
    ],
    'a scope of another kind to name': ['invalid_request', '', 'expected the name of a scope, not `7`'],
    'an unknown scope to name': ['unknown_scope', '', 'unknown scope `readin`', 'reading'],
    'a template of another kind to fill in': [
      'invalid_request',
      'template',
      'expected the name of a scope template, not `7`'
    ],
    'a resource of another kind': ['invalid_request', 'name', 'expected the name of a resource, not `7`']
  }

describe('an error about a question', () => {
  it.each(Object.keys(calls))('says what is wrong and where: %s', (name) => {
    const [code, path, what, hint] = said[name] ?? ['', '', '']
    const place = path === '' ? '' : `${path}: `
    const near = hint === undefined ? '' : `; did you mean \`${hint}\`?`
    let thrown: unknown
    try {
      calls[name]?.()
    } catch (error) {
      thrown = error
    }
    expect(isCasemateError(thrown)).toBe(true)
    const {
      message,
      hint: meant,
      ...error
    } = thrown as { code: string; path: string; message: string; hint?: string }
    expect({ code: error.code, path: error.path, message }).toEqual({
      code,
      path,
      message: `${place}${what}${near}`
    })
    expect(meant).toBe(hint)
  })

  it('is expected of every question that is asked here', () => {
    expect(Object.keys(said)).toEqual(Object.keys(calls))
  })
})
