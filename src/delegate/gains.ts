// What a change of a role gives: every allow added and every deny removed, at each level. A role under other settings
// differs in a few lines only, so a resource that the same lines reach again is skipped: its gains were already
// reported.
import type { CompiledPermission } from '../compile/catalogue.js'
import type { WrittenLine, WrittenSet } from '../compile/permission-set.js'
import type { RoleTable } from '../compile/roles.js'
import type { Effect, Level } from '../types.js'
import { levels, levelsOfKind } from '../levels.js'

export interface Gain {
  readonly level: Level
  readonly effect: Effect
  readonly permission: CompiledPermission
  readonly line: WrittenLine
  /** The included role whose line it is; `undefined` for a line of the role itself. */
  readonly included: string | undefined
}

type Resource = readonly [name: string, permissions: readonly CompiledPermission[]]

/** Permissions by their resource, in the order given. */
export function byResource(permissions: readonly CompiledPermission[]): readonly Resource[] {
  const resources = new Map<string, CompiledPermission[]>()
  for (const permission of permissions) {
    const ofResource = resources.get(permission.resource)
    if (ofResource === undefined) resources.set(permission.resource, [permission])
    else ofResource.push(permission)
  }
  return [...resources]
}

/** Reports the gains of one change under each of its settings; gains of the same lines only once. */
export function createGains(
  resources: readonly Resource[]
): (before: RoleTable | undefined, after: RoleTable) => Generator<Gain> {
  const numberOf = createNumbers()
  const told = new Set<string>()
  return function* (before, after) {
    const writers = { before: writersOf(before), after: writersOf(after) }
    const all = [...writers.before, ...writers.after]
    for (const level of after.document === undefined ? levels : levelsOfKind(after.document.kind)) {
      const sets = effects.flatMap((effect) => all.map((writer) => writer.lines(level, effect)))
      if (sets.every(({ size }) => size === 0)) continue
      const numbered = sets.map((set) => numberLines(set, numberOf))
      const wildcards = numbered.map((numbers) => numbers.get('*') ?? '').join()
      for (const [at, [resource, permissions]] of resources.entries()) {
        let key = `${level} ${at} ${wildcards}`
        for (const numbers of numbered) key += ` ${numbers.get(resource) ?? ''}`
        if (told.has(key)) continue
        told.add(key)
        for (const permission of permissions) yield* gainsAt(level, permission, writers)
      }
    }
  }
}

const effects: readonly Effect[] = ['allow', 'deny']

/** The role and the roles that it includes: each has lines of its own. */
function writersOf(role: RoleTable | undefined): readonly RoleTable[] {
  return role === undefined ? [] : [role, ...role.included]
}

interface Writers {
  readonly before: readonly RoleTable[]
  readonly after: readonly RoleTable[]
}

function* gainsAt(level: Level, permission: CompiledPermission, { before, after }: Writers): Generator<Gain> {
  for (const [effect, from, to] of [
    ['allow', after, before],
    ['deny', before, after]
  ] as const) {
    const writer = writerOf(from, level, effect, permission)
    const line = writer?.line(level, effect, permission)
    if (writer === undefined || line === undefined) continue
    if (writerOf(to, level, effect, permission) !== undefined) continue
    const included = writer === from[0] ? undefined : writer.role
    yield { level, effect, permission, line, included }
  }
}

/** The first that has a line for a vote. */
function writerOf(
  writers: readonly RoleTable[],
  level: Level,
  effect: Effect,
  permission: CompiledPermission
): RoleTable | undefined {
  return writers.find((writer) => writer.line(level, effect, permission) !== undefined)
}

/** Numbers the lines of a document by their paths. */
function createNumbers(): (line: WrittenLine) => number {
  const numbers = new Map<string, number>()
  return ({ at }) => {
    const place = JSON.stringify(at)
    const number = numbers.get(place) ?? numbers.size
    numbers.set(place, number)
    return number
  }
}

function numberLines(set: WrittenSet, numberOf: (line: WrittenLine) => number): ReadonlyMap<string, number> {
  return new Map([...set].map(([key, line]) => [key, numberOf(line)]))
}
