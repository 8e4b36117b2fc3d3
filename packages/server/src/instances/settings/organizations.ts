export interface OrganizationSettings {
  enabled: boolean
  /** 0: unlimited. */
  maxAllowedMemberships: number
  adminDeleteEnabled: boolean
  domainsEnabled: boolean
  slugDisabled: boolean
  domainsEnrollmentModes: ('manual_invitation' | 'automatic_invitation' | 'automatic_suggestion')[]
  creatorRole: string
  domainsDefaultRole: string
}

export const defaultOrganizations: OrganizationSettings = {
  enabled: false,
  maxAllowedMemberships: 5,
  adminDeleteEnabled: true,
  domainsEnabled: false,
  slugDisabled: false,
  domainsEnrollmentModes: [],
  creatorRole: 'org:admin',
  domainsDefaultRole: 'org:member',
}
