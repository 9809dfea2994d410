// Every engine, by the group that it is measured in.
import { accessControl } from './access-control.mjs'
import { betterAuth } from './better-auth.mjs'
import { casbinIdiomatic, casbinMerged } from './casbin.mjs'
import { casemate, casemateAbility, casemateRuntime } from './casemate.mjs'
import { caslIdiomatic, caslMerged } from './casl.mjs'
import { kernel } from './kernel.mjs'

const groups = {
  own: async () => [kernel, casemate, casemateRuntime, casemateAbility, caslMerged],
  peers: async () => [
    kernel,
    casemate,
    caslMerged,
    caslIdiomatic,
    accessControl,
    betterAuth,
    casbinMerged,
    casbinIdiomatic
  ],
  // Imported only here: its WebAssembly needs a flag.
  cedar: async () => {
    const { cedarBest, cedarIdiomatic } = await import('./cedar.mjs')
    return [kernel, casemate, cedarBest, cedarIdiomatic]
  },
  guard: async () => [kernel, casemate],
  abilities: async () => [caslMerged, casemateAbility]
}

/** The contestants of a group; each lacks only its name in a scenario and its requests. */
export async function createEngines(group, setting) {
  const engines = []
  for (const create of await groups[group]()) engines.push(...(await create(setting)))
  return engines
}
