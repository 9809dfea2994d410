// Mutation testing: which changes to the code does no test notice? Prints each and the score; ends with 1 below the
// threshold. `--only <part of a path>` looks at some files, `--survivors` at what the last run left, `--unargued` at all
// but those that are argued to change nothing, `--every 16` at one mutant of sixteen, which estimates the score;
// `--budget 5000` has tests run for longer than usual, and `--deep` runs every test of a mutant.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { bundleTests } from './bundle.js'
import { Chooser, type Covered, type Group } from './choose.js'
import { matchEquivalents, readEquivalents, squeeze } from './equivalents.js'
import { instrument, type Mutant } from './instrument.js'
import { Judge } from './pool.js'
import { budget, propertyRuns, threshold, workers, workFolder } from './settings.js'
import type { Coverage, Verdict } from './worker.js'

interface Result {
  readonly key: string
  readonly mutant: Mutant
  /** The file and the test that noticed; absent for a survivor. */
  readonly killer?: string
  readonly error?: string
}

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    survivors: { type: 'boolean', default: false },
    deep: { type: 'boolean', default: false },
    budget: { type: 'string', default: String(budget) },
    unargued: { type: 'boolean', default: false },
    every: { type: 'string', default: '1' }
  }
})
const lastFile = `${workFolder}last.json`
/** A run that finds nothing endless ends long before; loaded machines are slow. */
const patience = 300_000
/** So many of the tests that noticed others of a file are tried first. */
const likelyTests = 6
/** In how many rounds the mutants are judged. */
const strides = 8

const { mutants, code } = await instrument()
const bundles = await bundleTests(code)
console.error(`${mutants.length} mutants, ${bundles.size} test files`)
const judges = Array.from({ length: workers }, () => new Judge())
const chooser = new Chooser(await coverAll())

const last = readLast()
const keys = keysOf(mutants)
const equivalents = matchEquivalents(readEquivalents(), mutants)
const argued = ({ id }: Mutant): boolean => equivalents.argued.has(id)
const step = Number(options.every)
const limit = options.deep ? Number.POSITIVE_INFINITY : Number(options.budget)
const asked = mutants.filter(
  (mutant, i) =>
    i % step === 0 &&
    mutant.file.includes(options.only) &&
    (!options.survivors || isSurvivor(mutant)) &&
    (!options.unargued || !argued(mutant))
)
const results = await judgeAll(asked)
for (const judge of judges) judge.end()
writeLast(results)
report(results)

async function coverAll(): Promise<readonly Covered[]> {
  const covered: Covered[] = []
  await workOff([...bundles], async ([file, bundle], judge) => {
    const coverage = await coverFile(file, bundle, judge)
    const { problem, tests } = coverage
    if (problem !== undefined) throw new Error(`${file}: ${problem}`)
    for (const { name, failure } of tests)
      if (failure !== undefined) console.error(`not used: ${file} > ${name}: ${failure}`)
    covered.push({ file, bundle, coverage })
  })
  return covered.sort((a, b) => (a.file < b.file ? -1 : 1))
}

/** What a file comes by, as the same script was seen to before, or seen now. */
async function coverFile(file: string, bundle: string, judge: Judge): Promise<Coverage> {
  const hash = createHash('sha256').update(readFileSync(bundle)).update(`${propertyRuns}`).digest('hex')
  const path = `${bundle}.json`
  if (existsSync(path)) {
    const kept = JSON.parse(readFileSync(path, 'utf8')) as {
      readonly hash: string
      readonly coverage: Coverage
    }
    if (kept.hash === hash) return kept.coverage
  }
  const got = await judge.ask<Coverage>({ file, bundle }, 4 * patience)
  if ('lost' in got) throw new Error(`${file}: ${got.lost}`)
  writeFileSync(path, JSON.stringify({ hash, coverage: got.answer }))
  return got.answer
}

async function judgeAll(list: readonly Mutant[]): Promise<readonly Result[]> {
  const made = new Map<string, Result>()
  // Some of every file, then others of every file: a run that is ended has judged a fair part.
  const rounds = Array.from({ length: strides }, (_, round) => list.filter((_, i) => i % strides === round))
  let survived = 0
  // What noticed others of the same file is likely to notice this one.
  const noticing = new Map<string, string[]>()
  await workOff(rounds.flat(), async (mutant, judge) => {
    const key = keys.get(mutant.id) ?? ''
    const before = noticing.get(mutant.file) ?? []
    const likely = new Set([last.get(key) ?? '', ...before.slice(0, likelyTests)])
    const groups = chooser.choose(mutant, likely, limit)
    let result: Result = { key, mutant }
    for (const group of groups) {
      const killer = await judgeGroup(mutant, group, judge)
      if (killer === undefined) continue
      result = { key, mutant, ...killer }
      noticing.set(mutant.file, [killer.killer, ...before.filter((one) => one !== killer.killer)])
      break
    }
    if (result.killer === undefined) console.error(`not noticed: ${lineOf(mutant)}`)
    if (result.killer === undefined) survived++
    made.set(mutant.id, result)
    if (made.size % 100 !== 0) return
    console.error(`${made.size} of ${list.length}, ${survived} not noticed`)
    // What was found is kept, should the run be ended.
    writeLast([...made.values()])
  })
  return list.flatMap(({ id }) => made.get(id) ?? [])
}

