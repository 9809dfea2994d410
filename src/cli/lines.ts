// Standard input as lines, in batches, without ever holding more than a chunk and one unfinished line.

/** A line longer than this is cut there: no request is, and what is cut is no JSON any more. */
const longestLine = 16 * 1024 * 1024

/** The lines of a stream of UTF-8 text; a byte order mark at its start is dropped. */
export async function* readLines(input: NodeJS.ReadableStream): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  for await (const chunk of input) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > longestLine) rest = rest.slice(0, longestLine + 1)
    yield lines
  }
  rest += decoder.decode()
  if (rest !== '') yield [rest]
}
