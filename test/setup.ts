// Runs before every test file: one seed for all properties, and as many cases of each as the run is deep. A property
// that sets its own `numRuns` keeps it.
import fc from 'fast-check'

import { readSeed } from './seed.js'
import { runs } from './support/depth.js'

// The runner has every error note a hundred calls; laws make very many errors, and a test is found with fewer.
Error.stackTraceLimit = 10

fc.configureGlobal({ seed: readSeed(), numRuns: runs(100, 5_000) })
