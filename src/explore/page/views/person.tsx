// Who asks: roles with their places, groups, settings of organizations; and the ceiling of a key.
import type { JSX } from 'preact'
import { isRecord } from '../../../problems/plain.js'
import type { CeilingInput, RoleHeld, TemplateScope } from '../../../types.js'
import { Check, Input, Lines, Select } from '../parts.js'
import {
  heldRole,
  nameOfRole,
  personOf,
  placeOfRole,
  rolesOf,
  withCeiling,
  type Person
} from '../question.js'
import { readJson } from '../state.js'
import type { FormProps } from '../form.js'

export function PersonFields({ page, request, set }: FormProps): JSX.Element {
  const { compiled } = page.engine.value
  const person = personOf(request.subject)
  const roles = rolesOf(person)
  const names = [...compiled.roles.shipped.keys()]
  const put = (change: Partial<Person>): void => {
    set({ ...request, subject: { ...person, ...change } })
  }
  const replace = (index: number, held: readonly RoleHeld[]): void => {
    put({ roles: [...roles.slice(0, index), ...held, ...roles.slice(index + 1)] })
  }
  return (
    <>
      <Input
        label="Id"
        value={person.id}
        onType={(id) => {
          put({ id })
        }}
      />
      {roles.map((held, i) => {
        const name = nameOfRole(held)
        const kind = compiled.roles.shipped.get(name)?.kind ?? 'site'
        return (
          <div class="held" key={i}>
            <Select
              label={`Role ${i + 1}`}
              value={name}
              options={names}
              onChoose={(next) => {
                replace(i, [heldRole(compiled, next, placeOfRole(held))])
              }}
            />
            {kind !== 'site' && (
              <Input
                label={kind === 'org' ? 'in organization' : `in ${kind}`}
                value={placeOfRole(held)}
                onType={(place) => {
                  replace(i, [
                    typeof held === 'string' ? { role: held, [kind]: place } : { ...held, [kind]: place }
                  ])
                }}
              />
            )}
            <button
              type="button"
              aria-label={`Remove role ${i + 1}`}
              onClick={() => {
                replace(i, [])
              }}
            >
              Remove
            </button>
          </div>
        )
      })}
      {names.length > 0 && (
        <button
          type="button"
          onClick={() => {
            put({ roles: [...roles, heldRole(compiled, names[0] ?? '')] })
          }}
        >
          Add a role
        </button>
      )}
      <Lines
        label="Groups"
        lines={person.groups ?? []}
        onType={(groups) => {
          put({ groups })
        }}
      />
      <OrgSettings page={page} request={request} set={set} />
    </>
  )
}

/** The settings of each organization in which a role is held. */
function OrgSettings({ page, request, set }: FormProps): JSX.Element {
  const { compiled } = page.engine.value
  const person = personOf(request.subject)
  const orgs = [
    ...new Set(
      rolesOf(person).flatMap((held) =>
        typeof held === 'string' || typeof held.org !== 'string' ? [] : [held.org]
      )
    )
  ]
  const { orgOptions = {} } = person
  return (
    <>
      {orgs.flatMap((org) =>
        [...compiled.context.orgOptions].map(([name, { values, default: usual }]) => {
          const given = Object.hasOwn(orgOptions, org) ? orgOptions[org] : undefined
          const value = given !== undefined && Object.hasOwn(given, name) ? given[name] : undefined
          return (
            <Select
              key={`${org} ${name}`}
              label={`${name} in ${org}`}
              value={value === undefined ? '' : String(value)}
              options={[
                ['', usual === undefined ? 'not given' : `not given: ${String(usual)}`],
                ...values.map(String)
              ]}
              onChoose={(text) => {
                const chosen = values.find((one) => String(one) === text)
                const others = Object.entries(given ?? {}).filter(([other]) => other !== name)
                const here = Object.fromEntries(chosen === undefined ? others : [...others, [name, chosen]])
                set({ ...request, subject: { ...person, orgOptions: { ...orgOptions, [org]: here } } })
              }}
            />
          )
        })
      )}
    </>
  )
}

const ceilings: readonly {
  readonly key: keyof CeilingInput
  readonly label: string
  readonly hint: string
}[] = [
  { key: 'scopes', label: 'Scopes', hint: 'one a line; a template as JSON' },
  { key: 'allowList', label: 'Allow list', hint: 'type:id, one a line' },
  { key: 'onlyOrgs', label: 'Organizations', hint: 'ids, *none or *, one a line' }
]

/** The ceiling of a key: a list that is there and empty lets nothing through. */
export function KeyFields({ request, set }: FormProps): JSX.Element {
  const person = personOf(request.subject)
  const isKey = ceilings.some(({ key }) => person[key] !== undefined) || (request.within ?? []).length > 0
  return (
    <details class="key" open={isKey}>
      <summary>With a key{isKey ? '' : ': none'}</summary>
      {ceilings.map(({ key, label, hint }) => {
        const list = person[key]
        return (
          <div key={key}>
            <Check
              label={`${label} limit it`}
              on={list !== undefined}
              onTick={(on) => {
                set(withCeiling(request, key, on ? [] : undefined))
              }}
            />
            {list !== undefined && (
              <Lines
                label={label}
                hint={hint}
                lines={linesOf(list)}
                onType={(lines) => {
                  set(withCeiling(request, key, key === 'scopes' ? lines.map(readScope) : lines))
                }}
              />
            )}
          </div>
        )
      })}
      {(request.within ?? []).length > 0 && (
        <p>
          {(request.within ?? []).length} further ceilings, as the JSON has them.{' '}
          <button
            type="button"
            onClick={() => {
              const { subject, action, object } = request
              set({ subject, action, object })
            }}
          >
            Remove them
          </button>
        </p>
      )}
    </details>
  )
}

function linesOf(list: unknown): string[] {
  if (!Array.isArray(list)) return []
  return list.map((one: unknown) => (typeof one === 'string' ? one : JSON.stringify(one)))
}

/** A line is a scope's name, or a template with its parameters. */
function readScope(line: string): string | TemplateScope {
  const value = line.startsWith('{') ? readJson(line) : undefined
  return isTemplate(value) ? value : line
}

function isTemplate(value: unknown): value is TemplateScope {
  return isRecord(value) && typeof value['template'] === 'string' && isRecord(value['params'])
}
