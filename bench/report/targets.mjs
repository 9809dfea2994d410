// Every target with its figure. A figure is a ratio of two samples of the same round, a count or a size; the bound is
// what the project has promised.
import { median, ratio } from '../harness.mjs'

/** One row: what, its bound as text, its figure as text, and whether it is met; `undefined` where it was not measured. */
function row(what, bound, unit, figure, note = '') {
  if (figure === undefined || Number.isNaN(figure))
    return { what, target: unit(bound), figure: 'not measured', note }
  const isMet = bound === Infinity ? undefined : figure <= bound
  return { what, target: unit(bound), figure: unit(figure), isMet, note }
}

const times = (suffix) => (number) => `${number.toFixed(2)} × ${suffix}`
const kernel = times('the kernel')

/** The rows of every target, for the results of `plan.mjs`. */
export function targetsOf(results) {
  return [
    ...decisions(results),
    ...subjectRows(results),
    ...others(results),
    ...keyRows(results),
    ...guardRows(results),
    ...serverRows(results),
    ...recordRows(results),
    ...cold(results),
    ...space(results)
  ]
}

function decisions({ own = [], growth = [], allocation, ...rest }) {
  const of = (engine, scenario = 'mixed') =>
    own.find((entry) => entry.engine === engine && entry.scenario === scenario)?.times
  const grown = (from, to) => {
    const [casemate, floor] = ['casemate, by name', 'kernel, by name'].map((engine) =>
      between(of(engine, from), of(engine, to))
    )
    return casemate / floor
  }
  const at = (engine, point) =>
    growth.find((entry) => entry.engine === engine && entry.point === point)?.times
  const grownAt = (from, to) => {
    const [casemate, floor] = ['casemate, by name', 'kernel, by name'].map((engine) =>
      between(at(engine, from), at(engine, to))
    )
    return casemate / floor
  }
  const growthOf = times('the growth of the kernel')
  const scavenges = allocation
    ?.filter(({ engine }) => engine.startsWith('casemate'))
    .reduce((sum, entry) => sum + entry.scavenges, 0)
  return [
    row('`can` by name', 1.2, kernel, over(of('casemate, by name'), of('kernel, by name'))),
    row(
      '`can` with a resolved permission',
      1.5,
      times('the kernel with one'),
      over(of('casemate, by permission'), of('kernel, by permission'))
    ),
    row('growth of `can`, 1 → 1,000 organizations held', 1.1, growthOf, grown('1', '1000')),
    row('growth of `can`, 1 → 30 roles held', 1.1, growthOf, grownAt('many defined', 'many held')),
    row('growth of `can`, 10 → 1,000 roles defined', 1.1, growthOf, grownAt('few defined', 'many defined')),
    row('scavenges in 10 million allowed decisions, by name and by permission', 0, String, scavenges),
    ...shapes(rest),
    ...places(rest)
  ]
}

/** What containers and attributes add, and what it costs to hold many. */
function places({ booleans, texts }) {
  const timesOf = (entries, engine, parts, scenario) =>
    entries?.find((entry) => entry.engine === engine && entry.parts === parts && entry.scenario === scenario)
      ?.times
  const of = (entries, way, parts, scenario = 'mixed') =>
    timesOf(entries, `casemate, ${way}`, parts, scenario)
  const grown = (engine, parts) =>
    between(timesOf(booleans, engine, parts, '1'), timesOf(booleans, engine, parts, '10000'))
  const kinds = Object.entries({ booleans, texts })
  return [
    ...kinds.flatMap(([kind, entries]) =>
      ['by name', 'by permission'].map((way) =>
        row(
          `\`can\` ${way} with a container and two attributes, ${kind}`,
          1.35,
          times('without them'),
          over(of(entries, way, 'placed'), of(entries, way, 'plain'))
        )
      )
    ),
    row(
      '`can` of a subject that holds 10,000 containers',
      1.15,
      times('the same question to one that holds one'),
      over(of(booleans, 'by name', 'placed', 'the same'), of(booleans, 'by name', 'placed', '1'))
    ),
    row(
      '`can` about each of 10,000 containers held (no target)',
      Infinity,
      times('about the only one held'),
      over(of(booleans, 'by name', 'placed', '10000'), of(booleans, 'by name', 'placed', '1'))
    ),
    row(
      'growth of `can`, 1 → 10,000 containers held',
      1.1,
      times('the growth of the kernel in organizations'),
      grown('casemate, by name', 'placed') / grown('kernel, by name', 'organized')
    )
  ]
}

function shapes({ 'one shape': one, 'a dozen shapes': dozen }) {
  const cost = (entries, engine) => {
    const find = (name) => entries?.find((entry) => entry.engine === name)?.times
    return over(find(engine), find('yardstick'))
  }
  const growth = (engine) => cost(dozen, engine) / cost(one, engine)
  const note = Number.isNaN(growth('kernel')) ? '' : `the kernel: ${growth('kernel').toFixed(2)} ×`
  return [row('`can` on objects of a dozen shapes', 1.5, times('one shape'), growth('casemate'), note)]
}

function subjectRows({ subjects = [] }) {
  const of = (engine, name) => subjects.find((entry) => entry.engine === engine && entry.name === name)?.times
  const sizes = ['1 role', '10 roles in 10 organizations', '1,000 organizations']
  return [
    ...sizes.flatMap((size) =>
      [size, `${size}, first decision`].map((name) =>
        row(`building a subject: ${name}`, 1, kernel, over(of('casemate', name), of('kernel', name)))
      )
    ),
    ...['within, one scope', 'within, two scopes and a list'].map((name) =>
      row(
        name.replace('within', '`within`'),
        2,
        times('building a subject with one role'),
        over(of('casemate', name), of('casemate', '1 role'))
      )
    )
  ]
}

