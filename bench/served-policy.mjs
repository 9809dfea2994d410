// The policy and the subjects of the server that is measured: a hundred people with roles in ten organizations each.

export const servedPolicy = {
  document: {
    name: 'served',
    resources: {
      note: { actions: { read: 'read it', write: 'change it', remove: 'remove it' } },
      report: { actions: { read: 'read it' } }
    },
    roles: {
      member: { kind: 'org', grants: { org: { allow: { note: ['read'] } } } },
      editor: { kind: 'org', grants: { org: { allow: { note: '*', report: '*' } } } },
      owner: { kind: 'site', grants: { user: { allow: { note: '*' } } } }
    }
  },
  subjects: Array.from({ length: 100 }, (_, user) =>
    JSON.stringify({
      id: `u${user}`,
      roles: [
        'owner',
        ...Array.from({ length: 10 }, (__, org) => ({
          role: org % 2 ? 'member' : 'editor',
          org: `o${org + 1}`
        }))
      ]
    })
  ).join('\n')
}
