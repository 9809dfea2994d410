// What the language server knows of a text: laws about renaming and completion on the policies that ship, and about texts
// that are no policies.
import fc from 'fast-check'
import * as yaml from 'yaml'
import { describe, expect, it } from 'vitest'
import { compile, type PolicyDocument } from 'casemate'
import { parsePolicyText } from 'casemate/node'
import { lint } from 'casemate/lint'
import { completeAt } from '../../../src/cli/lsp/complete.js'
import { diagnose } from '../../../src/cli/lsp/diagnose.js'
import { nameAt, placesOf, renameTo } from '../../../src/cli/lsp/rename.js'
import { outlineOf, type Outline } from '../../../src/cli/lsp/outline.js'
import coder from '../../../policies/coder/index.js'
import saas from '../../../policies/saas/index.js'
import grafana from '../../../policies/gallery/grafana/index.js'

type Format = 'yaml' | 'json'

const policies: readonly (readonly [string, PolicyDocument])[] = [
  ['saas', saas],
  ['grafana', grafana],
  ['coder', coder]
]
const texts = policies.flatMap(([name, document]): (readonly [string, Format, string])[] => [
  [name, 'json', JSON.stringify(document, undefined, 2)],
  [name, 'yaml', yaml.stringify(document, { lineWidth: 0 })]
])

/** A text with a name written anew, as an editor does it. */
function renamed(text: string, outline: Outline, at: number, to: string): string {
  const found = nameAt(outline, at)
  const renaming = found === undefined ? undefined : renameTo(outline, found, to)
  if (renaming?.ok !== true) throw new Error(renaming?.message ?? 'no name')
  return [...renaming.places]
    .reverse()
    .reduce((changed, { start, end }) => changed.slice(0, start) + to + changed.slice(end), text)
}

/** Those that are read in no time. */
const small = texts.filter(([name]) => name !== 'coder')

describe('a name of a policy', () => {
  it.each(texts)('of %s in %s is renamed everywhere, and nothing else is', async (_, format, text) => {
    const outline = outlineOf(yaml, text)
    const before = lint(compile(await parsePolicyText(text, format))).findings.length
    const defined = outline.names.filter(({ isDefined }) => isDefined)
    expect(defined.length).toBeGreaterThan(10)
    const chosen = defined.filter((_one, index) => index % Math.ceil(defined.length / 4) === 0)
    for (const one of chosen) {
      const to = one.kind === 'scope' ? 'fresh:all' : 'fresh'
      const after = renamed(text, outline, one.start, to)
      const policy = compile(await parsePolicyText(after, format))
      expect(lint(policy).findings.length, `${one.kind} ${one.name}`).toBe(before)
      const again = outlineOf(yaml, after)
      const same = { ...one, name: to }
      expect(placesOf(again, same)).toHaveLength(placesOf(outline, one).length)
      expect(placesOf(again, one)).toEqual([])
    }
  })

  it.each(texts)(
    'of %s in %s that is asked for somewhere is defined, permissions apart',
    (_, _format, text) => {
      const outline = outlineOf(yaml, text)
      for (const one of outline.names) {
        const isOfAll = one.name === '*' || one.resource === '*'
        if (!isOfAll)
          expect(
            placesOf(outline, one).some(({ isDefined }) => isDefined),
            one.name
          ).toBe(true)
      }
    }
  )

  it.each(small)('of %s in %s is offered where it stands', (_, format, text) => {
    const outline = outlineOf(yaml, text)
    const isOffered = ({ isDefined, resource, start }: Outline['names'][number]): boolean =>
      !isDefined &&
      resource !== '*' &&
      !outline.scalars.some(
        (one) =>
          (one.path[0] === 'lint' || one.path.includes('allowList')) && one.start <= start && start < one.end
      )
    const used = outline.names.filter(isOffered)
    for (const one of used.filter((_one, index) => index % Math.ceil(used.length / 10) === 0)) {
      const offers = completeAt(yaml, text, one.start + 1, format === 'json')
      const labels = offers.map(({ label }) => label)
      const isIn = (label: string): boolean =>
        label === one.name || text.slice(one.start - 80).includes(label)
      expect(labels.some(isIn), `${one.kind} ${one.name}: ${labels.slice(0, 5).join(', ')}`).toBe(true)
    }
  })

  it.each([
    ['note', 'true'],
    ['note', 'a b'],
    ['note', '1x'],
    ['note', ''],
    ['note', 'x: y'],
    ['note', 'page'],
    ['note', '"'],
    ['note', 'x\ny']
  ])('%s is not renamed to %j', (_, to) => {
    const text = 'resources:\n  note: { actions: { read: "" } }\n  page: { actions: { read: "" } }\n'
    const outline = outlineOf(yaml, text)
    expect(renameTo(outline, nameAt(outline, 14)!, to)).toMatchObject({ ok: false })
    expect(renameTo(outline, nameAt(outline, 14)!, 'memo')).toMatchObject({ ok: true })
  })

  it('that is written with an escape somewhere is not renamed by halves', () => {
    const text =
      '{"resources":{"note":{"actions":{"read":""}}},"invariants":[{"permissions":["n\\u006fte:read"]}]}'
    const outline = outlineOf(yaml, text)
    expect(renameTo(outline, nameAt(outline, 16)!, 'memo')).toMatchObject({ ok: false })
  })
})

