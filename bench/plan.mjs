// Which measures a run makes, in which processes and how often. Several processes of one measure (`forks`) are joined:
// what V8 makes of a loop differs from process to process, and a median over both does not hang on one of them.
import { runMeasure } from './measures/child.mjs'

const cedarFlags = ['--no-turbo-inline-js-wasm-calls']

/** By the name of a result: the measure, its settings, rounds in a whole and in a quick run, and its share of the time. */
const steps = {
  own: { measure: 'decisions', settings: { engines: 'own' }, rounds: [40, 12], forks: [3, 1], time: 12 },
  peers: { measure: 'decisions', settings: { engines: 'peers' }, rounds: [15, 2], warmUp: 2, time: 20 },
  cedar: {
    measure: 'decisions',
    settings: { engines: 'cedar' },
    flags: cedarFlags,
    rounds: [10, 2],
    warmUp: 2,
    time: 10
  },
  abilities: {
    measure: 'decisions',
    settings: { engines: 'abilities', withoutAcl: true, scenarios: ['mixed', '1', '1000'] },
    rounds: [40, 8],
    time: 4
  },
  growth: { measure: 'growth', rounds: [80, 15], forks: [2, 1], time: 4 },
  'one shape': { measure: 'shapes', settings: { shape: 'one' }, rounds: [40, 8], forks: [3, 1], time: 3 },
  'a dozen shapes': {
    measure: 'shapes',
    settings: { shape: 'dozen' },
    rounds: [40, 8],
    forks: [3, 1],
    time: 3
  },
  booleans: { measure: 'places', settings: { kind: 'booleans' }, rounds: [40, 12], forks: [3, 1], time: 3 },
  texts: { measure: 'places', settings: { kind: 'texts' }, rounds: [40, 12], forks: [3, 1], time: 3 },
  allocation: { measure: 'allocation', time: 4 },
  subjects: { measure: 'subjects', rounds: [60, 12], time: 4 },
  explain: { measure: 'many', rounds: [60, 10], time: 3 },
  filter: { measure: 'many', settings: { what: 'filter' }, rounds: [30, 6], time: 4 },
  keys: { measure: 'keys', rounds: [40, 8], time: 2 },
  guarded: { measure: 'guarded', rounds: [60, 12], time: 1 },
  served: { measure: 'served', rounds: [30, 6], time: 4 },
  batches: { measure: 'batches', rounds: [60, 12], time: 2 },
  cerbos: { measure: 'cerbos', rounds: [12, 4], warmUp: 4, time: 8 },
  records: { measure: 'records', rounds: [60, 12], time: 1 },
  memory: { measure: 'memory', time: 3 },
  cold: { measure: 'cold', rounds: [15, 3], time: 12 },
  sizes: { measure: 'sizes', time: 1 },
  placed: { measure: 'places', settings: { kind: 'booleans' }, rounds: [20, 20], time: 2 },
  guard: {
    measure: 'decisions',
    settings: { engines: 'guard', scenarios: ['mixed', '1', '1000'] },
    rounds: [60, 20],
    forks: [3, 1],
    time: 4
  }
}

/** Every result by name. `onProgress` gets the name of the step and the share of the whole that is done. */
export async function run({
  isQuick = false,
  only = Object.keys(steps).filter((name) => name !== 'guard' && name !== 'placed'),
  onProgress
}) {
  const chosen = only.map((name) => ({ name, flags: [], rounds: [0, 0], forks: [1, 1], ...steps[name] }))
  const total = chosen.reduce((sum, { time }) => sum + time, 0)
  const results = {}
  let done = 0
  for (const { name, measure, settings, flags, rounds, forks, warmUp, time } of chosen) {
    const pick = ([whole, quick]) => (isQuick ? quick : whole)
    const count = pick(forks)
    for (let fork = 0; fork < count; fork++) {
      const result = await runMeasure(
        measure,
        { ...settings, rounds: pick(rounds), warmUp, sampling: { largest: isQuick ? 1024 : 2048 } },
        { flags, onProgress: (share) => onProgress(name, (done + (time * (fork + share)) / count) / total) }
      )
      results[name] = fork === 0 ? result : join(results[name], result)
    }
    done += time
  }
  return results
}

/** The samples of two processes in one, entry by entry. */
function join(results, added) {
  return results.map((entry, i) => ({ ...entry, times: [...entry.times, ...added[i].times] }))
}
