import type { OrganizationDomainJSON, OrganizationDomainVerificationJSON } from '@latchkey/types'
import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import {
  publicOrganizationData,
  toPublicOrganizationJSON,
} from '../organization-invitations/organization-invitations.wire.js'
import type { OrganizationDomain } from './organization-domains.rules.js'

const verification = component(
  'OrganizationDomainVerification',
  z.object({
    status: z.enum(['unverified', 'verified', 'expired']),
    strategy: z.string(),
    attempts: z.int().min(0).nullable(),
    expire_at: milliseconds.nullable(),
    expires_at: milliseconds.nullable(),
    verified_at: milliseconds.nullable(),
  } satisfies Shape<OrganizationDomainVerificationJSON>),
)

const schema = component(
  'OrganizationDomain',
  z.object({
    object: z.literal('organization_domain'),
    id: z.string(),
    organization_id: z.string(),
    name: z.string(),
    enrollment_mode: z.enum(['manual_invitation', 'automatic_invitation', 'automatic_suggestion', 'enterprise_sso']),
    affiliation_email_address: z.string().nullable(),
    affiliation_verification: verification.nullable(),
    ownership_verification: verification.nullable(),
    verification: verification.nullable(),
    total_pending_invitations: z.int().min(0),
    total_pending_suggestions: z.int().min(0),
    public_organization_data: publicOrganizationData,
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<OrganizationDomainJSON>),
)

/** `verification` is what `affiliation_verification` was once called. */
export const organizationDomain = {
  schema,
  toJSON: (domain: OrganizationDomain, context: WireContext) => {
    const now = context.clock.now()
    const affiliation = toVerificationJSON({
      strategy: domain.affiliationStrategy,
      verified: domain.verified,
      attempts: domain.affiliationAttempts,
      expireAt: domain.affiliationExpireAt,
      verifiedAt: null,
      now,
    })
    return toWire(schema, domain, {
      object: 'organization_domain',
      affiliation_verification: affiliation,
      verification: affiliation,
      ownership_verification: toVerificationJSON({
        strategy: domain.ownershipStrategy,
        verified: domain.ownershipVerifiedAt !== null,
        attempts: domain.ownershipAttempts,
        expireAt: domain.ownershipExpireAt,
        verifiedAt: domain.ownershipVerifiedAt,
        now,
      }),
      public_organization_data: toPublicOrganizationJSON(domain.organization, context),
    })
  },
}

function toVerificationJSON(proof: {
  strategy: string | null
  verified: boolean
  attempts: number | null
  expireAt: number | null
  verifiedAt: number | null
  now: number
}): z.output<typeof verification> | null {
  if (proof.strategy === null) return null
  const expired = proof.expireAt !== null && proof.expireAt <= proof.now
  return {
    status: proof.verified ? 'verified' : expired ? 'expired' : 'unverified',
    strategy: proof.strategy,
    attempts: proof.attempts,
    expire_at: proof.expireAt,
    expires_at: proof.expireAt,
    verified_at: proof.verifiedAt,
  }
}
