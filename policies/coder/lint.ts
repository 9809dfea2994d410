// What the linter finds in this policy and is meant to be, each with its reason. The reasons are part of the policy:
// whoever changes one of these lines reads here what it relies on.

const wildcards = [
  {
    path: 'roles.owner.grants.site.allow.*',
    reason:
      'An owner runs the deployment, whatever it comes to consist of; what is private is taken out by name.'
  },
  {
    path: 'roles.member.grants.user.allow.*',
    reason: 'What somebody owns outside any organization is theirs, whatever it is.'
  },
  {
    path: 'roles.organization-admin.grants.org.allow.*',
    reason: 'An organization admin runs the organization, whatever comes to live in it.'
  },
  {
    path: 'roles.organization-member.grants.orgMember.allow.*',
    reason: 'What a member owns in the organization is theirs, whatever it is.'
  },
  {
    path: 'roles.organization-service-account.grants.orgMember.allow.*',
    reason: 'A service account works as a member does.'
  },
  {
    path: 'systemSubjects.system.grants.site.allow.*',
    reason: 'The servers read what they serve, and it is only reading.'
  }
] as const

/** What is named in no role of people is what the deployment itself keeps, or what is somebody's own. */
const alone = [
  'roles.owner.grants.site.allow.*',
  'roles.member.grants.user.allow.*',
  'roles.organization-admin.grants.org.allow.*',
  'roles.organization-member.grants.orgMember.allow.*',
  'roles.organization-service-account.grants.orgMember.allow.*'
]

const tenants = [
  {
    path: 'roles.organization-admin.grants.site.allow',
    reason: 'Accounts are in no organization, and whoever admits people sees who there is.'
  },
  {
    path: 'roles.organization-user-admin.grants.site.allow',
    reason: 'Accounts are in no organization, and whoever admits people sees who there is.'
  }
] as const

const assigning = [
  {
    path: 'roles.owner.assigns[*]',
    reason: 'Members own private things that an owner does not touch; an owner makes members all the same.'
  },
  {
    path: 'roles.user-admin.assigns[member]',
    reason: 'Admission is the work of a user admin: members get what is their own, not what is of others.'
  },
  {
    path: 'roles.user-admin.assigns[organization-member]',
    reason: 'Admission to an organization: members get what is their own there.'
  },
  {
    path: 'roles.user-admin.assigns[agents-access]',
    reason: 'Gives conversations of their own, and no others.'
  },
  {
    path: 'roles.organization-admin.assigns[organization-member]',
    reason: 'Members may enter their own workspaces, which an admin may not, and own what is added tomorrow.'
  },
  {
    path: 'roles.organization-user-admin.assigns[organization-member]',
    reason: 'Admission to an organization: members get what is their own there.'
  },
  {
    path: 'roles.organization-user-admin.assigns[agents-access]',
    reason: 'Gives conversations of their own, and no others.'
  },
  {
    path: 'systemSubjects.prebuilds-orchestrator.assigns[organization-member]',
    reason: 'It makes itself a member where workspaces are built ahead of demand.'
  },
  {
    path: 'systemSubjects.system.assigns[*]',
    reason: 'Roles come from identity providers too, and the servers pass them on.'
  }
] as const

const asleep = ['start', 'ssh', 'application_connect', 'share'].map((action) => ({
  rule: 'unheld-permission',
  path: `resources.workspace_dormant.actions.${action}`,
  reason: 'What is asleep has every action of a workspace and is woken first: nobody may do this one.'
}))

export const lint: {
  readonly ignore: readonly { readonly rule: string; readonly path: string; readonly reason: string }[]
} = {
  ignore: [
    ...wildcards.map((found) => ({ rule: 'future-wildcard', ...found })),
    ...wildcards
      .filter(({ path }) => alone.includes(path))
      .map((found) => ({ rule: 'held-by-wildcard', ...found })),
    ...tenants.map((found) => ({ rule: 'cross-tenant-role', ...found })),
    ...assigning.map((found) => ({ rule: 'over-assigning-role', ...found })),
    ...asleep,
    {
      rule: 'shadowed-grant',
      path: 'roles.organization-member.variants[shareableWorkspaceOwners = none].grants.orgMember.deny.workspace',
      reason:
        'Both settings that limit sharing say it of own workspaces, so that neither hangs on the other line.'
    },
    {
      rule: 'overruled-deny',
      path: 'roles.organization-member.variants[shareableWorkspaceOwners = service_accounts].grants.orgMember.deny.workspace',
      reason: 'The setting is for members: an organization admin shares the workspaces of everybody.'
    }
  ]
}