function others({ abilities = [], explain = [], filter = [] }) {
  const ability = (engine, scenario) =>
    abilities.find((entry) => entry.engine === engine && entry.scenario === scenario)?.times
  const named = (entries, name) => entries.find((entry) => entry.name === name)?.times
  const merged = times('CASL merged by hand')
  return [
    ...['mixed', '1', '1000'].map((scenario) =>
      row(
        `\`abilityFor(subject).can\` without ACL, ${scenario === 'mixed' ? 'mixed' : `${scenario} organizations`}`,
        1.2,
        merged,
        over(ability('casemate/casl', scenario), ability('@casl/ability, merged by hand', scenario))
      )
    ),
    row('`explain`', 20, times('`can`'), over(named(explain, 'explain'), named(explain, 'can'))),
    row(
      '`filter` of 100,000 objects',
      1.2,
      times('the kernel in a loop'),
      over(named(filter, 'filter'), named(filter, 'kernel in a loop'))
    )
  ]
}

/** In decisions' worth, beside what it takes. */
function keyRows({ keys = [] }) {
  const can = keys.find(({ name }) => name === 'can')?.times
  const decisions = times('`can`')
  const micro = (ns) => `${(ns / 1000).toFixed(1)} µs`
  return keys
    .filter(({ name }) => name !== 'can')
    .map(({ name, times: taken }) => {
      const worth = decisions(ratio(taken, can))
      const bound = name.startsWith('a stored key') ? 5000 : Infinity
      return row(name, bound, micro, median(taken), worth)
    })
}

/** What a guard adds by itself, the decision that it asks for among it. */
function guardRows({ guarded = [] }) {
  const of = (name) => guarded.find((entry) => entry.name === name)?.times
  const [can, bare, call, as] = [
    'can',
    'a bare call',
    'a guarded call',
    '`as(subject)` of seven methods'
  ].map(of)
  const added = call?.map((time, i) => time - bare[i])
  const ns = (time) => (time === undefined ? '' : `${Math.round(median(time))} ns`)
  return [
    row('a call through a guard, beyond the call itself', 5, times('`can`'), over(added, can), ns(added)),
    row('`guard.as(subject)` of seven methods', Infinity, times('`can`'), over(as, can), ns(as))
  ]
}

/** Over HTTP: processor time of the server's process. In batches: of the handler alone, without HTTP. */
function serverRows({ served = [], batches = [], cerbos = [] }) {
  const of = (name) => served.find((entry) => entry.name === name)?.times
  const micro = (ns) => `${(ns / 1000).toFixed(1)} µs`
  const fixed = of('a fixed answer')
  const note = fixed === undefined ? '' : `the fixed answer: ${micro(median(fixed))}`
  return [
    row(
      'a decision over HTTP, on `@hono/node-server`',
      1.6,
      times('its fixed answer'),
      over(of('a decision'), fixed),
      note
    ),
    ...batches.map(({ name, times: taken }) => row(name, 8000, micro, median(taken))),
    ...cerbos
      .filter(({ name }) => name === 'casemate serve')
      .map(({ size, times: taken }) => {
        const other = cerbos.find((entry) => entry.name === 'Cerbos' && entry.size === size)
        const what = size === 1 ? 'alone in its request' : `one of ${size} in a request`
        return row(
          `a decision of \`casemate serve\`, ${what}`,
          Infinity,
          micro,
          median(taken),
          `Cerbos: ${micro(median(other.times))}`
        )
      })
  ]
}

/** What a recorder adds: to an allow that it counts, and for the line of a refusal. */
function recordRows({ records = [] }) {
  const of = (name) => records.find((entry) => entry.name === name)?.times
  const [can, counted, refused, written] = [
    '`can`, allowed',
    'an allow that is only counted',
    '`can`, refused',
    'a refusal and its line'
  ].map(of)
  const line = written?.map((time, i) => time - refused[i])
  const ns = (time) => `${Math.round(time)} ns`
  return [
    row('an allow that a recorder only counts', 1.5, times('`can`'), over(counted, can)),
    row('a line of a recorder, beyond the decision', 2000, ns, line && median(line))
  ]
}

function cold({ cold: taken = {} }) {
  const { kernel: floor, compile, check, runtime, import: imported, zod } = taken
  const note = check?.length > 0 ? `checking the document before it: ${median(check).toFixed(1)} ms` : ''
  return [
    row('compiling `policies/coder` in a cold process', 10, kernel, between(floor, compile), note),
    row('`fromCompiled` in a cold process (no target)', Infinity, kernel, between(floor, runtime)),
    row('importing `casemate`', 1.3, times('importing zod'), between(zod, imported))
  ]
}

function space({ memory = [], sizes = {} }) {
  const of = (kind) => memory.find((entry) => entry.engine === 'casemate' && entry.kind === kind)?.bytes
  const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`
  const kb = (bytes) => `${(bytes / 1000).toFixed(1)} KB`
  const whole = of('with its texts')
  const note = whole === undefined ? '' : `with the texts of the ids themselves: ${kib(median(whole))}`
  return [
    row('memory of a subject in 1,000 organizations', 64 * 1024, kib, median(of('own') ?? []), note),
    row('`casemate/runtime`, minified and gzipped', 6000, kb, sizes['runtime/index']),
    row('`casemate` without its dependencies, minified and gzipped', 20000, kb, sizes.index)
  ]
}

/** The ratio of samples of the same rounds. */
function over(samples, others) {
  return samples === undefined || others === undefined ? undefined : ratio(samples, others)
}

/** The ratio of the medians, for samples of different processes or points. */
function between(from, to) {
  return from === undefined || to === undefined ? undefined : median(to) / median(from)
}
