// casemate, each way in: by name, by a resolved permission, the runtime without a compiler, and the CASL ability.
// It expresses the whole policy.
import { entryPoint } from '../setup.mjs'
import { permissionsOf } from '../workload.mjs'

function subjectsOf(policy, inputs) {
  return inputs.map((input) =>
    input.system === undefined ? policy.subject(input) : policy.systemSubject(input.system)
  )
}

export async function casemate({ document, inputs }) {
  const { compile } = await entryPoint('index')
  const policy = compile(document)
  const subjects = subjectsOf(policy, inputs)
  return [
    { name: 'casemate, by name', subjects, decide: (s, action, object) => s.can(action, object) },
    {
      name: 'casemate, by permission',
      subjects,
      permissions: permissionsOf(document).map(({ type, action }) => policy.permission(type, action)),
      decide: (s, action, object, permission) => s.can(permission, object)
    }
  ]
}

export async function casemateRuntime({ document, inputs }) {
  const runtime = await entryPoint('runtime/index')
  const node = await entryPoint('node/index')
  if (runtime === undefined || node?.toCompiled === undefined) return []
  const { compile } = await entryPoint('index')
  const policy = runtime.fromCompiled(JSON.parse(JSON.stringify(node.toCompiled(compile(document)))))
  return [
    {
      name: 'casemate/runtime',
      subjects: subjectsOf(policy, inputs),
      decide: (s, action, object) => s.can(action, object)
    }
  ]
}

export async function casemateAbility({ document, inputs }) {
  const casl = await entryPoint('casl/index')
  if (casl?.abilityFor === undefined) return []
  const { compile } = await entryPoint('index')
  return [
    {
      name: 'casemate/casl',
      subjects: subjectsOf(compile(document), inputs).map((subject) => casl.abilityFor(subject)),
      decide: (ability, action, object) => ability.can(action, object)
    }
  ]
}
