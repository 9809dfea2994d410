// A policy's matrix as one HTML page that loads nothing and is readable without colour and without script. Everything
// that comes from the policy is escaped; the page's script only filters rows by the search.
import { count } from '../../../output/words.js'
import { escapeHtml } from '../../../output/xml.js'
import { pageScript, pageStyle } from './html-parts.js'
import type { InvariantResult } from '../../invariants/index.js'
import type { FactTable } from './facts.js'
import type { MatrixRow, PolicyMatrix, ResourceMatrix } from './matrix-of.js'

/** What a page for readers on paper says besides the matrix. */
export interface MatrixPaper {
  /** Tables of `factsOf`, after the matrix. */
  readonly facts?: readonly FactTable[] | undefined
  /** The invariants, as `verify` proved them. */
  readonly proofs?: readonly Pick<InvariantResult, 'name' | 'ok' | 'isEmpty'>[] | undefined
  /** The day of the page, as `2026-05-31`. */
  readonly date?: string | undefined
  /** What tells this policy from any other, as the checksum of `toCompiled`. */
  readonly hash?: string | undefined
}

/** The page, whole: the same matrix and paper give the same text. */
export function matrixToHtml(matrix: PolicyMatrix, paper: MatrixPaper = {}): string {
  const { policy, description, resources, options, nothing, about } = matrix
  const title = [policy, about.role, about.resource].filter((part) => part !== undefined).join(' · ')
  const permissions = resources.reduce((sum, { actions }) => sum + actions.length, 0)
  const tables = [...(paper.facts ?? []), ...proofTable(paper.proofs)]
  const settings = Object.entries(options).map(([name, value]) => `${name} = ${String(value)}`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escapeHtml(title)}: who may do what</title>
<style>
${pageStyle}</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)}</h1>
<p class="count">${count(resources.length, 'resource')}, ${count(permissions, 'permission')}</p>
${stampText(paper)}<label class="search">Search <input type="search" id="search" placeholder="role, resource or action" autocomplete="off"></label>
<p id="found" role="status"></p>
</header>
<div class="page">
<nav aria-label="Contents">
<ul>
${resources.map(({ resource }) => `<li><a href="#${escapeHtml(resource)}">${escapeHtml(resource)}</a></li>`).join('\n')}${tables.map(({ id, title: name }) => `\n<li><a href="#${escapeHtml(id)}">${escapeHtml(name)}</a></li>`).join('')}
</ul>
</nav>
<main>
${description === undefined ? '' : `<p>${escapeHtml(description)}</p>\n`}${legendText(matrix)}
${settings.length === 0 ? '' : `<p class="options">Options of the deployment: ${settings.map((text) => `<code>${escapeHtml(text)}</code>`).join(' ')}</p>\n`}${namesText(matrix)}${resources.map(sectionText).join('\n')}
${nothing.length === 0 ? '' : `<p>Nothing at all may be done to ${nothing.map((name) => `<code>${escapeHtml(name)}</code>`).join(', ')}.</p>\n`}<p id="none" hidden>Nothing here matches the search.</p>
${tables.map(factText).join('\n')}
</main>
</div>
<script>
${pageScript}</script>
</body>
</html>
`
}

function legendText({ containers = [] }: PolicyMatrix): string {
  const items = containers.map(
    (kind) =>
      `\n<div><dt class="some">own ${escapeHtml(kind)}</dt><dd>everything in the ${escapeHtml(kind)} in which the role is held</dd></div>`
  )
  return legend.replace('\n<div><dt class="no">', () => `${items.join('')}\n<div><dt class="no">`)
}

const legend = `<dl class="legend">
<div><dt class="yes">yes</dt><dd>every object</dd></div>
<div><dt class="some">own</dt><dd>what the subject owns outside any organization</dd></div>
<div><dt class="some">own org</dt><dd>everything in the organization in which the role is held</dd></div>
<div><dt class="some">own, own org</dt><dd>what the subject owns there</dd></div>
<div><dt class="no">no</dt><dd>none</dd></div>
</dl>`

function namesText({ names }: PolicyMatrix): string {
  if (names.length === 0) return ''
  const items = names.map(({ name, role, org, container, settings }) => {
    const parts = [
      `the role <code>${escapeHtml(role)}</code>`,
      ...(org === '' ? [] : [`in <code>${escapeHtml(org)}</code>`]),
      ...(container === undefined
        ? []
        : [`in the ${escapeHtml(container.kind)} <code>${escapeHtml(container.id)}</code>`]),
      ...Object.entries(settings).map(
        ([option, value]) => `<code>${escapeHtml(`${option} = ${String(value)}`)}</code>`
      )
    ]
    return `<li><strong>${escapeHtml(name)}</strong>: ${parts.join(' ')}</li>`
  })
  return `<ul class="names">\n${items.join('\n')}\n</ul>\n`
}

/** Date and hash, where they are given. */
function stampText({ date, hash }: MatrixPaper): string {
  const parts = [
    ...(date === undefined ? [] : [`<time datetime="${escapeHtml(date)}">${escapeHtml(date)}</time>`]),
    ...(hash === undefined ? [] : [`policy <code>${escapeHtml(hash)}</code>`])
  ]
  return parts.length === 0 ? '' : `<p class="stamp">${parts.join(', ')}</p>\n`
}

function proofTable(proofs: MatrixPaper['proofs'] = []): FactTable[] {
  if (proofs.length === 0) return []
  const rows = proofs.map(({ name, ok, isEmpty }) => [
    name,
    !ok ? 'does not hold' : isEmpty ? 'about no object' : 'proved'
  ])
  return [{ id: '_proofs', title: 'Invariants', head: ['What always holds', 'Proof'], rows }]
}

function factText({ id, title, head, rows }: FactTable): string {
  const cells = rows.map(
    ([first = '', ...rest]) =>
      `<tr><th scope="row">${escapeHtml(first)}</th>${rest.map((text) => `<td>${escapeHtml(text)}</td>`).join('')}</tr>`
  )
  return `<section id="${escapeHtml(id)}" class="facts">
