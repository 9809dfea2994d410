// Reads a port on the command line.
import { InvalidArgumentError } from 'commander'

/** A port to listen on; 0 is a free one. */
export function readPort(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port < 65_536) return port
  throw new InvalidArgumentError('expected a port, from 0 to 65535')
}
