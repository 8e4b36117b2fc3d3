import type { CreateUserJSON, UpdateUserJSON, UserMetadataJSON } from '@latchkey/types'
import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { deleted, type Shape } from '../../kernel/component.js'
import { perParam } from '../../kernel/limits.js'
import { metadata, shortText } from '../../kernel/schemas.js'
import type { NewUserService } from './new-users.service.js'
import type { UserService } from './users.service.js'
import { user } from './users.wire.js'

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

const endpoint = endpointFactory<{ users: UserService; newUsers: NewUserService }>()
const access = 'secret_key'
/** Changes of one user's data and metadata, by any of the three ways. */
const limit = perParam('user_id', 'user changes', 10, 10)

export const userEndpoints = [
  endpoint(
    'POST /users',
    { operationId: 'CreateUser', access, body: createUser, answer: user },
    ({ body, caller, services }) => services.newUsers.create(body, caller),
  ),

  endpoint(
    'PATCH /users/:user_id',
    {
      operationId: 'UpdateUser',
      access,
      body: updateUser,
      answer: user,
      limit,
      removed: { since: '2026-05-12', params: ['public_metadata', 'private_metadata', 'unsafe_metadata'] },
    },
    ({ params, body, caller, services }) => services.users.update(params.userId, body, caller),
  ),

  endpoint(
    'DELETE /users/:user_id',
    { operationId: 'DeleteUser', access, answer: deleted('user') },
    ({ params, caller, services }) => services.users.delete(params.userId, caller),
  ),

  endpoint(
    'PATCH /users/:user_id/metadata',
    { operationId: 'UpdateUserMetadata', access, body: userMetadata, answer: user, limit },
    ({ params, body, caller, services }) => services.users.mergeMetadata(params.userId, body, caller),
  ),

  endpoint(
    'PUT /users/:user_id/metadata',
    { operationId: 'ReplaceUserMetadata', access, body: userMetadata, answer: user, limit },
    ({ params, body, caller, services }) => services.users.replaceMetadata(params.userId, body, caller),
  ),
]