<h2>${escapeHtml(title)}</h2>
<div class="table" role="region" tabindex="0" aria-label="${escapeHtml(title)}"><table>
<thead><tr>${head.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join('')}</tr></thead>
<tbody>
${cells.join('\n')}
</tbody>
</table></div>
</section>`
}

/** A sheet of paper is not wider: a resource of more actions has several tables. */
const mostColumns = 14

function sectionText({ resource, description, actions, rows }: ResourceMatrix): string {
  const tables: string[] = []
  for (let from = 0; from === 0 || from < actions.length; from += mostColumns) {
    const head = actions
      .slice(from, from + mostColumns)
      .map(({ name, description: what }) => `<th scope="col">${escapeHtml(name)}${noteText(what)}</th>`)
    const body = rows.map((row) => rowText({ ...row, cells: row.cells.slice(from, from + mostColumns) }))
    const label = from === 0 ? resource : `${resource}, from action ${from + 1} on`
    tables.push(`<div class="table" role="region" tabindex="0" aria-label="${escapeHtml(label)}"><table>
<thead><tr><th scope="col">Subject</th>${head.join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`)
  }
  return `<section id="${escapeHtml(resource)}" data-text="${escapeHtml([resource, ...actions.map(({ name }) => name)].join(' '))}">
<h2>${escapeHtml(resource)}</h2>
${description === undefined ? '' : `<p>${escapeHtml(description)}</p>\n`}${tables.join('\n')}
</section>`
}

/** A text in small letters under a name. */
function noteText(text: string): string {
  return text === '' ? '' : `<small>${escapeHtml(text)}</small>`
}

const kinds = {
  site: 'site role',
  org: 'organization role',
  container: '',
  system: 'service',
  others: ''
} as const

function rowText({ subject, title, kind, container, cells }: MatrixRow): string {
  const said = [title, container === undefined ? kinds[kind] : `${container} role`]
    .filter((text) => text !== undefined && text !== '')
    .join(', ')
  const name = `<th scope="row" class="${kind}">${escapeHtml(subject)}${noteText(said)}</th>`
  return `<tr data-text="${escapeHtml([subject, title ?? ''].join(' ').trim())}">${name}${cells.map(cellText).join('')}</tr>`
}

function cellText(cell: string): string {
  const look = cell === 'yes' || cell === 'no' ? cell : 'some'
  // What stands in backticks is a value as it is.
  const text = escapeHtml(cell).replace(/`([^`]*)`/g, '<code>$1</code>')
  return `<td class="${look}">${text}</td>`
}
