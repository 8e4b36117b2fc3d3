import type { InstanceContext } from '../instances/instance-context.js'
import type { AuditTrail } from '../outbox/audit.js'
import type { EventOutbox } from '../outbox/events.js'
import type { Database } from '../storage/database.js'
import type { Tx } from '../storage/tx.js'

interface TransactionOptions {
  database: Database
  events: EventOutbox
  audit: AuditTrail
  /** Delivers events. */
  wake(): void
}

/** Opens the transactions of an instance: each knows its caller, and the tasks to run once it is durable. */
export function transactionsOf({ database, events, audit, wake }: TransactionOptions): InstanceContext['transaction'] {
  return async (caller, body) => {
    let tasks = new Set<() => void>()
    const result = await database.transaction((queries) => {
      // A body that meets a deadlock runs again; only the tasks of its last run count.
      tasks = new Set()
      const tx: Tx = {
        queries,
        caller,
        emit: async (type, subjectId, data, changed = [], expiresAt = null) => {
          await events.write(type, subjectId, data, caller, queries, expiresAt)
          tasks.add(wake)
          await audit.write(type, subjectId, changed, caller, queries)
        },
        audit: (action, subjectId, changed = []) => audit.write(action, subjectId, changed, caller, queries),
        afterCommit: (task) => void tasks.add(task),
      }
      return body(tx)
    })
    for (const task of tasks) task()
    return result
  }
}
