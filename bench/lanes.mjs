// The two kinds of lane: decisions on the workload, and any other task. Each has a loop compiled for it alone, fresh
// input for each sample made outside the measured time, and checks what came out of every sample.
import { performance } from 'node:perf_hooks'

import { random, shuffle } from './workload.mjs'

/**
 * How many requests one call of a loop asks at most: few, so that the loop is soon compiled as a whole, and so that an
 * interruption (another process, a virtual machine's host) spoils few of them. A sample is the mean of the middle half
 * of its strides, so what befalls single strides does not count. That includes most collections of garbage: it
 * flatters the engines that allocate.
 */
const longestStride = 64
const strides = 16

/**
 * One who answers: `subjects` as the engine has prepared them, by number; `decide(subject, action, object, permission)`;
 * `permissions` as the engine has resolved them, by number. `requests` are those of the workload that it is asked;
 * `toRow(object, i)` makes other rows of their objects.
 *
 * @typedef {object} Contestant
 * @property {string} name
 * @property {readonly unknown[]} subjects
 * @property {readonly unknown[]} [permissions]
 * @property {(subject: unknown, action: string, object: object, permission: unknown) => unknown} decide
 * @property {readonly object[]} requests
 * @property {(object: object, i: number) => object} [toRow]
 */

/** A lane of decisions: samples of about `sampleMs`, each a slice of the requests in an order that never repeats. */
export function decisionLane(contestant, { largest = 2048, sampleMs = 2, seed = 11 } = {}) {
  const draw = random(seed)
  const loop = createLoop(contestant.name)
  let order = shuffle(contestant.requests, draw)
  let at = 0
  const sample = (size) => {
    if (at + size > order.length) {
      order = shuffle(order, draw)
      at = 0
    }
    return timeSlice(contestant, loop, order.slice(at, (at += size)))
  }
  const most = Math.min(largest, order.length)
  const trial = Math.min(strides, most)
  // Twice: the first sample of anything is slow.
  sample(trial)
  const size = Math.round(Math.min(most, Math.max(4, (sampleMs * 1e6) / sample(trial))))
  return { sample: () => sample(size) }
}

function timeSlice({ name, subjects, permissions = [], decide, toRow = (object) => object }, loop, slice) {
  const asked = slice.map(({ subject }) => subjects[subject])
  const actions = slice.map(({ action }) => action)
  const resolved = slice.map(({ permission }) => permissions[permission])
  const objects = JSON.parse(JSON.stringify(slice.map(({ object }, i) => toRow(object, i))))
  const expected = slice.reduce((sum, { allowed }, i) => (allowed ? sum + weight(i) : sum), 0)
  globalThis.gc?.({ type: 'minor' })
  const stride = Math.min(longestStride, Math.ceil(slice.length / strides))
  const times = []
  let sum = 0
  for (let at = 0; at < slice.length; at += stride) {
    const to = Math.min(at + stride, slice.length)
    const start = performance.now()
    sum += loop(decide, asked, actions, objects, resolved, at, to)
    times.push((performance.now() - start) / (to - at))
  }
  if (sum !== expected)
    throw new Error(`${name} answered wrongly: ${findWrong(decide, asked, slice, resolved)}`)
  return middle(times) * 1e6
}

function findWrong(decide, asked, slice, resolved) {
  const wrong = slice.findIndex(
    ({ action, object, allowed }, i) => decide(asked[i], action, object, resolved[i]) !== allowed
  )
  return wrong < 0 ? 'a call was dropped' : JSON.stringify(slice[wrong])
}

/** The mean of the middle half. */
function middle(times) {
  const sorted = times.sort((a, b) => a - b)
  const kept = sorted.slice(Math.floor(sorted.length / 4), Math.ceil((sorted.length * 3) / 4))
  return kept.reduce((sum, time) => sum + time, 0) / kept.length
}

/** So that an answer given in another's place is seen. */
function weight(i) {
  return 1 + (i % 1021)
}

/** A loop of its own for each contestant: a shared one would be compiled for what all of them have in common. */
export function createLoop(name) {
  return new Function(
    'decide',
    'subjects',
    'actions',
    'objects',
    'permissions',
    'from',
    'to',
    `// ${name.replaceAll('\n', ' ')}
    let sum = 0
    for (let i = from; i < to; i++)
      if (decide(subjects[i], actions[i], objects[i], permissions[i]) === true) sum += 1 + (i % 1021)
    return sum`
  )
}

/**
 * A lane of any task: `run(input)` is measured on `size` inputs that `prepare()` makes anew for each sample, and
 * `check(output, input)` says whether an output is right.
 */
export function taskLane({ name, size, prepare, run, check }) {
  const loop = new Function(
    'run',
    'inputs',
    'outputs',
    `// ${name.replaceAll('\n', ' ')}
    for (let i = 0; i < inputs.length; i++) outputs[i] = run(inputs[i])`
  )
  return {
    sample: () => {
      const inputs = Array.from({ length: size }, () => prepare())
      const outputs = new Array(size).fill(undefined)
      globalThis.gc?.({ type: 'minor' })
      const start = performance.now()
      loop(run, inputs, outputs)
      const time = performance.now() - start
      if (!outputs.every((output, i) => check(output, inputs[i])))
        throw new Error(`${name} gave a wrong result`)
      return (time * 1e6) / size
    }
  }
}
