import type { CreateUserJSON, UpdateUserJSON, UserIdsJSON, UserMetadataJSON } from '@latchkey/types'
import { z } from 'zod'
import { endpoint, type Endpoint } from '../../endpoint.js'
import { deletedObject, totalCount } from '../../http/components.js'
import { pageQuery } from '../../http/pagination.js'
import { metadata, shortText, texts, time } from '../../http/schemas.js'
import type { Shape } from '../../http/validation.js'
import { errors } from '../../http/errors.js'
import { parseOrder, type UserFilter } from './users.filter.js'
import { user } from './users.schema.js'
import { toUserJSON } from './users.serializer.js'
import type { ProfileInput } from './prepare-user.js'

const filterQuery = {
  email_address: texts.optional(),
  phone_number: texts.optional(),
  external_id: texts.optional(),
  username: texts.optional(),
  web3_wallet: texts.optional(),
  user_id: texts.optional(),
  organization_id: texts.optional(),
  query: z.string().max(256).optional(),
  email_address_query: z.string().max(256).optional(),
  phone_number_query: z.string().max(256).optional(),
  username_query: z.string().max(256).optional(),
  name_query: z.string().max(256).optional(),
  banned: z.boolean().optional(),
  last_active_at_before: time.optional(),
  last_active_at_after: time.optional(),
  last_active_at_since: time.optional(),
  created_at_before: time.optional(),
  created_at_after: time.optional(),
  last_sign_in_at_before: time.optional(),
  last_sign_in_at_after: time.optional(),
  provider: z.string().max(256).optional(),
  provider_user_id: texts.optional(),
}

const listQuery = z.object({
  ...filterQuery,
  ...pageQuery,
  starting_after: z.string().min(1).optional(),
  order_by: z.string().optional(),
})

const writable = {
  external_id: shortText.nullish(),
  first_name: shortText.nullish(),
  last_name: shortText.nullish(),
  locale: z.string().max(64).nullish(),
  username: z.string().nullish(),
  password: z.string().max(4096).nullish(),
  password_digest: z.string().max(4096).nullish(),
  password_hasher: z.string().optional(),
  skip_password_checks: z.boolean().nullish(),
  totp_secret: z.string().max(1024).nullish(),
  backup_codes: z.array(z.string()).optional(),
  public_metadata: metadata.optional(),
  private_metadata: metadata.optional(),
  unsafe_metadata: metadata.optional(),
  delete_self_enabled: z.boolean().nullish(),
  create_organization_enabled: z.boolean().nullish(),
  create_organizations_limit: z.int().min(0).nullish(),
  legal_accepted_at: z.string().nullish(),
  skip_legal_checks: z.boolean().nullish(),
  created_at: z.string().nullish(),
  bypass_client_trust: z.boolean().nullish(),
}

const identificationStatuses = z.array(z.enum(['verified', 'reserved'])).optional()

const createUser = z.object({
  ...writable,
  email_address: z.array(z.string()).max(100).optional(),
  email_address_identification_status: identificationStatuses,
  phone_number: z.array(z.string()).max(100).optional(),
  phone_number_identification_status: identificationStatuses,
  web3_wallet: z.array(z.string()).max(100).optional(),
  skip_password_requirement: z.boolean().nullish(),
  skip_user_requirement: z.boolean().nullish(),
  banned: z.boolean().nullish(),
  locked: z.boolean().nullish(),
} satisfies Shape<CreateUserJSON>)

const updateUser = z.object({
  ...writable,
  primary_email_address_id: z.string().nullish(),
  notify_primary_email_address_changed: z.boolean().nullish(),
  primary_phone_number_id: z.string().nullish(),
  primary_web3_wallet_id: z.string().nullish(),
  profile_image_id: z.string().nullish(),
  sign_out_of_other_sessions: z.boolean().nullish(),
} satisfies Shape<UpdateUserJSON>)

const userMetadata = z.object({
  public_metadata: metadata.optional(),
  private_metadata: metadata.optional(),
  unsafe_metadata: metadata.optional(),
} satisfies Shape<UserMetadataJSON>)

