import type { ResourceJSON } from './resource.js'

/** A token for a link that lets an organization's administrator set up its enterprise connections. */
export interface AdminPortalLinkTokenJSON extends ResourceJSON<'admin_portal_link_token'> {
  admin_portal_link_id: string
  instance_id: string
  organization_id: string | null
  /** Who the link is for. */
  it_contact_id: string | null
  /** What the link lets its holder do. */
  scopes: string[] | null
  /** Only in the answer to its creation. */
  token?: string
  revoked: boolean
  revocation_reason: string | null
  expired: boolean
  /** Unix milliseconds; null when it does not expire. */
  expiration: number | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface CreateAdminPortalLinkTokenJSON {
  organization_id?: string
  /** Who the link is for. */
  it_contact_id?: string
  /** What the link lets its holder do. */
  scopes?: string[]
  /** 0 to 86400. Default is 3600. */
  seconds_until_expiration?: number
}

export interface RevokeAdminPortalLinkTokenJSON {
  revocation_reason?: string | null
}
