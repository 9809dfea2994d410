// A policy's matrix as one HTML page that loads nothing and is readable without colour and without script. Everything
// that comes from the policy is escaped; the page's script only filters rows by the search.
import { count } from '../../../output/words.js'
import { escapeHtml } from '../../../output/xml.js'
import { pageScript, pageStyle } from './html-parts.js'
import type { MatrixRow, PolicyMatrix, ResourceMatrix } from './matrix-of.js'

/** The page, whole: the same matrix gives the same text. */
export function matrixToHtml(matrix: PolicyMatrix): string {
  const { policy, description, resources, options, nothing, about } = matrix
  const title = [policy, about.role, about.resource].filter((part) => part !== undefined).join(' · ')
  const permissions = resources.reduce((sum, { actions }) => sum + actions.length, 0)
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
<label class="search">Search <input type="search" id="search" placeholder="role, resource or action" autocomplete="off"></label>
<p id="found" role="status"></p>
</header>
<div class="page">
<nav aria-label="Resources">
<ul>
${resources.map(({ resource }) => `<li><a href="#${escapeHtml(resource)}">${escapeHtml(resource)}</a></li>`).join('\n')}
</ul>
</nav>
<main>
${description === undefined ? '' : `<p>${escapeHtml(description)}</p>\n`}${legendText(matrix)}
${settings.length === 0 ? '' : `<p class="options">Options of the deployment: ${settings.map((text) => `<code>${escapeHtml(text)}</code>`).join(' ')}</p>\n`}${namesText(matrix)}${resources.map(sectionText).join('\n')}
${nothing.length === 0 ? '' : `<p>Nothing at all may be done to ${nothing.map((name) => `<code>${escapeHtml(name)}</code>`).join(', ')}.</p>\n`}<p id="none" hidden>Nothing here matches the search.</p>
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

function sectionText({ resource, description, actions, rows }: ResourceMatrix): string {
  const head = actions.map(
    ({ name, description: what }) =>
      `<th scope="col"${what === '' ? '' : ` title="${escapeHtml(what)}"`}>${escapeHtml(name)}</th>`
  )
  return `<section id="${escapeHtml(resource)}" data-text="${escapeHtml([resource, ...actions.map(({ name }) => name)].join(' '))}">
<h2>${escapeHtml(resource)}</h2>
${description === undefined ? '' : `<p>${escapeHtml(description)}</p>\n`}<div class="table"><table>
<thead><tr><th scope="col">Subject</th>${head.join('')}</tr></thead>
<tbody>
${rows.map(rowText).join('\n')}
</tbody>
</table></div>
</section>`
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
  const name = `<th scope="row" class="${kind}"${said === '' ? '' : ` title="${escapeHtml(said)}"`}>${escapeHtml(subject)}</th>`
  return `<tr data-text="${escapeHtml([subject, title ?? ''].join(' ').trim())}">${name}${cells.map(cellText).join('')}</tr>`
}

function cellText(cell: string): string {
  const look = cell === 'yes' || cell === 'no' ? cell : 'some'
  // What stands in backticks is a value as it is.
  const text = escapeHtml(cell).replace(/`([^`]*)`/g, '<code>$1</code>')
  return `<td class="${look}">${text}</td>`
}
