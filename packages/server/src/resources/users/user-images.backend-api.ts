import { endpoint, type Endpoint } from '../../endpoint.js'
import { user } from './users.schema.js'
import { toUserJSON } from './users.serializer.js'

export const userImageEndpoints: Endpoint[] = [
  endpoint(
    'POST /users/:user_id/profile_image',
    { operationId: 'SetUserProfileImage', access: 'secret_key', response: user, file: true },
    async ({ params, file, services: { userImages, context } }) =>
      toUserJSON(await userImages.set(params.user_id, file), context),
  ),

  endpoint(
    'DELETE /users/:user_id/profile_image',
    { operationId: 'DeleteUserProfileImage', access: 'secret_key', response: user },
    async ({ params, services: { userImages, context } }) =>
      toUserJSON(await userImages.delete(params.user_id), context),
  ),
]
