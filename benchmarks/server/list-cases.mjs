import { userAt } from './users.mjs'

const USER_ORDERS = [
  'created_at',
  'updated_at',
  'email_address',
  'web3wallet',
  'first_name',
  'last_name',
  'phone_number',
  'username',
  'last_active_at',
  'last_sign_in_at',
]
const MEMBER_ORDERS = ['phone_number', 'email_address', 'first_name', 'last_name', 'username']

/** The organization that everybody is a member of; the others have no members. */
export const BIG = 'org_000000000000000000000000000'
export const organizationAt = (n) => ({ id: `org_${String(n).padStart(27, '0')}`, slug: `acme-${n}` })

const spread = (k, count) => (k * 7919) % count
const both = (orders) => orders.flatMap((order) => [`+${order}`, `-${order}`])
const ordered = (path, orders) =>
  both(orders).map((order) => ({
    name: `order ${order}`,
    path: () => `${path}${path.includes('?') ? '&' : '?'}order_by=${encodeURIComponent(order)}`,
  }))

/**
 * The requests of each list: `path` makes the k-th. Those with a goal may take twice as long in the large database as in
 * the small one; the others have to look at what grows, and are reported.
 */
export const lists = {
  users: {
    goal: [
      { name: 'first page', path: () => '/users' },
      { name: 'cursor page', path: (k, count) => `/users?starting_after=${userAt(spread(k, count)).id}` },
      { name: 'offset 500', path: () => '/users?offset=500' },
      { name: 'exact e-mail', path: (k, count) => `/users?email_address=${userAt(spread(k, count)).email}` },
      { name: 'exact id', path: (k, count) => `/users?user_id=${userAt(spread(k, count)).id}` },
      { name: 'total', path: () => '/users/count' },
      {
        name: 'total, exact e-mail',
        path: (k, count) => `/users/count?email_address=${userAt(spread(k, count)).email}`,
      },
      ...ordered('/users', USER_ORDERS),
      { name: 'last active since, no match', path: () => '/users?last_active_at_since=1800000000000' },
    ],
    reported: [
      { name: 'query, one match', path: (k, count) => `/users?query=needle${spread(k, count)}x` },
      { name: 'query, half match', path: () => '/users?query=example.com' },
      { name: 'query, two letters', path: () => '/users?query=ad' },
      { name: 'banned', path: () => '/users?banned=true' },
      { name: 'total, banned=false', path: () => '/users/count?banned=false' },
      { name: 'total, created after', path: () => '/users/count?created_at_after=1700000000500' },
      { name: 'total, half match', path: () => '/users/count?query=example.com' },
      { name: 'total, two letters', path: () => '/users/count?query=ad' },
    ],
  },
  organizations: {
    goal: [
      { name: 'first page and total', path: () => '/organizations' },
      { name: 'offset 500', path: () => '/organizations?offset=500' },
      { name: 'exact id', path: (k, count) => `/organizations?organization_id=${organizationAt(spread(k, count)).id}` },
      { name: 'of a member', path: (k, count) => `/organizations?user_id=${userAt(spread(k, count)).id}` },
      ...ordered('/organizations', ['created_at', 'name', 'members_count']),
    ],
    reported: [
      { name: 'query, one match', path: (k, count) => `/organizations?query=${organizationAt(spread(k, count)).slug}` },
    ],
  },
  'members of an organization': {
    goal: [
      { name: 'first page and total', path: () => `/organizations/${BIG}/memberships` },
      { name: 'offset 500', path: () => `/organizations/${BIG}/memberships?offset=500` },
      {
        name: 'exact user',
        path: (k, count) => `/organizations/${BIG}/memberships?user_id=${userAt(spread(k, count)).id}`,
      },
      {
        name: 'exact e-mail',
        path: (k, count) => `/organizations/${BIG}/memberships?email_address=${userAt(spread(k, count)).email}`,
      },
      ...ordered(`/organizations/${BIG}/memberships`, ['created_at']),
    ],
    reported: [
      ...ordered(`/organizations/${BIG}/memberships`, MEMBER_ORDERS),
      {
        name: 'query, one match',
        path: (k, count) => `/organizations/${BIG}/memberships?query=needle${spread(k, count)}x`,
      },
    ],
  },
  memberships: {
    goal: [
      { name: 'first page and total', path: () => '/organization_memberships' },
      { name: 'offset 500', path: () => '/organization_memberships?offset=500' },
      ...ordered('/organization_memberships', ['created_at']),
    ],
    reported: ordered('/organization_memberships', ['email_address']),
  },
}
