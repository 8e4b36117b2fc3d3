/** The roles of creators and new members are not here: the initial role set has them. */
export interface OrganizationSettings {
  enabled: boolean
  /** 0: unlimited. */
  maxAllowedMemberships: number
  adminDeleteEnabled: boolean
  domainsEnabled: boolean
  slugDisabled: boolean
  domainsEnrollmentModes: ('manual_invitation' | 'automatic_invitation' | 'automatic_suggestion')[]
  /** How many roles the instance can have. */
  maxAllowedRoles: number
  maxRoleSetsAllowed: number
  /** How many domains an organization can have. */
  maxAllowedDomains: number
  /** How many organizations a user may create who has no limit of their own. 0: unlimited. */
  creationLimit: number
  /** A user can be a member of one organization only. */
  exclusiveMembership: boolean
  /** Off: a user is always a member of some organization. */
  personalAccountsEnabled: boolean
}

export const defaultOrganizations: OrganizationSettings = {
  enabled: false,
  maxAllowedMemberships: 5,
  adminDeleteEnabled: true,
  domainsEnabled: false,
  slugDisabled: false,
  domainsEnrollmentModes: [],
  maxAllowedRoles: 10,
  maxRoleSetsAllowed: 100,
  maxAllowedDomains: 10,
  creationLimit: 100,
  exclusiveMembership: false,
  personalAccountsEnabled: true,
}
