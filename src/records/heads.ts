// The lines that decisions build on: the policy, each subject and each custom role, written once and named by their hash
// after that. They are written again after an hour, after a loss, and when a sink begins a new file.
import type { CompiledPolicy } from '../compile/compile.js'
import { findRole } from '../compile/role-index.js'
import type { CompiledRole, RoleTable } from '../compile/roles.js'
import type { Union } from '../compile/tables.js'
import { subjectData } from '../policy/subject-data.js'
import type { Subject } from '../policy/types/index.js'
import { stateOf, type SubjectState } from '../request/state.js'
import { keyOf } from './keys.js'
import type { Mask } from './mask.js'

/** Descriptions that are remembered. Above that all are forgotten, and written again when they are needed. */
const mostRemembered = 10_000

/** What every line begins with. */
export const lineStart = '{"v":1,"kind":'

export class Heads {
  readonly #add: (line: string) => void
  readonly #mask: Mask
  readonly #policyLine: string
  /** What was written since the last time that all was forgotten: by what it says, its key and its line. */
  readonly #written = new Map<string, { readonly key: string; readonly line: string }>()
  /** Changes when all is forgotten. */
  round = 0

  constructor(policyLine: string, mask: Mask, add: (line: string) => void) {
    this.#policyLine = policyLine
    this.#mask = mask
    this.#add = add
  }

  /** The lines that were written since all was last forgotten. */
  lines(): readonly string[] {
    return Array.from(this.#written.values(), ({ line }) => line)
  }

  forget(): void {
    this.#written.clear()
    this.round++
  }

  /** Forgets all if there is too much of it. Returns the number of the round. */
  makeRoom(): number {
    if (this.#written.size >= mostRemembered) this.forget()
    return this.round
  }

  /** The key of a subject; writes what says who it is, unless that was written. */
  keyOf(subject: Subject): string {
    this.#once('policy', this.#policyLine, () => this.#policyLine)
    const state = stateOf(subject)
    const roles = customRolesOf(state).map((role) => this.#roleKey(role))
    const data = JSON.stringify(this.#mask.subject(subjectData(subject))).slice(1, -1)
    const text = `${data}${roles.length === 0 ? '' : `,"customRoles":${JSON.stringify(roles)}`}`
    return this.#once(text, text, (key) => `${lineStart}"subject","key":"${key}",${text}}`)
  }

  #roleKey({ name, kind, place, document }: CompiledRole): string {
    const where = place === undefined ? '' : `,"place":${JSON.stringify({ [kind]: this.#mask.id(place) })}`
    const text = `"name":${JSON.stringify(name)}${where},"role":${JSON.stringify(document)}`
    return this.#once(text, text, (key) => `${lineStart}"role","key":"${key}",${text}}`)
  }

  #once(name: string, text: string, lineOf: (key: string) => string): string {
    const known = this.#written.get(name)
    if (known !== undefined) return known.key
    const key = keyOf(text)
    const line = lineOf(key)
    this.#written.set(name, { key, line })
    this.#add(line)
    return key
  }
}

/** The custom roles that a subject holds, each once. */
function customRolesOf({ compiled, site, orgs, containers }: SubjectState): CompiledRole[] {
  if (!hasCustomRoles(compiled)) return []
  const found = new Set<CompiledRole>()
  const look = ({ members }: Union<RoleTable>, place?: string, kind?: string): void => {
    for (const { role, document } of members) {
      const one = document && findRole(compiled.roles, role, place, kind)
      if (one?.isCustom === true && one.document === document) found.add(one)
    }
  }
  look(site)
  for (const [org, held] of orgs) look(held, org)
  for (const [number, kind] of compiled.catalogue.containers.entries())
    for (const [place, held] of containers[number] ?? []) look(held, place, kind)
  return [...found]
}

function hasCustomRoles({ roles }: CompiledPolicy): boolean {
  return roles.customSite !== undefined || roles.customOrg !== undefined || roles.customIn.size > 0
}
