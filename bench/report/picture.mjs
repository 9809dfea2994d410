// The picture: cost of a decision against organizations held, both axes logarithmic. Plain SVG, made from the figures
// alone; it reads on a light and on a dark page.
import { median } from '../harness.mjs'
import { enginesOf, time } from './tables.mjs'

const width = 860
const height = 560
const plot = { left: 70, right: 590, top: 24, bottom: 510 }
const counts = [1, 10, 100, 1000]
const colours = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#7f7f7f',
  '#8c564b',
  '#9467bd'
]

export function picture(results) {
  const lines = enginesOf(results).flatMap(({ engine, entries }) => {
    const points = counts.flatMap((count) => {
      const found = entries.find((entry) => entry.engine === engine && entry.scenario === `${count}`)
      return found === undefined ? [] : [[count, median(found.times)]]
    })
    return points.length < 2 ? [] : [{ engine, points }]
  })
  const costs = lines.flatMap(({ points }) => points.map(([, cost]) => cost))
  const low = Math.floor(Math.log10(Math.min(...costs)))
  const high = Math.ceil(Math.log10(Math.max(...costs)))
  const x = (count) => plot.left + ((plot.right - plot.left) * Math.log10(count)) / 3
  const y = (cost) => plot.bottom - ((plot.bottom - plot.top) * (Math.log10(cost) - low)) / (high - low)
  const grid = [
    ...counts.map((count) => {
      const at = x(count).toFixed(1)
      return `<path class="grid" d="M${at} ${plot.top}V${plot.bottom}"/><text x="${at}" y="${plot.bottom + 20}" text-anchor="middle">${count.toLocaleString('en')}</text>`
    }),
    ...Array.from({ length: high - low + 1 }, (_, i) => {
      const at = y(10 ** (low + i)).toFixed(1)
      return `<path class="grid" d="M${plot.left} ${at}H${plot.right}"/><text x="${plot.left - 8}" y="${at}" dy="4" text-anchor="end">${time(10 ** (low + i)).replace('.0 ', ' ')}</text>`
    })
  ]
  const labels = spaced(lines.map(({ points }) => y(points.at(-1)[1])))
  const drawn = lines.map(({ engine, points }, i) => {
    const colour = colours[i % colours.length]
    const dash = i < colours.length ? '' : ' stroke-dasharray="6 3"'
    const path = points.map(
      ([count, cost], p) => `${p === 0 ? 'M' : 'L'}${x(count).toFixed(1)} ${y(cost).toFixed(1)}`
    )
    const dots = points.map(
      ([count, cost]) =>
        `<circle cx="${x(count).toFixed(1)}" cy="${y(cost).toFixed(1)}" r="3" fill="${colour}"/>`
    )
    const [lastCount, lastCost] = points.at(-1)
    const lead = `M${x(lastCount) + 6} ${y(lastCost).toFixed(1)}L${plot.right + 22} ${labels[i].toFixed(1)}`
    return `<path d="${path.join('')}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>${dots.join('')}<path class="lead" d="${lead}"/><text x="${plot.right + 26}" y="${labels[i].toFixed(1)}" dy="4" fill="${colour}">${engine.replace('&', '&amp;')}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="Cost of a decision against organizations held, logarithmic">
<style>text{fill:#555}.grid{stroke:#999;stroke-opacity:.35;fill:none}.lead{stroke:#999;stroke-opacity:.6;fill:none}@media(prefers-color-scheme:dark){text{fill:#bbb}}text[fill]{font-weight:600}${lines.map((_, i) => `text[fill="${colours[i % colours.length]}"]{fill:${colours[i % colours.length]}}`).join('')}</style>
${grid.join('\n')}
${drawn.join('\n')}
<text x="${(plot.left + plot.right) / 2}" y="${height - 8}" text-anchor="middle">organizations held</text>
</svg>
`
}

/** Positions at least a line's height apart, in the order given, near where they were. */
function spaced(positions) {
  const gap = 16
  const order = positions.map((_, i) => i).sort((a, b) => positions[a] - positions[b])
  const placed = [...positions]
  for (let n = 1; n < order.length; n++)
    placed[order[n]] = Math.max(placed[order[n]], placed[order[n - 1]] + gap)
  const excess = Math.max(0, placed[order.at(-1)] - plot.bottom)
  return placed.map((position) => Math.max(plot.top, position - excess))
}
