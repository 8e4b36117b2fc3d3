import { frozen } from './migration.js'

/** Requests to join an organization. */
export const membershipRequests = frozen({
  name: '0042-membership-requests',
  additive: true,
  sqlite: [
    `create table organization_membership_requests (
      id text primary key,
      instance_id text not null references instances(id) on delete cascade,
      created_at integer not null,
      updated_at integer not null,
      organization_id text not null references organizations(id) on delete cascade,
      user_id text not null references users(id) on delete cascade,
      status text not null
    ) strict`,
    "create unique index organization_membership_requests_pending on organization_membership_requests (organization_id, user_id) where status = 'pending'",
    'create index organization_membership_requests_organization on organization_membership_requests (organization_id, created_at, id)',
    'create index organization_membership_requests_user on organization_membership_requests (user_id)',
  ],
  postgres: [
    `create table organization_membership_requests (
      id text collate "C" primary key,
      instance_id text collate "C" not null references instances(id) on delete cascade,
      created_at bigint not null,
      updated_at bigint not null,
      organization_id text collate "C" not null references organizations(id) on delete cascade,
      user_id text collate "C" not null references users(id) on delete cascade,
      status text collate "C" not null
    )`,
    "create unique index organization_membership_requests_pending on organization_membership_requests (organization_id, user_id) where status = 'pending'",
    'create index organization_membership_requests_organization on organization_membership_requests (organization_id, created_at, id)',
    'create index organization_membership_requests_user on organization_membership_requests (user_id)',
  ],
})
