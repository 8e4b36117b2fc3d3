import { boundedCache } from '../../kernel/bounded-cache.js'
import type { Clock, Ids, Logger, Random } from '../../kernel/runtime.js'
import { VERSION } from '../../kernel/version.js'
import { GuardedPoster, type PosterOptions } from '../../lib/outgoing/guarded-post.js'
import type { Vault } from '../../lib/secrets/vault.js'
import type { Database } from '../../storage/database.js'
import { eraseDue } from '../erasure.js'
import { eraseExpiredCodes } from '../event-codes.js'
import type { Job } from '../jobs.js'
import { Bell } from './bell.js'
import { removeOldEvents } from './retention.js'
import { DEFAULT_SCHEDULE, type WebhookSchedule } from './schedule.js'
import { WebhookWorker } from './webhook-worker.js'

export interface WebhookOptions {
  /** Whether this process numbers and delivers events. Default is true; a command beside a server passes false. */
  deliver?: boolean
  /** Times of attempts; each has its default. For tests, which would otherwise wait. */
  schedule?: Partial<WebhookSchedule>
  /** How long delivered events and attempts are kept, in days, from 1 on. Default is 30. */
  retentionDays?: number
  /** Resolves the names of endpoints. Default is the system's resolver. */
  lookup?: PosterOptions['lookup']
}

interface Shared {
  database: Database
  clock: Clock
  ids: Ids
  random: Random
  logger: Logger
  vault: Vault
  ownUrls(): readonly string[]
}

export interface Webhooks {
  /** Rings when events have got their positions. */
  bell: Bell
  wake(): void
  stop(): Promise<void>
}

/** Delivers events from now on, unless the options say otherwise. */
export async function startWebhooks(options: WebhookOptions, shared: Shared): Promise<Webhooks> {
  const bell = new Bell()
  const schedule = checked({ ...DEFAULT_SCHEDULE, ...options.schedule })
  if (options.deliver === false) return { bell, wake: () => {}, stop: async () => bell.close() }
  const poster = new GuardedPoster(options.lookup ? { lookup: options.lookup } : {})
  const worker = new WebhookWorker({
    ...shared,
    vault: remembering(shared.vault),
    poster,
    schedule,
    bell,
    version: VERSION,
  })
  await worker.start()
  return {
    bell,
    wake: () => worker.wake(),
    stop: () => {
      bell.close()
      return worker.stop()
    },
  }
}

/** Secrets of endpoints that are kept open in memory: each is needed at every attempt. */
const SECRETS = 1000

function remembering(vault: Vault): Vault {
  const opened = boundedCache<string>(SECRETS)
  return {
    ...vault,
    open(sealed) {
      let plain = opened.get(sealed)
      if (plain === undefined) opened.set(sealed, (plain = vault.open(sealed)))
      return plain
    },
  }
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const RETENTION_DAYS = 30

/**
 * The jobs that remove what was delivered, and codes that have expired.
 *
 * @throws {RangeError} for a retention below a day
 */
export function webhookRemovals({ retentionDays = RETENTION_DAYS }: WebhookOptions): (database: Database) => Job[] {
  if (!Number.isSafeInteger(retentionDays) || retentionDays < 1)
    throw new RangeError(`"webhooks.retentionDays" must be a whole number of days from 1 on, got ${retentionDays}`)
  return (database) => [
    { name: 'old events', every: HOUR, run: (now) => removeOldEvents(database, now - retentionDays * DAY) },
    { name: 'expired codes of events', every: MINUTE, run: (now) => eraseExpiredCodes(database, now) },
    { name: 'events of what is deleted', every: MINUTE, run: () => eraseDue(database) },
  ]
}

/** @throws {RangeError} if a claim would end while an attempt may still be under way */
function checked(schedule: WebhookSchedule): WebhookSchedule {
  const { lease, timeout } = schedule
  if (lease < timeout + 2000)
    throw new RangeError(
      `"webhooks.schedule.lease" must be at least two seconds longer than the timeout of ${timeout} ms, got ${lease}`,
    )
  return schedule
}
