import type { IdPOAuthAccessTokenJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, milliseconds, type Shape } from '../../kernel/component.js'

const schema = component(
  'OAuthAccessToken',
  z.object({
    object: z.literal('clerk_idp_oauth_access_token'),
    id: z.string(),
    client_id: z.string(),
    /** Id of a user. */
    subject: z.string(),
    scopes: z.array(z.string()),
    revoked: z.boolean(),
    revocation_reason: z.string().nullable(),
    expired: z.boolean(),
    expiration: milliseconds.nullable(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<Omit<IdPOAuthAccessTokenJSON, 'type'>>),
)

/** A token that is valid: one that is revoked or expired is never shown. */
export interface ValidAccessToken {
  id: string
  clientId: string
  userId: string
  scopes: string[]
  expiresAt: number | null
  createdAt: number
  updatedAt: number
}

/** A token, or what is said of an expired JWT. */
export const verifiedAccessToken = {
  schema: z.union([schema, component('InactiveOAuthAccessToken', z.object({ active: z.literal(false) }))]),
  toJSON: (token: ValidAccessToken | 'expired') =>
    token === 'expired'
      ? { active: false }
      : ({
          object: 'clerk_idp_oauth_access_token',
          id: token.id,
          client_id: token.clientId,
          subject: token.userId,
          scopes: token.scopes,
          revoked: false,
          revocation_reason: null,
          expired: false,
          expiration: token.expiresAt,
          created_at: token.createdAt,
          updated_at: token.updatedAt,
        } satisfies IdPOAuthAccessTokenJSON),
}
