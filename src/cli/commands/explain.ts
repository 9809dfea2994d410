// `casemate explain`: prints the answer to one request with every reason for it.
import { Command } from 'commander'
import type { Policy } from '../../policy/types/index.js'
import { RequestError } from '../../errors.js'
import { parseRequest } from '../../policy/parse.js'
import type { DecidingGrant, Decision, LevelVote } from '../../types.js'
import { collectOption, exitNo, loadCompiled, parseInput, print, printJson, readInput } from '../io.js'

interface ExplainOptions {
  readonly policy: string
  readonly option?: ReadonlyMap<string, string>
  readonly json?: boolean
}

export function explainCommand(): Command {
  return new Command('explain')
    .description('say why a request is allowed or refused')
    .argument('[request]', 'the request as JSON; from standard input where it is missing')
    .requiredOption('--policy <file>', 'the policy: .ts, .js, .json or .yaml')
    .option('--option <name=value>', 'a deployment option of the policy; repeatable', collectOption)
    .option('--json', 'print the whole decision as JSON')
    .addHelpText(
      'after',
      `
Example:
  $ casemate explain --policy policies/coder/index.ts \\
      '{"subject":{"id":"u1","roles":["auditor"]},"action":"read","object":{"type":"boundary_log"}}'

Exit status: 0 allowed, 1 refused, 2 if the request, the policy or the command is wrong.`
    )
    .action(async (request: string | undefined, options: ExplainOptions) => {
      const policy = await loadCompiled(options.policy, options.option)
      const decision = decideText(policy, request ?? (await readInput()))
      if (options.json === true) printJson(decision)
      else print(...decisionLines(decision))
      if (!decision.allowed) process.exitCode = exitNo
    })
}

function decideText(policy: Policy, request: string): Decision {
  const parsed = parseRequest(policy, parseInput(request), { allowSystem: true })
  if (parsed.ok) return parsed.value.subject.explain(parsed.value.action, parsed.value.object)
  throw new RequestError('invalid_request', parsed.problems.map(({ message }) => message).join('\n'))
}

function decisionLines(decision: Decision): string[] {
  const { permission, allowed, reason, acl, ceiling } = decision
  const held = [...(ceiling?.scopes ?? []), ...(ceiling?.allowList ?? []), ...(ceiling?.onlyOrgs ?? [])]
  return [
    `${allowed ? 'allowed' : 'refused'}: ${permission} (${reason})`,
    ...decision.roles.map((grant) => `  ${grantText(grant)}`),
    ...(acl === undefined ? [] : [`  the ACL entry ${acl.list}.${acl.id} holds ${acl.action}`]),
    ...(ceiling === undefined ? [] : [`  stopped by ${ceiling.by}: ${held.join(', ') || 'an empty list'}`]),
    'votes:',
    ...decision.votes.map((vote) => `  ${voteText(vote)}`)
  ]
}

function grantText({ role, included, org, container, level, permission, path }: DecidingGrant): string {
  const through = included === undefined ? '' : `, which includes ${included},`
  const place = container ?? org
  return `${role}${place === undefined ? '' : ` in ${place}`}${through} has ${permission} at ${level} (${path})`
}

function voteText({ level, org, vote, by }: LevelVote): string {
  const roles = by.map(({ role }) => role).join(', ')
  return `${level}${org === undefined ? '' : ` in ${org}`}: ${vote}${roles === '' ? '' : ` (${roles})`}`
}