async function judgeGroup(
  { id }: Mutant,
  { covered, tests, full, hits }: Group,
  judge: Judge
): Promise<{ readonly killer: string; readonly error: string } | undefined> {
  const { file, bundle } = covered
  const got = await judge.ask<Verdict>(
    { file, bundle, mutant: id, tests, full, hits: 100 * hits + 10_000 },
    patience
  )
  if ('lost' in got) return { killer: `${file} > ${got.lost}`, error: got.lost }
  const { failed, error = '' } = got.answer
  return failed === undefined ? undefined : { killer: `${file} > ${failed}`, error }
}

/** Gives the items to the judges, in order. */
async function workOff<T>(items: T[], work: (item: T, judge: Judge) => Promise<void>): Promise<void> {
  items.reverse()
  await Promise.all(
    judges.map(async (judge) => {
      for (let item = items.pop(); item !== undefined; item = items.pop()) await work(item, judge)
    })
  )
}

/** A name of each mutant that stays where code moves; the same mutant twice is numbered. */
function keysOf(all: readonly Mutant[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>()
  return new Map(
    all.map((mutant) => {
      const { id, file, context, original, replacement } = mutant
      const key = JSON.stringify([file, squeeze(context), squeeze(original), squeeze(replacement)])
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      return [id, `${key}#${count}`]
    })
  )
}

function readLast(): Map<string, string | undefined> {
  if (!existsSync(lastFile)) return new Map()
  const entries = JSON.parse(readFileSync(lastFile, 'utf8')) as [string, string | null][]
  return new Map(entries.map(([key, killer]) => [key, killer ?? undefined]))
}

function writeLast(list: readonly Result[]): void {
  for (const { key, killer } of list) last.set(key, killer)
  writeFileSync(lastFile, JSON.stringify([...last].map(([key, killer]) => [key, killer ?? null])))
}

function report(list: readonly Result[]): void {
  const survivors = list.filter(({ killer, mutant }) => killer === undefined && !argued(mutant))
  for (const { mutant } of survivors) console.log(lineOf(mutant))
  const wrong = list.filter(({ killer, mutant }) => killer !== undefined && argued(mutant))
  for (const { mutant, killer = '' } of wrong)
    console.log(`argued to change nothing, but noticed by ${killer}: ${lineOf(mutant)}`)
  if (options.only === '')
    for (const one of equivalents.gone) console.log(`no such mutant any more: ${one.file}: ${one.line}`)
  const score = printScore('', list)
  // The runs before judged the others; tests that came since can only notice more.
  if (options.survivors) printScore('with what was judged before: ', mutants.flatMap(knownResult))
  if (score < threshold || wrong.length > 0) process.exitCode = 1
}

function isSurvivor({ id }: Mutant): boolean {
  const key = keys.get(id) ?? ''
  return last.has(key) && last.get(key) === undefined
}

/** What is known of a mutant from all runs. */
function knownResult(mutant: Mutant): Result[] {
  const key = keys.get(mutant.id) ?? ''
  if (!last.has(key)) return []
  const killer = last.get(key)
  return [{ key, mutant, ...(killer === undefined ? {} : { killer }) }]
}

function printScore(about: string, list: readonly Result[]): number {
  const equal = list.filter(({ killer, mutant }) => killer === undefined && argued(mutant)).length
  const left = list.filter(({ killer, mutant }) => killer === undefined && !argued(mutant)).length
  const counted = list.length - equal
  const score = counted === 0 ? 100 : (100 * (counted - left)) / counted
  console.log(
    `${about}${list.length} mutants, ${equal} that change nothing, ${left} not noticed: score ${score.toFixed(2)} %`
  )
  return score
}

function lineOf({ file, line, mutator, original, replacement }: Mutant): string {
  return `${file}:${line} ${mutator}: \`${squeeze(original).slice(0, 160)}\` as \`${squeeze(replacement).slice(0, 160)}\``
}
