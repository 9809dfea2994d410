// What a subject keeps in memory: with the texts of its input counted, and with those that the application holds anyway
// left out (`own`). Bytes, by collecting everything else before and after.
import { kernelFor } from '../kernel.mjs'
import { entryPoint, readWorld } from '../setup.mjs'
import { organizations } from '../workload.mjs'
import { measure } from './child.mjs'

const count = 100
const rounds = 5

await measure(async ({ progress }) => {
  const { document } = readWorld('coder')
  const { compile } = await entryPoint('index')
  const policy = compile(document)
  const { subject } = kernelFor(document)
  const text = JSON.stringify({ roles: organizations.map((org) => ({ role: 'organization-admin', org })) })
  const shared = JSON.parse(text)
  const builders = { kernel: subject, casemate: (input) => policy.subject(input) }
  const sources = { own: () => shared.roles, 'with its texts': () => JSON.parse(text).roles }
  const results = Object.keys(builders).flatMap((engine) =>
    Object.keys(sources).map((kind) => ({ engine, kind, bytes: [] }))
  )
  // The first round warms: what is compiled and cached then is no part of a subject.
  for (let round = 0; round <= rounds; round++)
    for (const { engine, kind, bytes } of results) {
      const each = weigh(() => builders[engine]({ id: 'u1', roles: sources[kind]() }))
      if (round > 0) bytes.push(each)
      progress((round + 1) / (rounds + 1))
    }
  return results
})

/** Bytes that one of `count` subjects keeps; in a function of its own, so that none outlives its turn. */
function weigh(build) {
  const before = used()
  const kept = Array.from({ length: count }, build)
  const after = used()
  return (after - before) / kept.length
}

function used() {
  for (let i = 0; i < 3; i++) globalThis.gc()
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return heapUsed + external + arrayBuffers
}
