// The style and the search script of the HTML page. Cells have words and signs; colour only repeats them.

export const pageStyle = `:root {
  color-scheme: light dark;
  --ground: #fff; --raised: #f6f7f9; --line: #d9dde3; --text: #1c2330; --faint: #566072;
  --yes: #0b6b3a; --yes-ground: #dff5e7; --some: #7a4a00; --some-ground: #fdf0d5; --no: #5b6474; --mark: #2457d6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161d; --raised: #1a2029; --line: #303a48; --text: #e6eaf0; --faint: #a6b0bf;
    --yes: #7fe0a7; --yes-ground: #123524; --some: #f3c46b; --some-ground: #3a2b0c; --no: #a3adbb; --mark: #86a8ff;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 5rem; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
header {
  position: sticky; top: 0; z-index: 4; display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1.25rem;
  padding: .75rem 1.25rem; background: var(--raised); border-bottom: 1px solid var(--line);
}
h1 { margin: 0; font-size: 1.15rem; }
h2 { margin: 0; font: 600 1.05rem/1.4 ui-monospace, monospace; }
header p { margin: 0; color: var(--faint); }
.search { margin-left: auto; color: var(--faint); }
input {
  width: 17rem; max-width: 60vw; padding: .3rem .6rem; font: inherit; color: var(--text); background: var(--ground);
  border: 1px solid var(--line); border-radius: .4rem;
}
input:focus-visible, a:focus-visible, .table:focus-visible { outline: 2px solid var(--mark); outline-offset: 1px; }
.page { display: grid; grid-template-columns: 15rem minmax(0, 1fr); }
nav { position: sticky; top: 3.4rem; align-self: start; max-height: calc(100vh - 3.4rem); overflow: auto; padding: 1rem 0; }
nav ul { margin: 0; padding: 0; list-style: none; font: .82rem/1.9 ui-monospace, monospace; }
nav a { display: block; padding: 0 1.25rem; overflow: hidden; color: var(--faint); text-decoration: none; text-overflow: ellipsis; }
nav a:hover { color: var(--mark); }
main { min-width: 0; padding: 1rem 1.5rem 4rem; }
section { margin: 2.25rem 0; }
section > p { margin: .15rem 0 .5rem; color: var(--faint); }
code { font: .88em ui-monospace, monospace; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; margin: 1rem 0; font-size: .88rem; color: var(--faint); }
.legend div { display: flex; align-items: center; gap: .5rem; }
.legend dt { padding: .05rem .5rem; border-radius: .3rem; font-weight: 600; }
.legend dd { margin: 0; }
.table { overflow: auto; max-height: 80vh; border: 1px solid var(--line); border-radius: .5rem; }
table { width: 100%; border-collapse: separate; border-spacing: 0; font-size: .88rem; }
th, td { padding: .35rem .7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th, tbody th { min-width: 6.5rem; max-width: 18rem; }
.facts td { max-width: 40rem; overflow-wrap: anywhere; }
small { display: block; font-size: .82em; font-weight: 400; color: var(--faint); }
.stamp code { overflow-wrap: anywhere; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { position: sticky; top: 0; z-index: 2; background: var(--raised); font-weight: 600; }
tbody th { position: sticky; left: 0; z-index: 1; background: var(--ground); font-weight: 500; }
thead th:first-child { left: 0; z-index: 3; }
tbody tr:hover > * { box-shadow: inset 0 0 0 99px color-mix(in srgb, var(--mark) 7%, transparent); }
tbody th.system { font-style: italic; }
tbody th.others { color: var(--faint); }
.yes { color: var(--yes); background: var(--yes-ground); font-weight: 600; }
.yes::before { content: '\\2713\\00a0'; }
.some { color: var(--some); background: var(--some-ground); }
.some::before { content: '\\25D0\\00a0'; }
.no { color: var(--no); }
.no::before { content: '\\2013\\00a0'; }
[hidden] { display: none !important; }
@media (max-width: 800px) { .page { display: block; } nav { display: none; } main { padding: 1rem; } }
@page { size: A4 landscape; margin: 11mm; }
@media print {
  :root {
    color-scheme: light;
    --ground: #fff; --raised: #fff; --line: #9aa3b0; --text: #000; --faint: #333a45;
    --yes: #0b4a2a; --yes-ground: #e6f6ec; --some: #5a3700; --some-ground: #fdf3de; --no: #444c59;
  }
  body { font-size: 8.5pt; print-color-adjust: exact; }
  nav, .search, #found { display: none; }
  .page { display: block; }
  main { padding: 0; }
  header { padding: 0 0 3mm; }
  header, thead th, tbody th { position: static; }
  section { margin: 5mm 0 0; }
  h2 { break-after: avoid; }
  .table { max-height: none; overflow: visible; border-radius: 0; }
  .table + .table { margin-top: 3mm; }
  table { table-layout: fixed; font-size: 7.2pt; }
  thead th:first-child { width: 14%; }
  th, td { min-width: 0; max-width: none; padding: .8mm 1.2mm; overflow-wrap: anywhere; hyphens: auto; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
}
`

export const pageScript = `const search = document.getElementById('search')
const sections = [...document.querySelectorAll('section[data-text]')]
const links = new Map([...document.querySelectorAll('nav a')].map((link) => [link.hash.slice(1), link.parentElement]))
function look() {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean)
  let shown = 0
  for (const section of sections) {
    const about = section.dataset.text.toLowerCase()
    let any = false
    for (const row of section.querySelectorAll('tbody tr')) {
      const text = about + ' ' + row.dataset.text.toLowerCase()
      row.hidden = !words.every((word) => text.includes(word))
      if (!row.hidden) { any = true; shown++ }
    }
    section.hidden = !any
    links.get(section.id).hidden = !any
  }
  document.getElementById('none').hidden = shown > 0
  document.getElementById('found').textContent = words.length === 0 ? '' : shown + (shown === 1 ? ' row' : ' rows')
}
search.addEventListener('input', look)
look()
`
