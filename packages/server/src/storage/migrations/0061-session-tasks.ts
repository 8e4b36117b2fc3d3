import { frozen } from './migration.js'

/** What the users of signed-in sessions have, beside each session: a program before this one does not keep it up. */
const copies = [
  `update sessions set password_compromised = 1
    where status in ('active', 'pending') and user_id in (select id from users where password_compromised = 1)`,
  `update sessions set has_second_factor = 1
    where status in ('active', 'pending') and user_id in (
      select id from users where totp_secret is not null
      union
      select user_id from phone_numbers where reserved_for_second_factor = 1 and verification_status = 'verified'
    )`,
]

export const sessionTasks = frozen({
  name: '0061-session-tasks',
  additive: true,
  sqlite: [
    'alter table sessions add column password_compromised integer not null default 0',
    'alter table sessions add column has_second_factor integer not null default 0',
    ...copies,
  ],
  postgres: [
    'alter table sessions add column password_compromised bigint not null default 0',
    'alter table sessions add column has_second_factor bigint not null default 0',
    ...copies,
  ],
})
