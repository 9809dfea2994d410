// Figures as Markdown, which reads well in a terminal too.

/** Milliseconds with as many digits as say something. */
export function ms(value: number): string {
  if (Number.isNaN(value)) return ''
  if (value >= 15_000) return '> 15 s'
  if (value >= 1000) return `${(value / 1000).toFixed(1)} s`
  return value >= 10 ? `${value.toFixed(0)} ms` : `${value.toFixed(value >= 1 ? 1 : 2)} ms`
}

export function times(ratio: number): string {
  return ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2)
}

export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
