import type { ExternalAccountJSON, OauthAccessTokenJSON } from '@latchkey/types'
import { z } from 'zod'
import { anyObject, component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import { toVerificationJSON, verificationSchema } from '../verifications/verifications.wire.js'
import type { ExternalAccountRecord } from './external-accounts.table.js'

const externalAccountSchema = component(
  'ExternalAccount',
  z.object({
    object: z.enum(['external_account', 'facebook_account', 'google_account']),
    id: z.string(),
    provider: z.string(),
    external_account_id: z.never().optional(),
    identification_id: z.string(),
    provider_user_id: z.string(),
    approved_scopes: z.string(),
    email_address: z.string(),
    email_address_verified: z.boolean().nullable(),
    first_name: z.string(),
    last_name: z.string(),
    avatar_url: z.string(),
    image_url: z.string(),
    username: z.string().nullable(),
    phone_number: z.string().nullable(),
    public_metadata: anyObject,
    label: z.string().nullable(),
    verification: verificationSchema.nullable(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<ExternalAccountJSON>),
)

const oauthAccessTokenSchema = component(
  'ExternalAccountToken',
  z.object({
    object: z.literal('oauth_access_token'),
    external_account_id: z.string(),
    provider_user_id: z.string(),
    token: z.string(),
    provider: z.string(),
    public_metadata: anyObject,
    label: z.string().nullable(),
    scopes: z.array(z.string()).optional(),
    id_token: z.string().optional(),
    token_secret: z.string().optional(),
    expires_at: milliseconds.nullable(),
  } satisfies Shape<OauthAccessTokenJSON>),
)

/** The tags that accounts of these two providers had from the beginning. */
const tags: Record<string, ExternalAccountJSON['object']> = {
  oauth_google: 'google_account',
  oauth_facebook: 'facebook_account',
}

export const externalAccount = {
  schema: externalAccountSchema,
  toJSON: (account: ExternalAccountRecord): ExternalAccountJSON =>
    toWire(externalAccountSchema, account, {
      object: tags[account.provider] ?? 'external_account',
      external_account_id: undefined,
      avatar_url: account.imageUrl ?? '',
      image_url: account.imageUrl ?? '',
      verification: toVerificationJSON(account),
    }),
}

/** An account with its tokens in plain text. */
export interface OpenedTokens {
  account: ExternalAccountRecord
  accessToken: string
  idToken: string | null
  tokenSecret: string | null
}

/** Fields without a value are left out. */
export const oauthAccessToken = {
  schema: oauthAccessTokenSchema,
  toJSON: ({ account, accessToken, idToken, tokenSecret }: OpenedTokens): OauthAccessTokenJSON => {
    const scopes = account.approvedScopes.split(' ').filter((scope) => scope !== '')
    return toWire(oauthAccessTokenSchema, account, {
      object: 'oauth_access_token',
      external_account_id: account.id,
      token: accessToken,
      expires_at: account.tokenExpiresAt,
      scopes: scopes.length === 0 ? undefined : scopes,
      id_token: idToken ?? undefined,
      token_secret: tokenSecret ?? undefined,
    })
  },
}
