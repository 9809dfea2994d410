// The names and ids that generated worlds are made of: few, so that things meet; and many that a careless lookup, a
// path, a pattern or a separator would misread. The plainest stand first.

const longName = 'long'.repeat(64)

export const resourceNames = ['doc', 'log', 'team', 'user_secret', 'constructor', 'manage'] as const
export const actionNames = ['read', 'create', 'delete', 'share', 'constructor', 'all'] as const

/** Names that only a document with the wider rules for names has. No two differ in case alone. */
export const wideResourceNames = ['site.log', 'k8s/pods', 'Web-Hook', 'a.b/c-d_1', 'valueOf'] as const
export const wideActionNames = ['get-all', 'exec/attach', 'Update.All', 'toString'] as const

export const containerNames = ['project', 'folder', 'team', 'aB_9', 'subject'] as const
export const attributeNames = ['status', 'locked', 'kind', 'manage', 'x_Y'] as const
export const aclLevelNames = ['viewer', 'editor', 'owner', 'aB_9', 'project'] as const

const oddNames = [
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  'a.b',
  'a b',
  '$where',
  'né 役',
  longName
]

/** Role names with separators of other kinds of names. */
export const wideRoleNames = ['org:admin', 'k8s/view', 'A.b-c']
export const roleNames = ['member', 'admin', 'auditor', 'guest', 'owner', 'site', 'everyone', ...oddNames]
export const customRoleNames = ['custom', 'intern', 'valueOf', 'x.y', '__defineGetter__', '0']
export const optionNames = ['mode', 'sharing', 'constructor', '__proto__', 'toString', 'a.b']
export const systemNames = ['purge', 'system', 'constructor', '__proto__', 'toString', 'a.b']
export const scopeNames = [
  'app:all',
  'reader',
  'constructor',
  '__proto__',
  'toString',
  'a.b',
  'no:such',
  'né 役'
]
export const aliasNames = ['all', 'rd', 'valueOf', 'hasOwnProperty', 'x:y:z']
export const templateNames = ['agent', 'visitor', 'constructor', '__proto__']
export const paramNames = ['workspace', 'owner', 'task', 'constructor', '__proto__', 'toString']
export const flagNames = ['block', 'quiet', 'valueOf']

/** Names that no policy here declares. */
export const unknownNames = ['nope', 'Read', 'doc:nope', '__lookupGetter__', 'isPrototypeOf', '*', '', 'docs']

export const subjectIds = ['u1', 'u2', 'U1', '*', '__proto__', 'constructor', 'u.1', ' ', 'né 役']
export const orgIds = ['o1', 'o2', 'o3', '__proto__', 'constructor', '*', 'o.1', ' ', 'u1']
export const containerIds = ['p1', 'p2', 'p3', '__proto__', 'constructor', '*', 'p.1', ' ', 'o1']
export const groupIds = ['g1', 'g2', 'o1', '__proto__', 'toString', '*', '', 'u1']

const plainIds = ['i1', 'i2', 'a:b', '__proto__', '{task}', ' ', 'né 役', longName]
const uuids = [
  '00000000-0000-4000-a000-00000000000a',
  '00000000-0000-4000-A000-00000000000A',
  '00000000-0000-4000-a000-00000000000b',
  'ffffffff-ffff-4fff-bfff-ffffffffffff'
]

/** Ids of organizations where a key may name them: with `ids: 'uuid'` only UUIDs can be. */
export function listableOrgIds(ids: 'uuid' | 'string' | undefined): readonly string[] {
  return ids === 'uuid' ? [...uuids, 'o1', '__proto__', '*none'] : [...orgIds, '*none']
}

/** Ids that an allow list may name, with `ids` as the document has it. */
export function listableIds(ids: 'uuid' | 'string' | undefined): readonly string[] {
  return ids === 'uuid' ? uuids : plainIds
}

/** Ids of objects: those that lists name, and those that no list can. */
export function objectIds(ids: 'uuid' | 'string' | undefined): readonly string[] {
  return ids === 'uuid' ? [...uuids, 'i1', '*'] : [...plainIds, '*', 'I1']
}
