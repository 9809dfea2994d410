// Runs before every test file: one seed for all properties, and more runs of each in a deep run.
// A property that sets its own `numRuns` keeps it.
import fc from 'fast-check'

import { readSeed } from './seed.js'

const isDeep = process.env['CASEMATE_DEEP'] === '1'

fc.configureGlobal({ seed: readSeed(), ...(isDeep ? { numRuns: 5_000 } : {}) })
