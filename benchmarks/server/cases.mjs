import { userAt } from './users.mjs'

/** Different requests of a case: enough for no cache to hold them all, few enough to prepare at once. */
const VARIANTS = 500

/** Spreads over all users, whatever their number. */
const spread = (k, count) => userAt((k * 7919) % count)

/**
 * What is measured. `request` makes the k-th request; `emulate` says how the peer takes it, where it has it.
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
    name: 'mint a token',
    request: (k, _, sessionId) => ({ method: 'POST', path: `/v1/sessions/${sessionId}/tokens`, body: {} }),
  },
]

/** The requests of a case as autocannon takes them, each with a key of its own where the peer limits keys. */
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

/** Every request that creates something names something new. */
function fresh(request) {
  return { ...request, body: request.body.replace('[<id>]', `${process.pid}-${created++}`) }
}
