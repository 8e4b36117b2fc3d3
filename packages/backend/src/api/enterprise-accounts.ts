import type { EnterpriseAccountConnectionJSON, EnterpriseAccountJSON } from '@latchkey/types'
import { toOptionalVerification, type Verification } from './verifications.js'

/** The account of a user at an enterprise's identity provider. */
export interface EnterpriseAccount {
  id: string
  active: boolean
  emailAddress: string
  enterpriseConnection: EnterpriseAccountConnection | null
  firstName: string | null
  lastName: string | null
  /** `oauth` or `saml`. */
  protocol: string
  provider: string
  providerUserId: string | null
  publicMetadata: Record<string, unknown>
  verification: Verification | null
  /** Unix milliseconds. */
  lastAuthenticatedAt: number | null
  enterpriseConnectionId: string | null
}

/** The connection an enterprise account came through, in short. */
export interface EnterpriseAccountConnection {
  id: string
  active: boolean
  allowIdpInitiated: boolean
  allowSubdomains: boolean
  disableAdditionalIdentifications: boolean
  domain: string
  logoPublicUrl: string | null
  name: string
  protocol: string
  provider: string
  syncUserAttributes: boolean
  /** Unix milliseconds. */
  createdAt: number
  /** Unix milliseconds. */
  updatedAt: number
}

/** The API leaves fields out that the SDK's type promises; they stay undefined, as in `@clerk/backend`. */
export function toEnterpriseAccount(json: EnterpriseAccountJSON): EnterpriseAccount {
  const wire = json as Required<EnterpriseAccountJSON>
  return {
    id: wire.id,
    active: wire.active,
    emailAddress: wire.email_address,
    enterpriseConnection: wire.enterprise_connection && toEnterpriseAccountConnection(wire.enterprise_connection),
    firstName: wire.first_name,
    lastName: wire.last_name,
    protocol: wire.protocol,
    provider: wire.provider,
    providerUserId: wire.provider_user_id,
    publicMetadata: wire.public_metadata,
    verification: toOptionalVerification(wire.verification),
    lastAuthenticatedAt: wire.last_authenticated_at,
    enterpriseConnectionId: wire.enterprise_connection_id,
  }
}

function toEnterpriseAccountConnection(json: EnterpriseAccountConnectionJSON): EnterpriseAccountConnection {
  const wire = json as Required<EnterpriseAccountConnectionJSON>
  return {
    id: wire.id,
    active: wire.active,
    allowIdpInitiated: wire.allow_idp_initiated,
    allowSubdomains: wire.allow_subdomains,
    disableAdditionalIdentifications: wire.disable_additional_identifications,
    domain: wire.domain,
    logoPublicUrl: wire.logo_public_url,
    name: wire.name,
    protocol: wire.protocol,
    provider: wire.provider,
    syncUserAttributes: wire.sync_user_attributes,
    createdAt: wire.created_at,
    updatedAt: wire.updated_at,
  }
}
