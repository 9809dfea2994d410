// What the types of a policy cost the compiler, in type instantiations: unlike seconds, the same on every machine.
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { largePolicySource } from '../fixtures/document/large-policy.js'

const size = { resources: 40, actions: 10, roles: 12 }
/** Lists of actions in the grants of such a policy, without the denies. */
const lists = size.resources * size.roles * 2

describe('a large policy', () => {
  const right = largePolicySource(size)
  const wrong = right.replace("resource_37: ['action_7'", "resource_37: ['action_77'")
  const [whole, mistyped] = check([right, wrong])

  it('compiles in a few type instantiations for each list of actions', () => {
    expect(whole?.errors).toEqual([])
    // Seen: 7 for each. Resolving the permission set anew for every role costs 55.
    expect(whole?.instantiations).toBeLessThan(20 * lists)
  })

  it('has every list checked nevertheless: one wrong action in one of them is found', () => {
    expect(wrong).not.toBe(right)
    expect(mistyped?.errors).toEqual([expect.stringContaining(`"action_77"' is not assignable to type`)])
  })
})

interface Checked {
  readonly errors: readonly string[]
  readonly instantiations: number
}

/** Type-checks modules with the project's settings, one after the other. */
function check(sources: readonly string[]): Checked[] {
  const modules = new Map(sources.map((source, i) => [`${process.cwd()}/test/generated-${i}.ts`, source]))
  const config: unknown = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)).config
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd())
  const host = ts.createCompilerHost(options)
  const read = host.getSourceFile.bind(host)
  host.getSourceFile = (path, version) => {
    const source = modules.get(path)
    return source === undefined ? read(path, version) : ts.createSourceFile(path, source, version)
  }
  const program = ts.createProgram([...modules.keys()], options, host)
  return [...modules.keys()].map((path) => {
    const before = program.getInstantiationCount()
    const diagnostics = program.getSemanticDiagnostics(program.getSourceFile(path))
    const errors = diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
    return { errors, instantiations: program.getInstantiationCount() - before }
  })
}
