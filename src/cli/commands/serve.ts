// `casemate serve`: AuthZEN over HTTP from a policy file, and from subjects in a file or in a database.
import { Command, InvalidArgumentError } from 'commander'
import { collectOption } from '../io.js'
import { readPort } from '../port.js'
import { serve } from '../serve/run.js'

export function serveCommand(): Command {
  return new Command('serve')
    .description('answer AuthZEN requests over HTTP')
    .requiredOption('--policy <file>', 'the policy: .ts, .js, .json or .yaml')
    .option('--subjects <file>', 'who may ask: one JSON subject a line')
    .option(
      '--database [url]',
      'in place of it, the roles that a store of casemate/postgres has; without a URL that of DATABASE_URL'
    )
    .option('--database-file <file>', 'a file with the URL of the database')
    .option('--schema <name>', 'the schema of its tables; by default the first of the search path')
    .option('--prefix <text>', 'what the names of its tables begin with; by default casemate_')
    .option('--option <name=value>', 'a deployment option of the policy; repeatable', collectOption)
    .option('--port <number>', 'the port to listen on; 0 takes a free one', readPort, 8181)
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option(
      '--token-file <file>',
      'the bearer tokens of callers, one a line; without it only loopback is listened on'
    )
    .option('--identifier <url>', 'the public URL, for the metadata; by default the address')
    .option(
      '--subject-type <name>',
      'a type of AuthZEN subjects that are looked up; repeatable; by default user',
      collect
    )
    .option('--system <name>', 'a system subject that may ask, with the type system; repeatable', collect)
    .option('--rate <number>', 'requests a second for each token', readRate)
    .option('--reasons', 'add the code of the reason to each decision')
    .option('--records <file>', 'where to write the decisions, as lines of JSON')
    .option(
      '--records-allowed <share>',
      'the share of allowed decisions that are written, from 0 to 1; by default 0.01',
      readShare
    )
    .option(
      '--mask-key-file <file>',
      'a file with a secret, under which ids are written as their HMAC in place of themselves'
    )
    .option('--drain <seconds>', 'how long to be not ready before it stops', readSeconds, 0)
    .option('--check', 'read everything, say what would be served, and end')
    .addHelpText(
      'after',
      `
It needs the packages hono and @hono/node-server, and pg for a database.

Policy, subjects and tokens are read again when a file changes, and at SIGHUP. What cannot be read is told on standard
error, and what was read before stays in use. SIGTERM and SIGINT end it: /readyz is 503 at once, after --drain no
connection is taken, and open requests have ten seconds. A second signal ends it at once.

With a database, custom roles and assignments are those of its tables at each request. It has to be there at the start; while
it does not answer later, every question is answered with 503. Leave a password to DATABASE_URL, to PGPASSWORD or to a file:
other users of the machine may see the arguments of a process.

--records takes what \`casemate replay\` and \`casemate unused\` read: every refusal, and a share of what is allowed. The
file may be moved away; the next line begins a new one. Masked ids are the same for the same key, so that a masked log
replays to the same answers; the key is read once, at the start.

Example:
  $ casemate serve --policy policy.yaml --subjects subjects.ndjson --token-file tokens

Exit status: 2 if the policy, the subjects, the database or the command is wrong.`
    )
    .action(serve)
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

function readSeconds(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('expected a whole number of seconds')
}

function readRate(text: string): number {
  const rate = Number(text)
  if (/^\d+(?:\.\d+)?$/.test(text) && rate > 0) return rate
  throw new InvalidArgumentError('expected a number above 0')
}

function readShare(text: string): number {
  const share = Number(text)
  if (/^\d(?:\.\d+)?$/.test(text) && share <= 1) return share
  throw new InvalidArgumentError('expected a share from 0 to 1')
}
