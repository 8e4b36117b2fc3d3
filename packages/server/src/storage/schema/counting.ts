import type { Dialect } from '../database.js'
import type { Counting, Table } from '../table.js'
import type { TriggerShape } from './shape.js'

type Counted = Pick<Table, 'name' | 'names' | 'counted'>

const COLUMNS = '(instance_id, counted, part, slot, count)'
const CONFLICT = 'on conflict (instance_id, counted, part, slot) do update set count'

/** The triggers that keep the numbers of a counted table's rows in `row_counts`, by their names. */
export function countingTriggers(dialect: Dialect, table: Counted): Record<string, TriggerShape> {
  if (table.counted.length === 0) return {}
  const movable = [...new Set(table.counted.flatMap(({ by = [] }) => by))]
  const kinds: Kind[] = movable.length === 0 ? ['added', 'removed'] : ['added', 'removed', 'moved']
  return Object.fromEntries(
    kinds.map((kind) => {
      const name = `${table.name}_counted_${kind}`
      const head = headOf(dialect, kind, table.name, movable)
      const body = table.counted.flatMap((counting) => bodies[dialect][kind](table, counting)).join('\n')
      const trigger = dialect === 'sqlite' ? onSqlite(name, head, body) : onPostgres(name, head, body)
      return [name, kind === 'added' ? { ...trigger, fill: table.counted.map((one) => fill(table, one)) } : trigger]
    }),
  )
}

/** The statement that drops a trigger, with what belongs to it. */
export function dropTrigger(dialect: Dialect, table: string, name: string): string[] {
  const numbers = name === `${table}_counted_added` ? [`delete from row_counts where counted = '${table}'`] : []
  return dialect === 'sqlite'
    ? [`drop trigger ${name}`, ...numbers]
    : [`drop trigger ${name} on ${table}`, `drop function if exists ${name}`, ...numbers]
}

type Kind = 'added' | 'removed' | 'moved'

/** PostgreSQL counts the rows of a statement at once, but has no transition tables for some columns of an update. */
function headOf(dialect: Dialect, kind: Kind, table: string, movable: readonly string[]): string {
  const event = { added: 'insert', removed: 'delete', moved: `update of ${movable.join(', ')}` }[kind]
  const on = `after ${event} on ${table}`
  if (dialect === 'sqlite') return on
  if (kind === 'moved') return `${on} for each row`
  return `${on} referencing ${kind === 'added' ? 'new' : 'old'} table as ${kind} for each statement`
}

function onSqlite(name: string, head: string, body: string): TriggerShape {
  const text = `create trigger ${name} ${head} begin\n${body}\nend`
  return { text: normaliseTrigger(text), create: [text] }
}

function onPostgres(name: string, head: string, body: string): TriggerShape {
  const source = `begin\n${body}\n  return null;\nend`
  const trigger = `create trigger ${name} ${head} execute function ${name}()`
  return {
    text: normaliseTrigger(`${trigger} ${source}`),
    create: [
      `create or replace function ${name}() returns trigger language plpgsql as $counting$\n${source}\n$counting$`,
      trigger,
    ],
  }
}

type Body = (table: Counted, counting: Counting) => string[]

const bodies: Record<Dialect, Record<Kind, Body>> = {
  sqlite: {
    added: ({ name, names }, { by, where }) => [
      `  insert into row_counts ${COLUMNS}
    select new.instance_id, '${name}', ${part(by, 'new.')}, 0, 1 where ${conditions(names, where, 'new.')[0] ?? 'true'}
    ${CONFLICT} = count + 1;`,
    ],
    // A number that has become 0 goes: the parts come and go with the users.
    removed: ({ name, names }, { by, where }) => {
      const row = `instance_id = old.instance_id and counted = '${name}' and part = ${part(by, 'old.')} and slot = 0`
      return [
        `  update row_counts set count = count - 1 where ${[row, ...conditions(names, where, 'old.')].join(' and ')};`,
        `  delete from row_counts where ${row} and count = 0;`,
      ]
    },
    moved: (table, counting) =>
      counting.by?.length ? [...bodies.sqlite.removed(table, counting), ...bodies.sqlite.added(table, counting)] : [],
  },
  postgres: {
    added: (table, counting) => [`${countRows(table, counting, 'added', 'count(*)')};`],
    // With an instance its numbers go: a row for each that goes would be one for the same slot again and again.
    removed: (table, counting) => [`${countRows(table, counting, 'removed', '-count(*)')};`],
    moved: ({ name, names }, { by = [], where }) =>
      by.length === 0
        ? []
        : [
            `  if ${[movedIn(by), ...conditions(names, where, 'new.')].join(' and ')} then
    insert into row_counts as kept ${COLUMNS}
      values (old.instance_id, '${name}', ${part(by, 'old.')}, pg_backend_pid(), -1),
        (new.instance_id, '${name}', ${part(by, 'new.')}, pg_backend_pid(), 1)
      ${CONFLICT} = kept.count + excluded.count;
  end if;`,
          ],
  },
}

function countRows({ name, names }: Counted, { by = [], where }: Counting, from: string, number: string): string {
  const all = conditions(names, where, '')
  if (from === 'removed') all.unshift('exists (select from instances where id = removed.instance_id)')
  const rows = all.length === 0 ? from : `${from} where ${all.join(' and ')}`
  return `  insert into row_counts as kept ${COLUMNS}
    select instance_id, '${name}', ${part(by, '')}, pg_backend_pid(), ${number} from ${rows} group by ${['instance_id', ...by].join(', ')}
    ${CONFLICT} = kept.count + excluded.count`
}

/** Counts the rows that are there when counting begins. */
function fill({ name, names }: Counted, { by = [], where }: Counting): string {
  const rows = [name, ...conditions(names, where, '')].join(' where ')
  return `insert into row_counts ${COLUMNS}
  select instance_id, '${name}', ${part(by, '')}, 0, count(*) from ${rows} group by ${['instance_id', ...by].join(', ')}`
}

function part(by: readonly string[] = [], prefix: string): string {
  return by.length === 0 ? "''" : by.map((column) => `${prefix}${column}`).join(" || ' ' || ")
}

function movedIn(by: readonly string[]): string {
  return `(${by.map((column) => `old.${column} is distinct from new.${column}`).join(' or ')})`
}

/** The condition, if there is one, with a prefix to the names of columns. */
function conditions(names: readonly string[], where: string | undefined, prefix: string): string[] {
  if (where === undefined) return []
  return [where.replace(/\w+/g, (word) => (names.includes(word) ? `${prefix}${word}` : word))]
}

/** One form for what was written and what a database returns: the words matter, not the space between them. */
export function normaliseTrigger(text: string): string {
  return text.replace(/\s+/g, ' ').trim().toLowerCase()
}
