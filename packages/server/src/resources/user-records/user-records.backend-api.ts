import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { totalCount } from '../../kernel/component.js'
import { pageQuery } from '../../kernel/page.js'
import { texts, time } from '../../kernel/schemas.js'
import { user } from '../users/users.wire.js'
import type { UserRecords } from './user-records.service.js'

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

const endpoint = endpointFactory<{ userRecords: UserRecords }>()
const access = 'secret_key'

export const userRecordEndpoints = [
  endpoint(
    'GET /users',
    { operationId: 'GetUserList', access, query: listQuery, answer: user, list: 'array' },
    async ({ query: { limit, offset, startingAfter, orderBy, ...filter }, services }) => {
      const data = await services.userRecords.list(filter, { limit, offset, startingAfter, orderBy })
      return { data, totalCount: data.length }
    },
  ),

  endpoint(
    'GET /users/count',
    { operationId: 'GetUsersCount', access, query: z.object(filterQuery), answer: totalCount },
    ({ query, services }) => services.userRecords.count(query),
  ),

  endpoint('GET /users/:user_id', { operationId: 'GetUser', access, answer: user }, ({ params, services }) =>
    services.userRecords.get(params.userId),
  ),
]
