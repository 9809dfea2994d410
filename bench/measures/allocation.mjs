// Whether an allowed decision allocates: ten million of them on objects already seen once. Node's own record of
// collections says whether any scavenge ran meanwhile, and the heap's growth says how many bytes a decision took.
import { PerformanceObserver, performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { getHeapStatistics } from 'node:v8'

import { casemate } from '../engines/casemate.mjs'
import { createLoop } from '../lanes.mjs'
import { readWorld } from '../setup.mjs'
import { agent } from '../workload.mjs'
import { measure } from './child.mjs'

const least = 10_000_000

await measure(async ({ progress }) => {
  const { document, subjects, requests } = readWorld('coder')
  const setting = { document, inputs: subjects.map(({ input }) => input) }
  const engines = await casemate(setting)
  const collections = []
  new PerformanceObserver((list) => collections.push(...list.getEntries())).observe({ entryTypes: ['gc'] })
  const results = []
  const allowed = requests.filter((request) => request.allowed && request.subject !== agent)
  const objects = JSON.parse(JSON.stringify(allowed.map(({ object }) => object)))
  const actions = allowed.map(({ action }) => action)
  for (const { name, subjects: prepared, permissions = [], decide } of engines) {
    const asked = allowed.map(({ subject }) => prepared[subject])
    const resolved = allowed.map(({ permission }) => permissions[permission])
    const loop = createLoop(name)
    const askAll = () => loop(decide, asked, actions, objects, resolved, 0, allowed.length)
    // Seen once, and compiled.
    const sum = askAll()
    for (let i = 0; i < 100; i++) askAll()
    globalThis.gc()
    await setTimeout(20)
    const start = performance.now()
    const before = getHeapStatistics().used_heap_size
    let decisions = 0
    let isRight = true
    for (; decisions < least; decisions += allowed.length) isRight = askAll() === sum && isRight
    const bytes = getHeapStatistics().used_heap_size - before
    const end = performance.now()
    if (!isRight || sum !== allowed.reduce((total, _, i) => total + 1 + (i % 1021), 0))
      throw new Error(`${name} refused what the model allows`)
    await setTimeout(20)
    const scavenges = collections.filter(({ startTime }) => startTime >= start && startTime <= end).length
    results.push({ engine: name, decisions, scavenges, bytes: Math.max(0, bytes) / decisions })
    progress(results.length / engines.length)
  }
  return results
})
