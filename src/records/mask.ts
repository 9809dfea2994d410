// Ids → pseudonyms, the same for the same. A decision only compares ids, so a masked log replays to the same answers as
// long as every place of an id is masked alike, and what the document itself names stays what it is.
import { createHmac } from 'node:crypto'
import { listedId } from '../compile/list-context.js'
import { isUuid } from '../document/ids.js'
import type { CompiledPolicy } from '../compile/compile.js'
import { idsNamedBy } from './named-ids.js'
import type { RoleData, SubjectData } from '../policy/subject-data.js'
import type { CeilingInput } from '../types.js'

/** Ids as they are written. */
export interface Mask {
  /** One id, as objects have it. */
  readonly id: (id: string) => string
  readonly subject: (data: SubjectData) => SubjectData
}

/** Writes ids as they are. */
export const noMask: Mask = Object.freeze({ id: (id: string) => id, subject: (data: SubjectData) => data })

/** Pseudonyms that are remembered; above that all are forgotten and made anew. */
const mostRemembered = 100_000

export function createMask(compiled: CompiledPolicy, key: string | Uint8Array): Mask {
  const fixed = new Set(['*', '*none', ...idsNamedBy(compiled)])
  const known = new Map<string, string>()
  const id = (given: string): string => {
    if (given === '' || fixed.has(given)) return given
    const found = known.get(given)
    if (found !== undefined) return found
    const made = pseudonym(given, key)
    if (known.size >= mostRemembered) known.clear()
    known.set(given, made)
    return made
  }
  // Lists of a policy with UUIDs are read in lower case, and so are parameters that end up in them.
  const listed = (given: string): string => id(listedId(given, compiled.lists))
  return { id, subject: (data) => maskSubject(data, id, listed) }
}

/** What looks like a UUID becomes one: some policies' lists take nothing else. */
function pseudonym(id: string, key: string | Uint8Array): string {
  // As UTF-16, so that two ids with different halves of surrogate pairs stay two.
  const hex = createHmac('sha256', key).update(Buffer.from(id, 'utf16le')).digest('hex')
  if (!isUuid(id)) return hex.slice(0, 24)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

type ById = (id: string) => string

function maskSubject({ subject, within }: SubjectData, id: ById, listed: ById): SubjectData {
  const masked =
    'system' in subject
      ? subject
      : {
          ...subject,
          id: id(subject.id),
          roles: subject.roles.map((role) => maskRole(role, id)),
          ...(subject.groups === undefined ? {} : { groups: subject.groups.map(id) }),
          ...(subject.orgOptions === undefined ? {} : { orgOptions: byId(subject.orgOptions, id) })
        }
  return {
    subject: masked,
    ...(within === undefined ? {} : { within: within.map((one) => maskCeiling(one, listed)) })
  }
}

function byId<T>(record: Readonly<Record<string, T>>, id: ById): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [id(key), value]))
}

/** A role with its place; the role's name is no id. */
function maskRole(role: RoleData, id: ById): RoleData {
  if (typeof role === 'string') return role
  return Object.fromEntries(
    Object.entries(role).map(([key, text]) => [key, key === 'role' ? text : id(text)])
  )
}

function maskCeiling({ scopes, allowList, onlyOrgs }: CeilingInput, listed: ById): CeilingInput {
  return {
    ...(scopes === undefined
      ? {}
      : {
          scopes: scopes.map((scope) =>
            typeof scope === 'string' ? scope : { ...scope, params: maskParams(scope.params, listed) }
          )
        }),
    ...(allowList === undefined ? {} : { allowList: allowList.map((entry) => maskEntry(entry, listed)) }),
    ...(onlyOrgs === undefined ? {} : { onlyOrgs: onlyOrgs.map(listed) })
  }
}

function maskParams(
  params: Readonly<Record<string, string | boolean | undefined>>,
  listed: ById
): Record<string, string | boolean | undefined> {
  return Object.fromEntries(
    Object.entries(params).map(([key, value]) => [key, typeof value === 'string' ? listed(value) : value])
  )
}

function maskEntry(entry: string, listed: ById): string {
  const colon = entry.indexOf(':')
  return `${entry.slice(0, colon)}:${listed(entry.slice(colon + 1))}`
}
