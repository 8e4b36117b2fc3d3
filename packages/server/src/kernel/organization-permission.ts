/** What a person needs in an organization: any role in it, or a role with one of these permissions. */
export type OrganizationPermission = 'member' | readonly `org:sys_${string}:${string}`[]
