// What it takes the process to make a condition: for a subject that asks for the first time, and again.
import { whereFor } from '../../src/sql/index.js'
import { markdown } from './report.js'
import { counts, person, plain, shared, type Person } from './world.js'

const runs = 400

function microseconds(make: (n: number) => unknown): string {
  const spent: number[] = []
  for (let n = 0; n < runs; n++) {
    const began = performance.now()
    make(n)
    spent.push(performance.now() - began)
  }
  spent.sort((a, b) => a - b)
  return `${((spent[runs >> 1] ?? NaN) * 1000).toFixed(1)} µs`
}

export function buildingTable(): string {
  const tables = [
    ['without ACLs', (subject: Person) => whereFor(subject, 'read', plain, { as: 'd' }).toPg()],
    ['with ACLs', (subject: Person) => whereFor(subject, 'read', shared, { as: 'd' }).toPg()]
  ] as const
  const rows = tables.flatMap(([name, build]) =>
    counts.map((count) => {
      for (let n = 0; n < 3000; n += count) build(person('admin', count))
      const fresh = Array.from({ length: runs }, () => person('admin', count))
      const known = person('admin', count)
      return [
        `${name}, ${count.toLocaleString('en')}`,
        microseconds((n) => build(fresh[n]!)),
        microseconds(() => build(known))
      ]
    })
  )
  return markdown(['organizations', 'of a new subject', 'again'], rows)
}
