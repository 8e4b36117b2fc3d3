import { removeOldClients } from '../resources/client-records/client-records.store.js'
import { removeExpiredM2MTokens } from '../resources/m2m-tokens/m2m-tokens.store.js'
import { removeExpiredTokens } from '../resources/one-time-tokens/one-time-tokens.store.js'
import { removeUnfinishedSignUps } from '../resources/sign-ups/sign-ups.store.js'
import { removeOldVerifications } from '../resources/verifications/verifications.store.js'
import { removeOldSignIns } from '../flows/sign-in/sign-ins.store.js'
import type { Job } from '../outbox/jobs.js'
import { removeEndedWindows } from '../storage/consume.js'
import type { Database } from '../storage/database.js'
import { foldRowCounts } from '../storage/row-counts.js'

const HOUR = 60 * 60 * 1000
const DAY = 24 * HOUR
/** How long M2M tokens can be listed after they expired. */
const M2M_TOKENS_KEPT = 30 * DAY
/** How long sign-ins, unfinished sign-ups and codes can be looked at after they ended by themselves. */
const ATTEMPTS_KEPT = 7 * DAY
/** How long a browser stays known that nobody has ever signed in with, after its last change. */
const CLIENTS_KEPT = 30 * DAY

/** The jobs that remove rows past their use. */
export function removals(database: Database): Job[] {
  const hourly = (name: string, run: (now: number) => Promise<void>): Job => ({ name, every: HOUR, run })
  return [
    hourly('expired one-time tokens', (now) => removeExpiredTokens(database, now)),
    hourly('expired M2M tokens', (now) => removeExpiredM2MTokens(database, now - M2M_TOKENS_KEPT)),
    hourly('old sign-ins', (now) => removeOldSignIns(database, now - ATTEMPTS_KEPT)),
    hourly('unfinished sign-ups', (now) => removeUnfinishedSignUps(database, now - ATTEMPTS_KEPT)),
    hourly('old verifications', (now) => removeOldVerifications(database, now - ATTEMPTS_KEPT)),
    { name: 'unused browsers', every: DAY, run: (now) => removeOldClients(database, now - CLIENTS_KEPT) },
    ...(database.dialect === 'postgres'
      ? [
          hourly('ended rate limits', (now) => removeEndedWindows(database, now)),
          hourly('numbers of rows', () => foldRowCounts(database)),
        ]
      : []),
  ]
}
