import { frozen } from './migration.js'

/**
 * Allow-list, block-list, and the URLs that people may be sent to; the mailbox of each address, as `mailboxOf` has it;
 * and domains, the first of each instance as `primaryDomainOf` has it.
 */
export const lists = frozen({
  name: '0021-lists',
  additive: true,
  sqlite: [
    `create table allowlist_identifiers (
      id text primary key,
      instance_id text not null references instances(id) on delete cascade,
      created_at integer not null,
      updated_at integer not null,
      identifier text not null,
      identifier_type text not null,
      pattern text not null,
      invitation_id text
    ) strict`,
    `create table blocklist_identifiers (
      id text primary key,
      instance_id text not null references instances(id) on delete cascade,
      created_at integer not null,
      updated_at integer not null,
      identifier text not null,
      identifier_type text not null,
      pattern text not null
    ) strict`,
    `create table redirect_urls (
      id text primary key,
      instance_id text not null references instances(id) on delete cascade,
      created_at integer not null,
      updated_at integer not null,
      url text not null
    ) strict`,
    `create table domains (
      id text primary key,
      instance_id text not null references instances(id) on delete cascade,
      created_at integer not null,
      updated_at integer not null,
      name text not null,
      is_satellite integer not null,
      frontend_host text,
      proxy_url text
    ) strict`,
    `create table proxy_checks (
      id text primary key,
      instance_id text not null references instances(id) on delete cascade,
      created_at integer not null,
      updated_at integer not null,
      domain_id text not null references domains(id) on delete cascade,
      proxy_url text not null,
      last_run_at integer,
      successful integer not null
    ) strict`,
    'alter table email_addresses add column mailbox text',
    `update email_addresses set mailbox = (
      select case when host in ('gmail.com', 'googlemail.com') then replace(base, '.', '') || '@gmail.com' else base || '@' || host end
      from (
        select host, case when instr(signs, '+') > 1 then substr(part, 1, instr(signs, '+') - 1) else part end as base
        from (
          select part, host, case
            when host in ('yahoo.com', 'myyahoo.com', 'rocketmail.com', 'ymail.com')
              or host like 'yahoo.__' or host like 'yahoo.co.__' or host like 'yahoo.com.__'
            then replace(marks, '-', '+') else marks end as signs
          from (
            select part, host, replace(replace(part, '=', '+'), '#', '+') as marks
            from (
              select
                substr(canonical, 1, instr(canonical, '@') - 1) as part,
                substr(canonical, instr(canonical, '@') + 1) as host
            ) as parts
          ) as marked
        ) as signed
      ) as bases
    )`,
    `insert into domains (id, instance_id, created_at, updated_at, name, is_satellite, frontend_host, proxy_url)
      select 'dmn_' || id, id, created_at, created_at,
        case when environment_type = 'production' and frontend_host like 'clerk.%'
          then substr(frontend_host, 7) else frontend_host end,
        0, frontend_host, null
      from instances`,
    'create unique index domains_name on domains (instance_id, name)',
    'create unique index domains_primary on domains (instance_id) where is_satellite = 0',
    'create unique index domains_frontend_host on domains (frontend_host) where frontend_host is not null',
    'create unique index proxy_checks_domain on proxy_checks (domain_id, proxy_url)',
    'create index email_addresses_mailbox on email_addresses (instance_id, mailbox)',
    'create unique index allowlist_identifiers_pattern on allowlist_identifiers (instance_id, pattern)',
    'create index allowlist_identifiers_instance on allowlist_identifiers (instance_id, created_at)',
    'create unique index blocklist_identifiers_pattern on blocklist_identifiers (instance_id, pattern)',
    'create index blocklist_identifiers_instance on blocklist_identifiers (instance_id, created_at)',
    'create unique index redirect_urls_url on redirect_urls (instance_id, url)',
    'create index redirect_urls_instance on redirect_urls (instance_id, created_at)',
  ],
  postgres: [
    `create table allowlist_identifiers (
      id text collate "C" primary key,
      instance_id text collate "C" not null references instances(id) on delete cascade,
      created_at bigint not null,
      updated_at bigint not null,
      identifier text collate "C" not null,
      identifier_type text collate "C" not null,
      pattern text collate "C" not null,
      invitation_id text collate "C"
    )`,
    `create table blocklist_identifiers (
      id text collate "C" primary key,
      instance_id text collate "C" not null references instances(id) on delete cascade,
      created_at bigint not null,
      updated_at bigint not null,
      identifier text collate "C" not null,
      identifier_type text collate "C" not null,
      pattern text collate "C" not null
    )`,
    `create table redirect_urls (
      id text collate "C" primary key,
      instance_id text collate "C" not null references instances(id) on delete cascade,
      created_at bigint not null,
      updated_at bigint not null,
      url text collate "C" not null
    )`,
    `create table domains (
      id text collate "C" primary key,
      instance_id text collate "C" not null references instances(id) on delete cascade,
      created_at bigint not null,
      updated_at bigint not null,
      name text collate "C" not null,
      is_satellite bigint not null,
      frontend_host text collate "C",
      proxy_url text collate "C"
    )`,
    `create table proxy_checks (
      id text collate "C" primary key,
      instance_id text collate "C" not null references instances(id) on delete cascade,
      created_at bigint not null,
      updated_at bigint not null,
      domain_id text collate "C" not null references domains(id) on delete cascade,
      proxy_url text collate "C" not null,
      last_run_at bigint,
      successful bigint not null
    )`,
    'alter table email_addresses add column mailbox text collate "C"',
    `update email_addresses set mailbox = (
      select case when host in ('gmail.com', 'googlemail.com') then replace(base, '.', '') || '@gmail.com' else base || '@' || host end
      from (
        select host, case when strpos(signs, '+') > 1 then substr(part, 1, strpos(signs, '+') - 1) else part end as base
        from (
          select part, host, case
            when host in ('yahoo.com', 'myyahoo.com', 'rocketmail.com', 'ymail.com')
              or host like 'yahoo.__' or host like 'yahoo.co.__' or host like 'yahoo.com.__'
            then replace(marks, '-', '+') else marks end as signs
          from (
            select part, host, replace(replace(part, '=', '+'), '#', '+') as marks
            from (
              select
                substr(canonical, 1, strpos(canonical, '@') - 1) as part,
                substr(canonical, strpos(canonical, '@') + 1) as host
            ) as parts
          ) as marked
        ) as signed
      ) as bases
    )`,
    `insert into domains (id, instance_id, created_at, updated_at, name, is_satellite, frontend_host, proxy_url)
      select 'dmn_' || id, id, created_at, created_at,
        case when environment_type = 'production' and frontend_host like 'clerk.%'
          then substr(frontend_host, 7) else frontend_host end,
        0, frontend_host, null
      from instances`,
    'create unique index domains_name on domains (instance_id, name)',
    'create unique index domains_primary on domains (instance_id) where is_satellite = 0',
    'create unique index domains_frontend_host on domains (frontend_host) where frontend_host is not null',
    'create unique index proxy_checks_domain on proxy_checks (domain_id, proxy_url)',
    'create index email_addresses_mailbox on email_addresses (instance_id, mailbox)',
    'create unique index allowlist_identifiers_pattern on allowlist_identifiers (instance_id, pattern)',
    'create index allowlist_identifiers_instance on allowlist_identifiers (instance_id, created_at)',
    'create unique index blocklist_identifiers_pattern on blocklist_identifiers (instance_id, pattern)',
    'create index blocklist_identifiers_instance on blocklist_identifiers (instance_id, created_at)',
    'create unique index redirect_urls_url on redirect_urls (instance_id, url)',
    'create index redirect_urls_instance on redirect_urls (instance_id, created_at)',
  ],
})
