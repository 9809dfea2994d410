// The policy `coder` as a file of data, which is read a dozen times faster than its code; for commands that are run often.
import coder from '../../policies/coder/index.js'
import { temporaryFolder } from './folder.js'

/** Its path; to be asked for at the top of a test file, after whose last test the file is gone. */
export function coderFile(): string {
  return temporaryFolder().file('coder.json', JSON.stringify(coder))
}
