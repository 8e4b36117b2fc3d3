import { endpointFactory } from '../../http/endpoint.js'
import { user } from '../users/users.wire.js'
import type { UserImageService } from './user-images.service.js'

const endpoint = endpointFactory<{ userImages: UserImageService }>()
const access = 'secret_key'

export const userImageEndpoints = [
  endpoint(
    'POST /users/:user_id/profile_image',
    { operationId: 'SetUserProfileImage', access, file: true, answer: user },
    ({ params, file, caller, services }) => services.userImages.set(params.userId, file, caller),
  ),

  endpoint(
    'DELETE /users/:user_id/profile_image',
    { operationId: 'DeleteUserProfileImage', access, answer: user },
    ({ params, caller, services }) => services.userImages.delete(params.userId, caller),
  ),
]
