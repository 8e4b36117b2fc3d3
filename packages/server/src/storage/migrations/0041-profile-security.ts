import { frozen } from './migration.js'

/** Factors that are proved again before something sensitive, and authenticator apps that no code has confirmed yet. */
export const profileSecurity = frozen({
  name: '0041-profile-security',
  additive: true,
  sqlite: [
    `create table session_reverifications (
      id text primary key,
      instance_id text not null references instances(id) on delete cascade,
      created_at integer not null,
      updated_at integer not null,
      session_id text not null references sessions(id) on delete cascade,
      level text not null,
      status text not null,
      first_factor_verification_id text,
      first_factor_verified_at integer,
      second_factor_verification_id text,
      second_factor_verified_at integer,
      expire_at integer not null
    ) strict`,
    `create table totp_enrolments (
      id text primary key,
      instance_id text not null references instances(id) on delete cascade,
      created_at integer not null,
      updated_at integer not null,
      user_id text not null references users(id) on delete cascade,
      secret text not null
    ) strict`,
    'create unique index session_reverifications_session on session_reverifications (session_id)',
    'create unique index totp_enrolments_user on totp_enrolments (user_id)',
  ],
  postgres: [
    `create table session_reverifications (
      id text collate "C" primary key,
      instance_id text collate "C" not null references instances(id) on delete cascade,
      created_at bigint not null,
      updated_at bigint not null,
      session_id text collate "C" not null references sessions(id) on delete cascade,
      level text collate "C" not null,
      status text collate "C" not null,
      first_factor_verification_id text collate "C",
      first_factor_verified_at bigint,
      second_factor_verification_id text collate "C",
      second_factor_verified_at bigint,
      expire_at bigint not null
    )`,
    `create table totp_enrolments (
      id text collate "C" primary key,
      instance_id text collate "C" not null references instances(id) on delete cascade,
      created_at bigint not null,
      updated_at bigint not null,
      user_id text collate "C" not null references users(id) on delete cascade,
      secret text collate "C" not null
    )`,
    'create unique index session_reverifications_session on session_reverifications (session_id)',
    'create unique index totp_enrolments_user on totp_enrolments (user_id)',
  ],
})
