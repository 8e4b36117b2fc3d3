import { frozen } from './migration.js'

interface Counting {
  table: string
  /** Columns; without any, all rows of the instance are counted. */
  by?: readonly string[]
  where?: 'domain_id is null'
}

/** In one table's triggers, all its countings. */
const counted: readonly (readonly [Counting, ...Counting[]])[] = [
  ...[
    'users',
    'clients',
    'sessions',
    'organizations',
    'organization_memberships',
    'organization_domains',
    'allowlist_identifiers',
    'blocklist_identifiers',
    'oauth_applications',
    'machines',
  ].map((table): [Counting] => [{ table }]),
  [
    { table: 'organization_invitations', where: 'domain_id is null' },
    { table: 'organization_invitations', by: ['organization_id'], where: 'domain_id is null' },
  ],
  [{ table: 'organization_membership_requests', by: ['organization_id', 'status'] }],
  [{ table: 'tickets', by: ['kind', 'status'] }],
  [{ table: 'waitlist_entries', by: ['status'] }],
]

const columns = '(instance_id, counted, part, slot, count)'
const conflict = 'on conflict (instance_id, counted, part, slot) do update set count'
const part = (by: readonly string[] = [], row = '') =>
  by.length === 0 ? "''" : by.map((name) => `${row}${name}`).join(" || ' ' || ")

/** Counts the rows that are there. */
const fill = ({ table, by = [], where }: Counting) => `insert into row_counts ${columns}
  select instance_id, '${table}', ${part(by)}, 0, count(*) from ${table}${where ? ` where ${where}` : ''}
  group by ${['instance_id', ...by].join(', ')}`

const addedOnSqlite = ({ table, by, where }: Counting) => `insert into row_counts ${columns}
    select new.instance_id, '${table}', ${part(by, 'new.')}, 0, 1 where ${where ? `new.${where}` : 'true'}
    ${conflict} = count + 1;`

const removedOnSqlite = ({ table, by, where }: Counting) => {
  const row = `instance_id = old.instance_id and counted = '${table}' and part = ${part(by, 'old.')} and slot = 0`
  return `update row_counts set count = count - 1 where ${row}${where ? ` and old.${where}` : ''};
  delete from row_counts where ${row} and count = 0;`
}

const onPostgres = ({ table, by = [], where }: Counting, rows: 'added' | 'removed') => {
  const conditions = [
    ...(rows === 'removed' ? ['exists (select from instances where id = removed.instance_id)'] : []),
    ...(where ? [where] : []),
  ]
  return `insert into row_counts as kept ${columns}
    select instance_id, '${table}', ${part(by)}, pg_backend_pid(), ${rows === 'added' ? '' : '-'}count(*) from
    ${[rows, conditions.join(' and ')].filter(Boolean).join(' where ')} group by ${['instance_id', ...by].join(', ')}
    ${conflict} = kept.count + excluded.count;`
}

const movedOnPostgres = ({ table, by = [], where }: Counting) => `if
    (${by.map((name) => `old.${name} is distinct from new.${name}`).join(' or ')})${where ? ` and new.${where}` : ''} then
    insert into row_counts as kept ${columns}
      values (old.instance_id, '${table}', ${part(by, 'old.')}, pg_backend_pid(), -1),
        (new.instance_id, '${table}', ${part(by, 'new.')}, pg_backend_pid(), 1)
      ${conflict} = kept.count + excluded.count;
  end if;`

const all = (countings: readonly Counting[], write: (one: Counting) => string) => countings.map(write).join('\n  ')

/** The rows that change between parts. */
const movable = (countings: readonly Counting[]) => {
  const moving = countings.filter(({ by }) => by)
  return { moving, names: moving.flatMap(({ by = [] }) => by).join(', ') }
}

const sqliteTriggers = (countings: readonly [Counting, ...Counting[]]) => {
  const { table } = countings[0]
  const { moving, names } = movable(countings)
  const trigger = (kind: string, event: string, body: string) =>
    `create trigger ${table}_counted_${kind} after ${event} on ${table} begin\n  ${body}\nend`
  return [
    trigger('added', 'insert', all(countings, addedOnSqlite)),
    trigger('removed', 'delete', all(countings, removedOnSqlite)),
    ...(moving.length > 0
      ? [
          trigger(
            'moved',
            `update of ${names}`,
            all(moving, (one) => `${removedOnSqlite(one)}\n  ${addedOnSqlite(one)}`),
          ),
        ]
      : []),
  ]
}

const postgresTriggers = (countings: readonly [Counting, ...Counting[]]) => {
  const { table } = countings[0]
  const { moving, names } = movable(countings)
  const trigger = (kind: string, event: string, rows: string, body: string) => {
    const name = `${table}_counted_${kind}`
    return [
      `create or replace function ${name}() returns trigger language plpgsql as $counting$
begin
  ${body}
  return null;
end
$counting$`,
      `create trigger ${name} after ${event} on ${table} ${rows} execute function ${name}()`,
    ]
  }
  const statement = (old: string, rows: string) => `referencing ${old} table as ${rows} for each statement`
  return [
    ...trigger(
      'added',
      'insert',
      statement('new', 'added'),
      all(countings, (one) => onPostgres(one, 'added')),
    ),
    ...trigger(
      'removed',
      'delete',
      statement('old', 'removed'),
      all(countings, (one) => onPostgres(one, 'removed')),
    ),
    ...(moving.length > 0 ? trigger('moved', `update of ${names}`, 'for each row', all(moving, movedOnPostgres)) : []),
  ]
}

/**
 * The numbers of rows that lists show, kept by triggers in place of the one that the server kept itself. The triggers of a
 * table come before its rows are counted: on PostgreSQL they keep writers away until both are there. And the indexes that
 * two orders of lists lacked.
 */
export const rowCounts = frozen({
  name: '0057-row-counts',
  additive: false,
  sqlite: [
    `create table row_counts (
      instance_id text not null references instances(id) on delete cascade,
      counted text not null,
      part text not null,
      slot integer not null,
      count integer not null,
      primary key (instance_id, counted, part, slot)
    ) strict`,
    'create index row_counts_unfolded on row_counts (slot) where slot <> 0',
    ...counted.flatMap((countings) => [...sqliteTriggers(countings), ...countings.map(fill)]),
    'create index users_by_username on users (instance_id, username_canonical, id)',
    'drop table user_counts',
  ],
  postgres: [
    `create table row_counts (
      instance_id text collate "C" not null references instances(id) on delete cascade,
      counted text collate "C" not null,
      part text collate "C" not null,
      slot bigint not null,
      count bigint not null,
      primary key (instance_id, counted, part, slot)
    )`,
    'create index row_counts_unfolded on row_counts (slot) where slot <> 0',
    ...counted.flatMap((countings) => [...postgresTriggers(countings), ...countings.map(fill)]),
    'create index users_by_username on users (instance_id, username_canonical nulls first, id)',
    'drop index tickets_by_address',
    'create index tickets_by_address on tickets (instance_id, kind nulls first, canonical nulls first, id)',
    'drop table user_counts',
  ],
})