const userIds = z.object({ user_ids: z.array(z.string()).min(1).max(50) } satisfies Shape<UserIdsJSON>)

export const userEndpoints: Endpoint[] = [
  endpoint(
    'GET /users',
    { operationId: 'GetUserList', access: 'secret_key', response: user, query: listQuery, list: 'array' },
    async ({ query, services: { users, context } }) => {
      const page = { limit: query.limit, offset: query.offset, startingAfter: query.starting_after }
      const list = await users.list(toFilter(query), parseOrder(query.order_by), page)
      return { data: list.map((item) => toUserJSON(item, context)), totalCount: list.length }
    },
  ),

  endpoint(
    'POST /users',
    { operationId: 'CreateUser', access: 'secret_key', response: user, body: createUser },
    async ({ body, services: { users, context } }) =>
      toUserJSON(
        await users.create({
          ...toProfile(body),
          emailAddresses: body.email_address,
          emailAddressStatuses: body.email_address_identification_status,
          phoneNumbers: body.phone_number,
          phoneNumberStatuses: body.phone_number_identification_status,
          web3Wallets: body.web3_wallet,
          skipPasswordRequirement: body.skip_password_requirement,
          skipUserRequirement: body.skip_user_requirement,
          banned: body.banned,
          locked: body.locked,
        }),
        context,
      ),
  ),

  endpoint(
    'GET /users/count',
    { operationId: 'GetUsersCount', access: 'secret_key', response: totalCount, query: z.object(filterQuery) },
    async ({ query, services: { users } }) => ({
      object: 'total_count',
      total_count: await users.count(toFilter(query)),
    }),
  ),

  endpoint(
    'GET /users/:user_id',
    { operationId: 'GetUser', access: 'secret_key', response: user },
    async ({ params, services: { users, context } }) => toUserJSON(await users.get(params.user_id), context),
  ),

  endpoint(
    'PATCH /users/:user_id',
    {
      operationId: 'UpdateUser',
      access: 'secret_key',
      response: user,
      body: updateUser,
      removed: { since: '2026-05-12', params: ['public_metadata', 'private_metadata', 'unsafe_metadata'] },
    },
    async ({ params, body, services: { users, context } }) =>
      toUserJSON(
        await users.update(params.user_id, {
          ...toProfile(body),
          primaryEmailAddressId: body.primary_email_address_id,
          notifyPrimaryEmailAddressChanged: body.notify_primary_email_address_changed,
          primaryPhoneNumberId: body.primary_phone_number_id,
          primaryWeb3WalletId: body.primary_web3_wallet_id,
          profileImageId: body.profile_image_id,
          signOutOfOtherSessions: body.sign_out_of_other_sessions,
        }),
        context,
      ),
  ),

  endpoint(
    'DELETE /users/:user_id',
    { operationId: 'DeleteUser', access: 'secret_key', response: deletedObject },
    async ({ params, services: { users } }) => {
      const { id, externalId } = await users.delete(params.user_id)
      return { object: 'user', id, deleted: true, ...(externalId === null ? {} : { external_id: externalId }) }
    },
  ),

  endpoint(
    'PATCH /users/:user_id/metadata',
    { operationId: 'UpdateUserMetadata', access: 'secret_key', response: user, body: userMetadata },
    async ({ params, body, services: { users, context } }) =>
      toUserJSON(await users.mergeMetadata(params.user_id, toMetadata(body)), context),
  ),

  endpoint(
    'PUT /users/:user_id/metadata',
    { operationId: 'ReplaceUserMetadata', access: 'secret_key', response: user, body: userMetadata },
    async ({ params, body, services: { users, context } }) =>
      toUserJSON(await users.replaceMetadata(params.user_id, toMetadata(body)), context),
  ),

  endpoint(
    'POST /users/:user_id/ban',
    { operationId: 'BanUser', access: 'secret_key', response: user },
    async ({ params, services: { userRestrictions, context } }) =>
      toUserJSON(await userRestrictions.ban(params.user_id), context),
  ),

  endpoint(
    'POST /users/:user_id/unban',
    { operationId: 'UnbanUser', access: 'secret_key', response: user },
    async ({ params, services: { userRestrictions, context } }) =>
      toUserJSON(await userRestrictions.unban(params.user_id), context),
  ),

  endpoint(
    'POST /users/ban',
    { operationId: 'UsersBan', access: 'secret_key', response: z.array(user), body: userIds },
    async ({ body, services: { userRestrictions, context } }) =>
      (await userRestrictions.banAll(body.user_ids)).map((item) => toUserJSON(item, context)),
  ),

  endpoint(
    'POST /users/unban',
    { operationId: 'UsersUnban', access: 'secret_key', response: z.array(user), body: userIds },
    async ({ body, services: { userRestrictions, context } }) =>
      (await userRestrictions.unbanAll(body.user_ids)).map((item) => toUserJSON(item, context)),
  ),

  endpoint(
    'POST /users/:user_id/lock',
    { operationId: 'LockUser', access: 'secret_key', response: user },
    async ({ params, services: { userRestrictions, context } }) =>
      toUserJSON(await userRestrictions.lock(params.user_id), context),
  ),

  endpoint(
    'POST /users/:user_id/unlock',
    { operationId: 'UnlockUser', access: 'secret_key', response: user },
    async ({ params, services: { userRestrictions, context } }) =>
      toUserJSON(await userRestrictions.unlock(params.user_id), context),
  ),
]

