// The form of a question. Each part changes the request and nothing else; the request as JSON is beside it.
import type { JSX } from 'preact'
import { visible } from '../../../output/visible.js'
import { isRecord } from '../../../problems/plain.js'
import type { ExploreRequest } from '../../request.js'
import { Check, Input, Lines, Select } from '../parts.js'
import { firstQuestion, isRequest, isPerson, textOf, textsOf, withField, withResource } from '../question.js'
import type { FormProps } from '../form.js'
import { readJson, type Page } from '../state.js'
import { KeyFields, PersonFields } from './person.js'

export function Question({ page }: { readonly page: Page }): JSX.Element {
  const { compiled } = page.engine.value
  const request = page.request.value ?? firstQuestion(compiled)
  const set = (next: ExploreRequest): void => {
    page.change({ q: JSON.stringify(next) })
  }
  const services = [...compiled.systemSubjects.keys()]
  const { subject } = request
  const who = isPerson(subject) || !('system' in subject) ? '' : textOf(subject.system)
  return (
    <form
      class="question"
      onSubmit={(event) => {
        event.preventDefault()
      }}
    >
      <fieldset>
        <legend>Who</legend>
        {services.length > 0 && (
          <Select
            label="Somebody"
            value={who}
            options={[['', 'a person'], ...services.map((name) => [name, `the service ${name}`] as const)]}
            onChoose={(name) => {
              set({ ...request, subject: name === '' ? { id: 'u1', roles: [] } : { system: name } })
            }}
          />
        )}
        {isPerson(subject) && <PersonFields page={page} request={request} set={set} />}
      </fieldset>
      <fieldset>
        <legend>What</legend>
        <WhatFields page={page} request={request} set={set} />
      </fieldset>
      {isPerson(subject) && <KeyFields page={page} request={request} set={set} />}
      <Options page={page} />
      <details class="json">
        <summary>As JSON</summary>
        <label class="field">
          <span>A request, to read or to paste</span>
          <textarea
            rows={8}
            spellcheck={false}
            value={JSON.stringify(request, null, 1)}
            onChange={(event) => {
              const given = readJson(event.currentTarget.value)
              // A line of an expectation has its request in it.
              const inside = isRecord(given) ? given['request'] : undefined
              for (const one of [given, inside]) if (isRequest(one)) set(one)
            }}
          />
        </label>
      </details>
    </form>
  )
}

function WhatFields({ page, request, set }: FormProps): JSX.Element {
  const { compiled } = page.engine.value
  const { catalogue } = compiled
  const { object, action } = request
  const resource = catalogue.resources.get(object.type)
  const fields: Readonly<Record<string, unknown>> = { ...object }
  const text = (field: string): string => textOf(fields[field])
  return (
    <>
      <div class="grid">
        <Select
          label="Resource"
          value={object.type}
          options={[...catalogue.resources.keys()]}
          onChoose={(name) => {
            set(withResource(compiled, request, name))
          }}
        />
        <Select
          label="Action"
          value={action}
          options={[...(resource?.actions.keys() ?? [])]}
          onChoose={(name) => {
            set({ ...request, action: name })
          }}
        />
        <Input
          label="Object id"
          value={text('id')}
          placeholder="none"
          onType={(value) => {
            set(withField(request, 'id', value))
          }}
        />
        <Input
          label="Owner"
          value={text('owner')}
          placeholder="nobody"
          onType={(value) => {
            set(withField(request, 'owner', value))
          }}
        />
        {resource?.org !== 'never' && (
          <Input
            label="Organization"
            value={text('org')}
            placeholder="none"
            onType={(value) => {
              set(withField(request, 'org', value))
            }}
          />
        )}
        {catalogue.containers.map(
          (kind, number) =>
            (resource?.places[number] ?? 'never') !== 'never' && (
              <Lines
                key={kind}
                label={kind}
                lines={listOf(fields[kind])}
                onType={(ids) => {
                  set(withField(request, kind, ids.length > 1 ? ids : ids[0]))
                }}
              />
            )
        )}
        {resource?.attributes.map(({ name, values, usual }) => (
          <Select
            key={name}
            label={name}
            value={textOf(fields[name])}
            options={[
              ['', usual === undefined ? 'not given' : `not given: ${String(usual)}`],
              ...values.map(String)
            ]}
            onChoose={(value) => {
              set(
                withField(
                  request,
                  name,
                  values.find((one) => String(one) === value)
                )
              )
            }}
          />
        ))}
      </div>
      {resource?.org !== 'never' && (
        <Check
          label="in any of the organizations that one belongs to"
          on={object.anyOrg === true}
          onTick={(on) => {
            set(
              withField(
                withField(request, 'org', on ? undefined : object.org),
                'anyOrg',
                on ? true : undefined
              )
            )
          }}
        />
      )}
      {resource?.acl === true && <AclField request={request} set={set} />}
    </>
  )
}

function AclField({ request, set }: Pick<FormProps, 'request' | 'set'>): JSX.Element {
  const { acl } = request.object
  return (
    <label class="field">
      <span>
        ACL of the object <small>JSON, as {'{"users":{"u1":["read"]}}'}</small>
      </span>
      <textarea
        rows={2}
        spellcheck={false}
        value={acl === undefined || acl === null ? '' : JSON.stringify(acl)}
        onChange={(event) => {
          const { value } = event.currentTarget
          set(withField(request, 'acl', value.trim() === '' ? undefined : (readJson(value) ?? value)))
        }}
      />
    </label>
  )
}

function listOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  return textsOf(value)
}

/** The options of the deployment, under which the policy answers. */
export function Options({ page }: { readonly page: Page }): JSX.Element {
  const declared = Object.entries(page.data.document.options ?? {})
  if (declared.length === 0) return <></>
  const { options } = page.engine.value.compiled
  const changed = Object.keys(page.options.value).length > 0
  return (
    <details class="options" open={changed}>
      <summary>Settings of the deployment{changed ? ': changed' : ''}</summary>
      <div class="grid">
        {declared.map(([name, { values, description }]) => (
          <div key={name}>
            <Select
              label={name}
              value={String(options.get(name))}
              options={values.map(String)}
              onChoose={(text) => {
                const value = values.find((one) => String(one) === text)
                const others = Object.entries(page.options.value).filter(([other]) => other !== name)
                page.change({
                  o: JSON.stringify(
                    Object.fromEntries(value === undefined ? others : [...others, [name, value]])
                  )
                })
              }}
            />
            {description !== undefined && <small>{visible(description)}</small>}
          </div>
        ))}
      </div>
    </details>
  )
}
