import type { ExternalAccountJSON, OauthAccessTokenJSON } from '@latchkey/types'
import type { ExternalAccountRecord } from '../../storage/tables.js'
import { toVerificationJSON } from '../verifications/verification.serializer.js'
import type { OpenedTokens } from './provider-tokens.service.js'

/** The tags that accounts of these two providers had from the beginning. */
const tags: Record<string, ExternalAccountJSON['object']> = {
  oauth_google: 'google_account',
  oauth_facebook: 'facebook_account',
}

export function toExternalAccountJSON(account: ExternalAccountRecord): ExternalAccountJSON {
  return {
    id: account.id,
    object: tags[account.provider] ?? 'external_account',
    provider: account.provider,
    identification_id: account.identificationId,
    provider_user_id: account.providerUserId,
    approved_scopes: account.approvedScopes,
    email_address: account.emailAddress,
    email_address_verified: account.emailAddressVerified,
    first_name: account.firstName,
    last_name: account.lastName,
    avatar_url: account.imageUrl ?? '',
    image_url: account.imageUrl ?? '',
    username: account.username,
    phone_number: account.phoneNumber,
    public_metadata: account.publicMetadata,
    label: account.label,
    created_at: account.createdAt,
    updated_at: account.updatedAt,
    verification: toVerificationJSON(account),
  }
}

/** What there is none of is left out. */
export function toOauthAccessTokenJSON({
  account,
  accessToken,
  idToken,
  tokenSecret,
}: OpenedTokens): OauthAccessTokenJSON {
  const scopes = account.approvedScopes.split(' ').filter((scope) => scope !== '')
  return {
    object: 'oauth_access_token',
    external_account_id: account.id,
    provider_user_id: account.providerUserId,
    token: accessToken,
    expires_at: account.tokenExpiresAt,
    provider: account.provider,
    public_metadata: account.publicMetadata,
    label: account.label,
    ...(scopes.length === 0 ? {} : { scopes }),
    ...(idToken === null ? {} : { id_token: idToken }),
    ...(tokenSecret === null ? {} : { token_secret: tokenSecret }),
  }
}
