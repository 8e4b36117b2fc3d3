import type { EnterpriseAccountConnectionJSON, EnterpriseAccountJSON, Metadata } from '@latchkey/types'
import type { Resource, Translated } from './resource.js'
import type { Verification } from './verifications.js'

/** The account of a user at an enterprise's identity provider. */
export interface EnterpriseAccount extends Resource<EnterpriseAccountJSON> {
  protocol: 'oauth' | 'saml'
  providerUserId: string | null
  firstName: string | null
  lastName: string | null
  publicMetadata: Metadata
  verification: Verification | null
  /** Unix milliseconds. */
  lastAuthenticatedAt: number | null
  enterpriseConnectionId: string | null
  enterpriseConnection: EnterpriseAccountConnection | null
}

/** Summary of the connection that an enterprise account was created through. */
export interface EnterpriseAccountConnection extends Translated<EnterpriseAccountConnectionJSON> {
  domain: string
}
