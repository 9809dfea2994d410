// The two tables: every engine on the mixed workload, and every target with its figure. Markdown, which reads well in a
// terminal too.
import { median, ratio, spread } from '../harness.mjs'
import { targetsOf } from './targets.mjs'

/** Every engine once, with the process that it shared with the kernel. */
export function enginesOf({ own = [], peers = [], cedar = [] }) {
  const known = new Set()
  return [own, peers, cedar].flatMap((entries) =>
    [...new Set(entries.map(({ engine }) => engine))].flatMap((engine) => {
      if (known.has(engine)) return []
      known.add(engine)
      return [{ engine, entries }]
    })
  )
}

export function engineTable(results) {
  const scenarioRow = (scenario) =>
    enginesOf(results).flatMap(({ engine, entries }) => {
      const find = (name) => entries.find((entry) => entry.engine === name && entry.scenario === scenario)
      const found = find(engine)
      if (found === undefined) return []
      const against = (name) => {
        const other = find(name)
        return other === undefined ? '' : factor(ratio(found.times, other.times))
      }
      return [
        [
          engine,
          time(median(found.times)),
          `± ${(spread(found.times) * 100).toFixed(0)} %`,
          against('kernel, by name'),
          against('casemate, by name')
        ]
      ]
    })
  const head = ['', 'a decision', 'spread', '× kernel', '× casemate']
  return [
    '**Eight subjects, every permission, owner and organization**',
    markdown(head, scenarioRow('mixed')),
    '**The key of a workspace agent** (the kernel and the peers have no ceiling to ask)',
    markdown(head, scenarioRow('agent'))
  ].join('\n\n')
}

export function targetTable(results) {
  const mark = ({ isMet }) => (isMet === undefined ? '' : isMet ? 'yes' : '**no**')
  const rows = targetsOf(results).map((target) => [
    target.what,
    target.isMet === undefined ? '' : `≤ ${target.target}`,
    target.figure,
    mark(target),
    target.note
  ])
  return markdown(['what', 'target', 'figure', 'met', ''], rows)
}

export function costTable(results) {
  const counts = ['1', '10', '100', '1000']
  const rows = enginesOf(results).map(({ engine, entries }) => [
    engine,
    ...counts.map((count) => {
      const found = entries.find((entry) => entry.engine === engine && entry.scenario === count)
      return found === undefined ? '' : time(median(found.times))
    })
  ])
  return markdown(['organizations held', '1', '10', '100', '1,000'], rows)
}

export function time(ns) {
  const [value, unit] = ns < 1e3 ? [ns, 'ns'] : ns < 1e6 ? [ns / 1e3, 'µs'] : [ns / 1e6, 'ms']
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${unit}`
}

function factor(number) {
  return number < 100 ? number.toFixed(2) : Math.round(number).toLocaleString('en')
}

function markdown(head, rows) {
  const widths = head.map((cell, i) => Math.max(3, cell.length, ...rows.map((row) => row[i].length)))
  const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
