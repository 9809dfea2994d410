// A process that judges: it loads a test file with a mutant switched on, runs the tests that come by the mutant, and
// says which test failed first. It is ended from outside when it does not answer.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants, Script } from 'node:vm'
import fc from 'fast-check'
import { readSeed } from '../../test/seed.js'
import { openFile, runSuite, type Test } from './harness.js'
import { propertyRuns, root } from './settings.js'

/** One file with one mutant, or with none to see where its tests come by. */
export interface Task {
  readonly file: string
  readonly bundle: string
  readonly mutant?: string
  /** The tests to run, by number. */
  readonly tests?: readonly number[]
  /** Those of them whose properties run as often as they say. */
  readonly full?: readonly number[]
  /** How often the mutated code may come by before it is taken for endless. */
  readonly hits?: number
}

export interface Verdict {
  /** The test that failed, or what else went wrong; absent where all passed. */
  readonly failed?: string
  readonly error?: string
}

/** What a file's tests come by: the mutants and how often, for the loading of the file and for each test. */
export interface Coverage {
  readonly load: Readonly<Record<string, number>>
  /** How long loading took, in milliseconds. */
  readonly loadTime: number
  readonly tests: readonly TestCoverage[]
  readonly problem?: string
}

export interface TestCoverage {
  readonly name: string
  /** It fails where its properties run less often than they say. */
  readonly isFull: boolean
  readonly failure?: string
  /** In milliseconds. */
  readonly time: number
  readonly mutants: Readonly<Record<string, number>>
}

interface Switch {
  activeMutant?: string | undefined
  currentTestId?: string | undefined
  hitCount?: number | undefined
  hitLimit?: number | undefined
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> }
}

const mutation: Switch = {}
Object.assign(globalThis, { __stryker__: mutation })
const require = createRequire(`${root}test/`)
const scripts = new Map<string, Script>()

const seed = readSeed()
fc.configureGlobal({ seed })
/** Whether properties run as often as they say, or not more often than is set for all. */
let isFull = false
const capped = {
  ...fc,
  assert: (property: never, parameters: { readonly numRuns?: number } = {}) => {
    const { numRuns = 100 } = parameters
    return fc.assert(property, { ...parameters, numRuns: isFull ? numRuns : Math.min(numRuns, propertyRuns) })
  }
}
const fastCheck = { ...capped, default: capped, __esModule: true }

type Suite = Parameters<typeof runSuite>[0]

async function loadFile(bundle: string): Promise<Suite> {
  let script = scripts.get(bundle)
  if (script === undefined) {
    const text = `(function (exports, require, module) {${readFileSync(bundle, 'utf8')}\n})`
    script = new Script(text, {
      filename: bundle,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER
    })
    scripts.set(bundle, script)
  }
  const { module, collect } = openFile()
  const given = (name: string): unknown => {
    if (name === 'vitest') return module
    return name === 'fast-check' ? fastCheck : (require(name) as unknown)
  }
  const run = script.runInThisContext() as (exports: object, require: unknown, module: object) => void
  const made = { exports: {} }
  run(made.exports, given, made)
  return collect()
}

async function cover({ bundle }: Task): Promise<Coverage> {
  const first = await coverOnce(bundle, () => true, false)
  const failing = first.tests.flatMap(({ failure }, number) => (failure === undefined ? [] : [number]))
  if (failing.length === 0 || first.problem !== undefined) return first
  const again = await coverOnce(bundle, (number) => failing.includes(number), true)
  return { ...first, tests: first.tests.map((test, number) => again.tests[number] ?? test) }
}

async function coverOnce(
  bundle: string,
  wanted: (number: number) => boolean,
  full: boolean
): Promise<Coverage> {
  const perTest: Record<string, Record<string, number>> = {}
  Object.assign(mutation, { activeMutant: undefined, hitCount: undefined, hitLimit: undefined })
  mutation.mutantCoverage = { static: {}, perTest }
  mutation.currentTestId = 'load'
  isFull = full
  const tests: TestCoverage[] = []
  const load = (): Coverage['load'] => perTest['load'] ?? {}
  let loadTime = 0
  try {
    // The first time a script is read, too, which later ones are spared.
    await loadFile(bundle)
    let began = performance.now()
    const suite = await loadFile(bundle)
    loadTime = performance.now() - began
    const begin = (number: number): boolean => {
      if (!wanted(number)) return false
      mutation.currentTestId = `test ${number}`
      began = performance.now()
      return true
    }
    await runSuite(suite, begin, (number, { name }, failure) => {
      const mutants = perTest[`test ${number}`] ?? {}
      const failed = failure === undefined ? {} : { failure: messageOf(failure.error) }
      tests[number] = { name, isFull: full, time: performance.now() - began, mutants, ...failed }
    })
  } catch (error) {
    return { load: load(), loadTime, tests, problem: messageOf(error) }
  } finally {
    mutation.currentTestId = undefined
  }
  return { load: load(), loadTime, tests }
}

class Failed extends Error {
  readonly verdict: Verdict
  constructor(verdict: Verdict) {
    super('failed')
    this.verdict = verdict
  }
}

async function judge({ bundle, mutant, tests = [], full = [], hits }: Task): Promise<Verdict> {
  Object.assign(mutation, { activeMutant: mutant, hitCount: 0, hitLimit: hits, currentTestId: undefined })
  const chosen = new Set(tests)
  isFull = false
  try {
    const suite = await loadFile(bundle)
    await runSuite(
      suite,
      (number: number) => {
        isFull = full.includes(number)
        return chosen.has(number)
      },
      (_number: number, { name }: Test, failure) => {
        if (failure !== undefined) throw new Failed({ failed: name, error: messageOf(failure.error) })
      }
    )
  } catch (error) {
    return error instanceof Failed ? error.verdict : { failed: 'loading', error: messageOf(error) }
  } finally {
    mutation.activeMutant = undefined
    cleanUp()
  }
  return {}
}

const ownKeys = new Set(Reflect.ownKeys(Object.prototype))

/** A test that fails may leave keys on `Object.prototype`, under which others would fail whatever the mutant. */
function cleanUp(): void {
  for (const key of Reflect.ownKeys(Object.prototype))
    if (!ownKeys.has(key)) Reflect.deleteProperty(Object.prototype, key)
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return text.slice(0, 300)
}

process.on('message', (task: Task) => {
  const done = task.mutant === undefined ? cover(task) : judge(task)
  void done.then((answer) => process.send?.(answer))
})
// What a test leaves behind is not the next one's.
process.on('unhandledRejection', () => undefined)
process.on('uncaughtException', () => undefined)
process.on('disconnect', () => process.exit())
process.send?.('ready')
