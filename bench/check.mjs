// `npm run bench:check`: fails where casemate costs more, beside the kernel in the same run, than it is held to. The
// bounds leave room for noise above the targets; a figure above a bound is measured once more before it counts, since
// a machine that does other work at the wrong moment is no regression.
import { median, ratio } from './harness.mjs'
import { run } from './plan.mjs'
import { setUp } from './setup.mjs'

/**
 * The targets are 1.2, 1.5 and 1.1; what is added is what a busy machine was seen to add. What containers and attributes
 * cost is held to what is reached; the target of 1.35 is not.
 */
const bounds = [
  {
    what: '`can` by name, beside the kernel',
    bound: 1.4,
    of: ({ guard }) => beside(guard, 'mixed', 'by name')
  },
  {
    what: '`can` with a resolved permission, beside the kernel with one',
    bound: 1.8,
    of: ({ guard }) => beside(guard, 'mixed', 'by permission')
  },
  {
    what: 'growth of `can` from 1 to 1,000 organizations, beside the growth of the kernel',
    bound: 1.3,
    of: ({ guard }) => growth(guard, 'casemate, by name') / growth(guard, 'kernel, by name')
  },
  {
    what: '`can` by name with a container and two attributes, beside the same without them',
    bound: 1.6,
    of: ({ placed }) => placedBeside(placed, 'by name')
  },
  {
    what: '`can` with a resolved permission, a container and two attributes, beside the same without them',
    bound: 1.7,
    of: ({ placed }) => placedBeside(placed, 'by permission')
  }
]

await setUp((what) => console.error(what))
let failing = bounds
for (let attempt = 0; attempt < 2 && failing.length > 0; attempt++) {
  const results = await run({ only: ['guard', 'placed'], onProgress: () => undefined })
  failing = failing.filter(({ what, bound, of }) => {
    const figure = of(results)
    console.log(`${figure <= bound ? 'ok  ' : 'over'} ${what}: ${figure.toFixed(2)}, at most ${bound}`)
    return figure > bound
  })
}
if (failing.length > 0) process.exitCode = 1

function timesOf(entries, engine, scenario) {
  return entries.find((entry) => entry.engine === engine && entry.scenario === scenario).times
}

function beside(entries, scenario, way) {
  return ratio(timesOf(entries, `casemate, ${way}`, scenario), timesOf(entries, `kernel, ${way}`, scenario))
}

function placedBeside(entries, way) {
  const of = (parts) =>
    entries.find(
      (entry) => entry.engine === `casemate, ${way}` && entry.parts === parts && entry.scenario === 'mixed'
    ).times
  return ratio(of('placed'), of('plain'))
}

function growth(entries, engine) {
  return median(timesOf(entries, engine, '1000')) / median(timesOf(entries, engine, '1'))
}