describe('a line that is not yet whole', () => {
  const head = `name: x
resources:
  note: { actions: { read: see it, write: change it } }
  page: { actions: { open: look } }
roles:
  reader:
    kind: site
`
  it.each([
    [
      'a resource after allow',
      'yaml',
      '    grants:\n      site:\n        allow:\n          no|',
      ['note', 'page']
    ],
    [
      'a resource after another',
      'yaml',
      '    grants:\n      site:\n        allow:\n          note: [read]\n          p|',
      ['note', 'page']
    ],
    ['a resource in braces', 'yaml', '    grants: { site: { allow: { | } } }', ['note', 'page']],
    ['an action in brackets', 'yaml', '    grants: { site: { allow: { note: [r|] } } }', ['read', 'write']],
    ['an action after a comma', 'yaml', '    grants: { site: { allow: { note: [read, |', ['read', 'write']],
    [
      'an action in a list',
      'yaml',
      '    grants:\n      site:\n        allow:\n          note:\n            - |',
      ['read', 'write']
    ],
    ['a role', 'yaml', '    assigns: [|]', ['reader']],
    [
      'a permission',
      'yaml',
      'invariants:\n  - { name: x, permissions: [note:|',
      ['note:read', 'note:write', 'page:open']
    ],
    ['who may', 'yaml', 'invariants:\n  - name: x\n    only:\n      - re|', ['reader']]
  ] as const)('is offered %s', (_, _format, tail, expected) => {
    const text = head + tail
    const at = text.indexOf('|')
    const offers = completeAt(yaml, text.replace('|', ''), at, false)
    expect(offers.map(({ label }) => label)).toEqual(expected)
  })

  it('of JSON gets quotes where there are none', () => {
    const text = '{"resources":{"note":{"actions":{"read":""}}},"roles":{"r":{"assigns":[|]}}}'
    const at = text.indexOf('|')
    expect(completeAt(yaml, text.replace('|', ''), at, true).map((one) => one.text)).toEqual(['"r"'])
  })
})

describe('a hostile text', () => {
  const source = fc.constantFrom(...small.map(([, , text]) => text))
  const edited = fc
    .tuple(
      source,
      fc.array(
        fc.record({
          at: fc.double({ min: 0, max: 1, noNaN: true }),
          insert: fc.constantFrom(
            '',
            '{',
            '[',
            '"',
            ': ',
            '\n',
            '&a ',
            '*a',
            '? ',
            '- ',
            '\t',
            '|',
            '!!x ',
            '\u202e',
            '\ud800',
            '__proto__: 1\n'
          ),
          cut: fc.nat(40)
        }),
        { minLength: 1, maxLength: 6 }
      )
    )
    .map(([text, edits]) =>
      edits.reduce(
        (now, { at, insert, cut }) => {
          const place = Math.floor(at * now.length)
          return now.slice(0, place) + insert + now.slice(place + cut)
        },
        text.slice(0, 4000)
      )
    )

  it('is read as far as it goes, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(
        edited,
        fc.nat(),
        fc.constantFrom<Format>('yaml', 'json'),
        async (text, at, format) => {
          const outline = outlineOf(yaml, text)
          const { remarks } = await diagnose(yaml, text, format, outline)
          for (const { start, end } of remarks) {
            expect(start).toBeLessThanOrEqual(end)
            expect(end).toBeLessThanOrEqual(text.length + 1)
          }
          completeAt(yaml, text, at % (text.length + 1), format === 'json')
        }
      ),
      { numRuns: 40 }
    )
  })

  it.each([
    ['lists in lists', '['.repeat(500_000)],
    ['records in records', '{a: '.repeat(200_000)],
    ['dashes', '- '.repeat(300_000)],
    ['too much text', 'a: b\n'.repeat(400_000)],
    [
      'anchors that multiply',
      Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`).join('\n')
    ],
    ['an anchor in itself', 'resources: &a\n  note: *a\n']
  ])('of %s is given up', async (_, text) => {
    const outline = outlineOf(yaml, text)
    const { remarks, policy } = await diagnose(yaml, text, 'yaml', outline)
    expect(policy).toBeUndefined()
    expect(remarks.length).toBeGreaterThan(0)
    expect(() => completeAt(yaml, text, 5, false)).not.toThrow()
  })
})
