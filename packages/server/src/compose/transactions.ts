import type { OrganizationMembershipJSON } from '@latchkey/types'
import type { InstanceContext } from '../instances/instance-context.js'
import type { AuditTrail } from '../outbox/audit.js'
import { ERASING, eraseEvents, type Erased } from '../outbox/erasure.js'
import type { EventOutbox } from '../outbox/events.js'
import type { Database } from '../storage/database.js'
import type { Tx } from '../storage/tx.js'

interface TransactionOptions {
  instanceId: string
  database: Database
  events: EventOutbox
  audit: AuditTrail
  /** Delivers events. */
  wake(): void
}

/** Opens the transactions of an instance: each knows its caller, and the tasks to run once it is durable. */
export function transactionsOf({
  instanceId,
  database,
  events,
  audit,
  wake,
}: TransactionOptions): InstanceContext['transaction'] {
  return async (caller, body) => {
    let tasks = new Set<() => void>()
    const outcomes = new Map<string, Promise<unknown>>()
    const result = await database.transaction(async (queries) => {
      // A body may run again; only the tasks of its last run count.
      tasks = new Set()
      const erased: Erased[] = []
      const ended: Ended[] = []
      const tx: Tx = {
        queries,
        caller,
        emit: async (type, subjectId, data, changed = [], expiresAt = null) => {
          await events.write(type, subjectId, data, caller, queries, expiresAt)
          tasks.add(wake)
          await audit.write(type, subjectId, changed, caller, queries)
          if (ERASING.includes(type)) erased.push({ instanceId, lineKey: subjectId })
          if (type === 'organizationMembership.deleted') ended.push({ subjectId, data })
        },
        audit: (action, subjectId, changed = []) => audit.write(action, subjectId, changed, caller, queries),
        once<T>(key: string, task: () => Promise<T>) {
          const outcome = outcomes.get(key) ?? task()
          outcomes.set(key, outcome)
          return outcome as Promise<T>
        },
        afterCommit: (task) => void tasks.add(task),
      }
      const done = await body(tx)
      // At the end: some events of what is deleted follow the one that says so.
      for (const one of [...erased, ...membershipsOf(erased, ended)]) await eraseEvents(one, database, queries)
      return done
    })
    for (const task of tasks) task()
    return result
  }
}

interface Ended {
  subjectId: string
  data: unknown
}

/** A deleted user's memberships: their events stand in the families of the organizations. */
function membershipsOf(erased: readonly Erased[], ended: readonly Ended[]): Erased[] {
  return ended.flatMap(({ subjectId, data }) => {
    const { organization, public_user_data: user } = data as OrganizationMembershipJSON
    const owner = erased.find(({ lineKey }) => lineKey === user?.user_id)
    return owner ? [{ instanceId: owner.instanceId, lineKey: organization.id, subjectId }] : []
  })
}
