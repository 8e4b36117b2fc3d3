import type { UserIdsJSON } from '@latchkey/types'
import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import type { Shape } from '../../kernel/component.js'
import { arrayOf } from '../../kernel/wire.js'
import { user } from '../users/users.wire.js'
import type { UserRestrictionService } from './user-restrictions.service.js'

const userIds = z.object({ user_ids: z.array(z.string()).min(1).max(50) } satisfies Shape<UserIdsJSON>)

const endpoint = endpointFactory<{ userRestrictions: UserRestrictionService }>()
const access = 'secret_key'

export const userRestrictionEndpoints = [
  endpoint(
    'POST /users/:user_id/ban',
    { operationId: 'BanUser', access, answer: user },
    ({ params, caller, services }) => services.userRestrictions.ban(params.userId, caller),
  ),

  endpoint(
    'POST /users/:user_id/unban',
    { operationId: 'UnbanUser', access, answer: user },
    ({ params, caller, services }) => services.userRestrictions.unban(params.userId, caller),
  ),

  endpoint(
    'POST /users/ban',
    { operationId: 'UsersBan', access, body: userIds, answer: arrayOf(user) },
    ({ body, caller, services }) => services.userRestrictions.banAll(body.userIds, caller),
  ),

  endpoint(
    'POST /users/unban',
    { operationId: 'UsersUnban', access, body: userIds, answer: arrayOf(user) },
    ({ body, caller, services }) => services.userRestrictions.unbanAll(body.userIds, caller),
  ),

  endpoint(
    'POST /users/:user_id/lock',
    { operationId: 'LockUser', access, answer: user },
    ({ params, caller, services }) => services.userRestrictions.lock(params.userId, caller),
  ),

  endpoint(
    'POST /users/:user_id/unlock',
    { operationId: 'UnlockUser', access, answer: user },
    ({ params, caller, services }) => services.userRestrictions.unlock(params.userId, caller),
  ),
]
