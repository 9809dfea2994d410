// The ids of generated worlds as a column of some type has them: some that it holds, and some that it cannot hold or
// that only look like one that it holds.
import type { World } from '../../model.js'
import * as names from '../../arbitraries/names.js'
import type { RolledQuestion } from '../../arbitraries/index.js'

export type IdForm = 'text' | 'uuid' | 'int' | 'cast'

const uuidOf = (number: number): string =>
  `00000000-0000-4000-8abc-0000000000${String(number).padStart(2, '0')}`

/** By the id in a world; the first ones of each pool are those that are met most. */
const uuids: Readonly<Record<string, string>> = {
  u1: uuidOf(1),
  u2: uuidOf(2),
  U1: uuidOf(1).toUpperCase(),
  'u.1': `{${uuidOf(1)}}`,
  o1: uuidOf(11),
  o2: uuidOf(12),
  o3: uuidOf(13),
  'o.1': uuidOf(11).replaceAll('-', ''),
  p1: uuidOf(21),
  p2: uuidOf(22),
  p3: uuidOf(23),
  'p.1': uuidOf(21).toUpperCase(),
  g1: uuidOf(31),
  g2: uuidOf(32),
  i1: uuidOf(41),
  i2: uuidOf(42),
  I1: uuidOf(41).toUpperCase()
}

const integers: Readonly<Record<string, string>> = {
  u1: '1',
  u2: '2',
  U1: '01',
  'u.1': '1.0',
  ' ': ' 1',
  o1: '11',
  o2: '-12',
  o3: '0',
  'o.1': '-0',
  p1: '21',
  p2: '2147483647',
  p3: '-2147483648',
  'p.1': '2147483648',
  g1: '31',
  g2: '32',
  i1: '9223372036854775807',
  i2: '42',
  I1: '9223372036854775808',
  'a:b': '1e1',
  '{task}': '+1'
}

/** What no text of a database can hold, beside what it holds. */
const texts: Readonly<Record<string, string>> = {
  'u.1': 'u1\0',
  'o.1': 'o1\ud800',
  'p.1': '\udfffp1',
  'a:b': 'a"b\\c,{}'
}

const tables: Readonly<Record<IdForm, Readonly<Record<string, string>>>> = {
  text: texts,
  cast: texts,
  uuid: uuids,
  int: integers
}

export function idIn(form: IdForm, id: string): string {
  return Object.hasOwn(tables[form], id) ? (tables[form][id] ?? id) : id
}

/** Every id of one pool, the plainest first. */
export function poolOf(form: IdForm, pool: readonly string[]): readonly string[] {
  return pool.map((id) => idIn(form, id))
}

export const objectIds: readonly string[] = [...names.objectIds('string'), ...names.objectIds('uuid')]

type Data = Readonly<Record<string, unknown>>

/** A world whose custom roles and system subjects have ids of a form. */
export function worldIn(form: IdForm, { document, options, customRoles }: World): World {
  const mapKeys = <T>(places: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(places).map(([id, roles]) => [idIn(form, id), roles]))
  const systems = Object.entries(document.systemSubjects ?? {}).map(([name, system]) => [
    name,
    system.id === undefined ? system : { ...system, id: idIn(form, system.id) }
  ])
  const containers = Object.entries(customRoles.containers ?? {}).map(([kind, places]) => [
    kind,
    mapKeys(places)
  ])
  return {
    document: {
      ...document,
      ...(document.systemSubjects === undefined
        ? {}
        : { systemSubjects: Object.fromEntries(systems) as typeof document.systemSubjects })
    },
    options,
    customRoles: {
      ...customRoles,
      orgs: mapKeys(customRoles.orgs),
      ...(customRoles.containers === undefined
        ? {}
        : { containers: Object.fromEntries(containers) as typeof customRoles.containers })
    }
  }
}

/** A question's subject and ceilings with ids of a form. */
export function subjectIn(
  form: IdForm,
  ids: World['document']['ids'],
  { subject, within }: Pick<RolledQuestion, 'subject' | 'within'>
): { readonly subject: Data; readonly within: readonly Data[] } {
  const change = (data: Data): Data =>
    Object.fromEntries(Object.entries(data).map(([key, value]) => [key, changed(form, ids, key, value)]))
  return { subject: change(subject), within: within.map(change) }
}

function changed(form: IdForm, ids: World['document']['ids'], key: string, value: unknown): unknown {
  const one = (id: unknown): unknown => (typeof id === 'string' ? idIn(form, id) : id)
  if (key === 'id') return one(value)
  if (key === 'groups' && Array.isArray(value)) return value.map(one)
  if (key === 'onlyOrgs' && Array.isArray(value) && ids !== 'uuid') return value.map(one)
  if (key === 'allowList' && Array.isArray(value) && ids !== 'uuid')
    return value.map((entry: string) => {
      const [type = '', ...id] = entry.split(':')
      return `${type}:${idIn(form, id.join(':'))}`
    })
  if (key === 'orgOptions' && typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([id, given]) => [idIn(form, id), given as unknown]))
  if (key === 'roles' && Array.isArray(value))
    return value.map((held: unknown) =>
      typeof held === 'object' && held !== null
        ? Object.fromEntries(
            Object.entries(held).map(([name, id]) => [name, name === 'role' ? (id as unknown) : one(id)])
          )
        : held
    )
  return value
}
