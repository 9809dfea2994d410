// The roles that come with something and are given by nobody in particular: which ones is a part of the policy, and who
// serves it names none of them.

/** What an account, a membership, and the first account of a deployment come with. */
export const standingRoles = {
  account: 'member',
  membership: 'organization-member',
  serviceAccountMembership: 'organization-service-account',
  firstAccount: 'owner'
} as const
