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

const assigning = [
  {
    path: 'roles.owner.assigns[0]',
    reason: 'Members own private things that an owner does not touch; an owner makes members all the same.'
  },
  {
    path: 'roles.user-admin.assigns[0]',
    reason: 'Admission is the work of a user admin: members get what is their own, not what is of others.'
  },
  {
    path: 'roles.user-admin.assigns[1]',
    reason: 'Admission to an organization: members get what is their own there.'
  },
  { path: 'roles.user-admin.assigns[2]', reason: 'Gives conversations of their own, and no others.' },
  {
    path: 'roles.organization-admin.assigns[5]',
    reason: 'Members may enter their own workspaces, which an admin may not, and own what is added tomorrow.'
  },
  {
    path: 'roles.organization-user-admin.assigns[0]',
    reason: 'Admission to an organization: members get what is their own there.'
  },
  {
    path: 'roles.organization-user-admin.assigns[1]',
    reason: 'Gives conversations of their own, and no others.'
  },
  {
    path: 'systemSubjects.prebuilds-orchestrator.assigns[0]',
    reason: 'It makes itself a member where workspaces are built ahead of demand.'
  },
  {
    path: 'systemSubjects.system.assigns[0]',
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
    ...assigning.map((found) => ({ rule: 'over-assigning-role', ...found })),
    ...asleep,
    {
      rule: 'shadowed-grant',
      path: 'roles.organization-member.variants[0].grants.orgMember.deny.workspace',
      reason:
        'Both settings that limit sharing say it of own workspaces, so that neither hangs on the other line.'
    }
  ]
}
