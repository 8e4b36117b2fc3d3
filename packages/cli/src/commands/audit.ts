import type { AuditEntryRecord, AuditFilter, AuditPosition, Server } from '@latchkey/server'
import { CommandError } from '../command-error.js'
import type { Environment } from '../environment.js'
import { table, type Output } from '../output.js'
import { findSetting, invalid, parseInteger, parseTime, type Flags, type Setting } from '../settings.js'
import { findInstance, withServer } from './with-server.js'

/** Entries that the table shows by default. */
const SHOWN = 50
/** The most entries that the table can show: it holds them in memory. An export has no limit. */
const MOST_SHOWN = 10_000
/** Entries that an export reads at once. */
const PAGE = 500

/**
 * `latchkey audit`: the newest entries of the audit trail as a table, oldest first; with `--json` all matching entries,
 * one line of JSON each.
 */
export function audit(flags: Flags, environment: Environment, output: Output): Promise<void> {
  const filter = readFilter(flags, environment)
  const setting = findSetting('limit', flags, environment)
  const limit = setting && parseInteger(setting, 1, MOST_SHOWN, 'a number')
  const work = async (server: Server) => {
    const { id } = await findInstance(server, flags, environment)
    if (flags['json'] === true) {
      const pages =
        limit === undefined ? allPages(server, id, filter) : [await server.admin.latestAudit(id, filter, limit)]
      for await (const page of pages) await output.write(page.map(toLine).join(''))
      return
    }
    const shown = limit ?? SHOWN
    const entries = await server.admin.latestAudit(id, filter, shown + 1)
    output.result({ lines: toTable(entries.slice(-shown)), json: null }, false)
    if (entries.length > shown) {
      output.note(`Older entries are omitted. Use --limit to show up to ${MOST_SHOWN}, or --json for all.`)
    }
  }
  return withServer(flags, environment, work, { opensSecrets: false })
}

/** @throws {CommandError} naming the option and its value */
function readFilter(flags: Flags, environment: Environment): AuditFilter {
  const find = (name: string) => findSetting(name, flags, environment)
  const [since, until, action] = [find('since'), find('until'), find('action')]
  const filter: AuditFilter = {
    since: since && parseTime(since),
    until: until && parseTime(until),
    action: action && parseAction(action),
    actorId: find('actor')?.value,
    targetId: find('target')?.value,
  }
  if (since && until && filter.until! <= filter.since!) {
    throw new CommandError(`"${until.source}" must be later than "${since.source}", got ${until.value}`)
  }
  return filter
}

function parseAction(setting: Setting): string {
  if (/^\w+\.\w+$/.test(setting.value)) return setting.value
  throw invalid(setting, 'the name of an action, such as user.updated', setting.value)
}

/** Reads the next page only after the previous one is written, so that memory holds at most one page. */
async function* allPages(server: Server, instanceId: string, filter: AuditFilter): AsyncGenerator<AuditEntryRecord[]> {
  let after: AuditPosition | undefined
  do {
    const page = await server.admin.listAudit(instanceId, filter, { limit: PAGE, after })
    if (page.length > 0) yield page
    after = page.length === PAGE ? page.at(-1) : undefined
  } while (after)
}

/** Lists the fields one by one, so that a new column is not exported by accident. */
function toLine(entry: AuditEntryRecord): string {
  const { id, instanceId, createdAt, actorKind, actorId, impersonatorId, action, targetId, changed } = entry
  const { ipAddress, userAgent, traceId } = entry
  const who = { actorKind, actorId, impersonatorId }
  const what = { id, createdAt: toRfc3339(createdAt), instanceId, ...who, action, targetId, changed }
  return `${JSON.stringify({ ...what, ipAddress, userAgent, traceId })}\n`
}

function toTable(entries: AuditEntryRecord[]): string[] {
  const rows = entries.map(({ createdAt, action, targetId, changed, ipAddress, ...who }) => [
    toRfc3339(createdAt),
    actorOf(who),
    action,
    targetId,
    changed.join(','),
    ipAddress ?? '',
  ])
  return table(['TIME', 'ACTOR', 'ACTION', 'TARGET', 'CHANGED', 'ADDRESS'], rows)
}

function actorOf({
  actorKind,
  actorId,
  impersonatorId,
}: Pick<AuditEntryRecord, 'actorKind' | 'actorId' | 'impersonatorId'>): string {
  const actor = actorId === null ? actorKind : `${actorKind} ${actorId}`
  return impersonatorId === null ? actor : `${actor} by ${impersonatorId}`
}

function toRfc3339(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
