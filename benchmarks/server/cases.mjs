import { userAt } from './users.mjs'

/** Number of different requests of a case: too many for a cache to hold all, few enough to prepare in advance. */
const VARIANTS = 500

/** Spreads the requests over all users. */
const spread = (k, count) => userAt((k * 7919) % count)

/**
 * The measured cases. `request` creates the k-th request; `emulate` is its form for the peer, if the peer supports it.
 */
export const cases = [
  { name: 'GET user', request: (k, count) => ({ path: `/v1/users/${spread(k, count).id}` }), peer: true },
  { name: 'first page', request: () => ({ path: '/v1/users' }), peer: true },
  { name: 'cursor page', request: (k, count) => ({ path: `/v1/users?starting_after=${spread(k, count).id}` }) },
  { name: 'e-mail filter', request: (k, count) => ({ path: `/v1/users?email_address=${spread(k, count).email}` }) },
  { name: 'count', request: () => ({ path: '/v1/users/count' }) },
  { name: 'query, one match', request: (k, count) => ({ path: `/v1/users?query=needle${(k * 7919) % count}x` }) },
  { name: 'query, half match', request: () => ({ path: '/v1/users?query=example.com' }) },
  {
    name: 'create user',
    request: (k) => ({
      method: 'POST',
      path: '/v1/users',
      body: { first_name: 'Ada', email_address: [`${k}-[<id>]@new.test`] },
    }),
    peer: true,
    unique: true,
  },
  {
    name: 'update user',
    request: (k, count) => ({
      method: 'PATCH',
      path: `/v1/users/${spread(k, count).id}`,
      body: { first_name: 'Ada [<id>]' },
    }),
    unique: true,
  },
  {
    name: 'create session',
    request: (k, count) => ({ method: 'POST', path: '/v1/sessions', body: { user_id: spread(k, count).id } }),
  },
  {
    name: 'mint a token',
    request: (k, _, sessionId) => ({ method: 'POST', path: `/v1/sessions/${sessionId}/tokens`, body: {} }),
  },
]

/** The requests of a case in autocannon's format. Each has its own key if the peer limits requests per key. */
export function requestsOf({ request, unique }, { count, sessionId, key }) {
  return Array.from({ length: VARIANTS }, (_, k) => {
    const { method = 'GET', path, body } = request(k, count, sessionId)
    return {
      method,
      path,
      headers: { authorization: `Bearer ${key(k)}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
      ...(unique ? { setupRequest: fresh } : {}),
    }
  })
}

let created = 0

/** Gives each request that creates something a new name. */
function fresh(request) {
  return { ...request, body: request.body.replace('[<id>]', `${process.pid}-${created++}`) }
}
