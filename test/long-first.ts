// The order of the test files: as Vitest has it, by how long each took in the last run, but those that are known to be
// long first. A new clone has no last run, and a long file that starts last leaves a core idle.
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const long = /test\/(?:policy\/prototypes|generate\/openapi|model)\.test\.ts$/

export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    // The projects stay together: a worker is kept only for the next file of its project.
    const rank = ({ project, moduleId }: TestSpecification): number =>
      project.name !== 'unit' ? 0 : long.test(moduleId) ? 1 : 2
    return sorted.sort((a, b) => rank(a) - rank(b))
  }
}