/** @throws {ApiError} 422 when one of `provider` and `provider_user_id` comes without the other */
function toFilter(
  query: Omit<z.output<typeof listQuery>, 'limit' | 'offset' | 'starting_after' | 'order_by'>,
): UserFilter {
  if (query.provider !== undefined && query.provider_user_id === undefined)
    throw errors.conditionalParamMissing('provider_user_id', 'provider')
  if (query.provider === undefined && query.provider_user_id !== undefined)
    throw errors.conditionalParamMissing('provider', 'provider_user_id')
  return {
    emailAddress: query.email_address,
    phoneNumber: query.phone_number,
    externalId: query.external_id,
    username: query.username,
    web3Wallet: query.web3_wallet,
    userId: query.user_id,
    organizationId: query.organization_id,
    query: query.query,
    emailAddressQuery: query.email_address_query,
    phoneNumberQuery: query.phone_number_query,
    usernameQuery: query.username_query,
    nameQuery: query.name_query,
    banned: query.banned,
    lastActiveAtBefore: query.last_active_at_before,
    lastActiveAtAfter: query.last_active_at_after,
    lastActiveAtSince: query.last_active_at_since,
    createdAtBefore: query.created_at_before,
    createdAtAfter: query.created_at_after,
    lastSignInAtBefore: query.last_sign_in_at_before,
    lastSignInAtAfter: query.last_sign_in_at_after,
    provider: query.provider,
    providerUserId: query.provider_user_id,
  }
}

const writableUser = z.object(writable)

function toProfile(body: z.output<typeof writableUser>): ProfileInput {
  return {
    ...toMetadata(body),
    externalId: body.external_id,
    firstName: body.first_name,
    lastName: body.last_name,
    locale: body.locale,
    username: body.username,
    password: body.password,
    passwordDigest: body.password_digest,
    passwordHasher: body.password_hasher,
    skipPasswordChecks: body.skip_password_checks,
    totpSecret: body.totp_secret,
    backupCodes: body.backup_codes,
    deleteSelfEnabled: body.delete_self_enabled,
    createOrganizationEnabled: body.create_organization_enabled,
    createOrganizationsLimit: body.create_organizations_limit,
    bypassClientTrust: body.bypass_client_trust,
    legalAcceptedAt: body.legal_accepted_at,
    createdAt: body.created_at,
  }
}

function toMetadata(body: z.output<typeof userMetadata>) {
  return {
    publicMetadata: body.public_metadata,
    privateMetadata: body.private_metadata,
    unsafeMetadata: body.unsafe_metadata,
  }
}
