import type { ExternalAccountJSON, OauthAccessTokenJSON } from '@latchkey/types'
import { z } from 'zod'
import { anyObject, component, milliseconds } from '../../http/components.js'
import type { Shape } from '../../http/validation.js'
import { verification } from '../verifications/verification.schema.js'

export const externalAccount = component(
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
    verification: verification.nullable(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<ExternalAccountJSON>),
)

export const oauthAccessToken = component(
  'OAuthAccessToken',
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
