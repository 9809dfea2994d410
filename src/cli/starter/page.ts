// The page of matrices that `casemate init` writes: for every permission, who has it and who does not.

export const pageText: string = `# Who may do what

Every \`yes\` and every \`no\` is checked for all objects that it is about, not for an example: \`own\` are the subject's own,
\`other\` those of somebody else, \`own org\` those in an organization where the subject holds the role.

## \`project\`

| Subject          | Create (own org) | Read (own org) | Update (own, own org) | Update (other, own org) | Delete (own, own org) | Delete (other, own org) |
| ---------------- | ---------------- | -------------- | --------------------- | ----------------------- | --------------------- | ----------------------- |
| owner            | yes              | yes            | yes                   | yes                     | yes                   | yes                     |
| member           | yes              | yes            | yes                   | no                      | yes                   | no                      |
| auditor          | no               | yes            | no                    | no                      | no                    | no                      |
| member + auditor | yes              | yes            | yes                   | no                      | yes                   | no                      |

Services are in no organization: what they may do, they may do in all of them.

| Subject         | Create (all) | Read (all) | Update (all) | Delete (all) |
| --------------- | ------------ | ---------- | ------------ | ------------ |
| system:recorder | no           | no         | no           | no           |

## \`audit_log\`

| Subject         | Create (all) | Read (own org) | Read (other org) |
| --------------- | ------------ | -------------- | ---------------- |
| owner           | no           | yes            | no               |
| member          | no           | no             | no               |
| auditor         | no           | yes            | no               |
| system:recorder | yes          | no             | no               |

## Who gives roles

| Subject | Assign owner (own org) | Assign member (own org) | Assign auditor (own org) |
| ---------------- | ---------------------- | ----------------------- | ------------------------ |
| owner            | yes                    | yes                     | yes                      |
| member           | no                     | no                      | no                       |
| auditor          | no                     | no                      | no                       |

| Subject         | Assign owner | Assign member | Assign auditor |
| --------------- | ------------ | ------------- | -------------- |
| system:recorder | no           | no            | no             |
`
