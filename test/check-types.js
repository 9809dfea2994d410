#!/usr/bin/env node
// The compiler of the type tests: in one thread. It would check much several times to be done a little earlier, on cores
// that the other tests need.
process.argv.push('--singleThreaded')
await import('../node_modules/typescript-7/bin/tsc')
