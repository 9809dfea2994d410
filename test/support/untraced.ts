// Errors without a note of where they come from. To note it takes most of the time of an error, and laws make millions
// of errors of which they read the code alone.

/** The answer; errors that are made meanwhile have no trace. */
export function untraced<T>(ask: () => T): T {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return ask()
  } finally {
    Error.stackTraceLimit = limit
  }
}
