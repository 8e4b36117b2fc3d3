import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { deleted } from '../../kernel/component.js'
import { metadata, shortText } from '../../kernel/schemas.js'
import { me } from '../../resources/me/me.wire.js'
import type { AccountService } from './account.service.js'
import { uploadedImage } from './account.wire.js'

const text = z.string().nullish()

const patchUser = z.object({
  username: text,
  first_name: shortText.nullish(),
  last_name: shortText.nullish(),
  primary_email_address_id: text,
  primary_phone_number_id: text,
  primary_web3_wallet_id: text,
  unsafe_metadata: metadata.nullish(),
})

const patchMetadata = z.object({ unsafe_metadata: metadata })

const endpoint = frontendEndpointFactory<{ account: AccountService }>()
const access = 'session'

export const accountEndpoints = [
  endpoint(
    'PATCH /me',
    {
      operationId: 'patchUser',
      access,
      body: patchUser,
      answer: me,
      removed: { since: '2026-05-12', params: ['unsafe_metadata'] },
    },
    ({ body: { unsafeMetadata, ...profile }, caller, services }) =>
      services.account.update(profile, unsafeMetadata ?? undefined, caller),
  ),

  endpoint('DELETE /me', { operationId: 'deleteUser', access, answer: deleted('user') }, ({ caller, services }) =>
    services.account.delete(caller),
  ),

  endpoint(
    'PATCH /me/metadata',
    { operationId: 'patchUserMetadata', access, body: patchMetadata, answer: me },
    ({ body, caller, services }) => services.account.mergeMetadata(body.unsafeMetadata, caller),
  ),

  endpoint(
    'POST /me/profile_image',
    { operationId: 'updateProfileImage', access, file: true, answer: uploadedImage },
    ({ file, caller, services }) => services.account.setImage(file, caller),
  ),

  endpoint(
    'DELETE /me/profile_image',
    { operationId: 'deleteProfileImage', access, answer: deleted('image') },
    ({ caller, services }) => services.account.deleteImage(caller),
  ),
]
