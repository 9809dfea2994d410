// The server's own OpenAPI document: what it takes and what it answers. It says no more than the handler checks, and a
// test holds real answers to it.

type Schema = Readonly<Record<string, unknown>>

/** The document that `/openapi.json` gives; `server` is the public URL. */
export function openApi(server?: string): Schema {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Decision server',
      version: '1.0',
      description: 'AuthZEN Authorization API 1.0, answered from a casemate policy.'
    },
    ...(server === undefined ? {} : { servers: [{ url: server.replace(/\/$/, '') }] }),
    security: [{}, { bearer: [] }],
    paths: {
      '/access/v1/evaluation': post('evaluate', 'Decides one question.', 'Question', 'Decision'),
      '/access/v1/evaluations': post('evaluateAll', 'Decides several questions.', 'Questions', 'Decisions'),
      '/access/v1/search/subject': post('searchSubjects', 'Who may do this?', 'SubjectSearch', 'Found', [
        '404'
      ]),
      '/access/v1/search/resource': post('searchResources', 'On what?', 'ResourceSearch', 'Found', ['404']),
      '/access/v1/search/action': post('searchActions', 'What may be done?', 'ActionSearch', 'FoundActions')
    },
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      parameters: {
        RequestId: {
          name: 'X-Request-ID',
          in: 'header',
          description: 'Comes back with the answer.',
          schema: { type: 'string' }
        }
      },
      responses: Object.fromEntries(
        Object.entries(refusals).map(([status, description]) => [`Refusal${status}`, refusal(description)])
      ),
      schemas
    }
  }
}

const refusals: Readonly<Record<string, string>> = {
  '400': 'The request is malformed.',
  '401': 'No valid token.',
  '404': 'There is no such search, or no such tenant.',
  '413': 'The body is too large.',
  '429': 'Too many requests.',
  '500': 'A store failed. Nothing was decided.',
  '503': 'A store cannot be asked now. Nothing was decided.'
}

function refusal(description: string): Schema {
  return { description, content: { 'text/plain': { schema: { type: 'string' } } } }
}

function post(
  operationId: string,
  summary: string,
  request: string,
  answer: string,
  more: readonly string[] = []
): Schema {
  const statuses = ['400', '401', ...more, '413', '429', '500', '503']
  return {
    post: {
      operationId,
      summary,
      parameters: [{ $ref: '#/components/parameters/RequestId' }],
      requestBody: { required: true, content: { 'application/json': { schema: ref(request) } } },
      responses: {
        '200': { description: summary, content: { 'application/json': { schema: ref(answer) } } },
        ...Object.fromEntries(
          statuses.map((status) => [status, { $ref: `#/components/responses/Refusal${status}` }])
        )
      }
    }
  }
}

function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` }
}

function record(required: readonly string[], properties: Schema): Schema {
  return { type: 'object', ...(required.length === 0 ? {} : { required }), properties }
}

const text: Schema = { type: 'string', minLength: 1 }
const anything: Schema = { type: 'object' }
const page = record([], {
  token: { type: 'string' },
  limit: { type: 'integer', minimum: 0 }
})
const parts = { subject: ref('Entity'), action: ref('Action'), resource: ref('Entity'), context: anything }

const schemas: Schema = {
  Entity: record(['type', 'id'], { type: text, id: text, properties: anything }),
  Target: record(['type'], { type: text, properties: anything }),
  Action: record(['name'], { name: text, properties: anything }),
  Question: record(['subject', 'action', 'resource'], parts),
  Questions: record([], {
    subject: anything,
    action: anything,
    resource: anything,
    context: anything,
    options: record([], {
      evaluations_semantic: { enum: ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] }
    }),
    evaluations: { type: 'array', items: {} }
  }),
  SubjectSearch: record(['subject', 'action', 'resource'], { ...parts, subject: ref('Target'), page }),
  ResourceSearch: record(['subject', 'action', 'resource'], { ...parts, resource: ref('Target'), page }),
  ActionSearch: record(['subject', 'resource'], {
    subject: parts.subject,
    resource: parts.resource,
    context: anything,
    page
  }),
  Error: record(['status', 'code', 'message'], {
    status: { type: 'integer' },
    code: text,
    message: { type: 'string' },
    hint: { type: 'string' }
  }),
  Decision: record(['decision'], {
    decision: { type: 'boolean' },
    context: record([], { reason: text, error: ref('Error') })
  }),
  Decisions: {
    oneOf: [
      ref('Decision'),
      record(['evaluations'], { evaluations: { type: 'array', items: ref('Decision') } })
    ]
  },
  Page: record(['next_token', 'count'], { next_token: { type: 'string' }, count: { type: 'integer' } }),
  Found: record(['results', 'page'], {
    results: { type: 'array', items: record(['type', 'id'], { type: text, id: text }) },
    page: ref('Page'),
    context: record([], { error: ref('Error') })
  }),
  FoundActions: record(['results', 'page'], {
    results: { type: 'array', items: record(['name'], { name: text }) },
    page: ref('Page'),
    context: record([], { error: ref('Error') })
  })
}
