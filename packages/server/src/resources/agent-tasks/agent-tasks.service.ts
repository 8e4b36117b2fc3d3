import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import type { TicketService } from '../tickets/tickets.service.js'
import type { TicketOf } from '../tickets/tickets.table.js'
import type { Shown } from '../tickets/tickets.wire.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import type { Tx } from '../../storage/tx.js'
import { agentTaskErrors } from './agent-tasks.errors.js'
import { agentIdOf, checkRedirectUrl, checkSubject, identifierForms, type OnBehalfOf } from './agent-tasks.rules.js'
import { AgentTaskSubjects } from './agent-tasks.store.js'

/** Of the link, in seconds. No parameter sets it. */
const LIFETIME = 3600
/** Seconds, of the session it opens. */
const DEFAULT_SESSION_DURATION = 1800

interface AgentTaskInput {
  onBehalfOf: OnBehalfOf
  permissions: string
  agentName: string
  taskDescription: string
  redirectUrl: string
  sessionMaxDurationInSeconds?: number | undefined
}

interface AgentTaskOptions {
  context: InstanceContext
  tickets: TicketService
  userRecords: UserRecords
}

type AgentTask = Shown<TicketOf<'agent_task'>>

/** Links with which an agent opens a session on behalf of a user. */
export class AgentTaskService {
  readonly #subjects: AgentTaskSubjects

  constructor(private readonly options: AgentTaskOptions) {
    this.#subjects = new AgentTaskSubjects(options.context)
  }

  /** @throws {ApiError} 404 `agent_task_subject_not_found`, 422 for anything else that is wrong */
  create({ onBehalfOf, sessionMaxDurationInSeconds, ...task }: AgentTaskInput, caller: Caller): Promise<AgentTask> {
    const { context, tickets, userRecords } = this.options
    const { clock, instance, instanceId, vault } = context
    checkSubject(onBehalfOf)
    checkRedirectUrl(task.redirectUrl, instance.environmentType)
    const details = {
      ...task,
      agentId: agentIdOf(vault.digest('agent', `${instanceId} ${task.agentName}`)),
      sessionMaxDuration: sessionMaxDurationInSeconds ?? DEFAULT_SESSION_DURATION,
    }
    const expiresAt = clock.now() + LIFETIME * 1000
    return context.transaction(caller, async (tx) => {
      const userId = await this.#subject(onBehalfOf, tx)
      await userRecords.locked(userId, tx)
      const ticket = (await tickets.create({ kind: 'agent_task', expiresAt, userId, details }, tx))!
      await tx.audit('agent_task.created', ticket.id)
      return { ...ticket, url: tickets.urlOf(ticket, '/v1/agents/tasks') }
    })
  }

  /** @throws {ApiError} 404 `agent_task_not_found`, 400 `agent_task_cannot_be_revoked` */
  revoke(id: string, caller: Caller): Promise<AgentTask> {
    const { context, tickets } = this.options
    return context.transaction(caller, async (tx) => {
      const ticket = await tickets.revoke('agent_task', id, tx)
      await tx.audit('agent_task.revoked', id)
      return ticket
    })
  }

  async #subject({ userId, identifier }: OnBehalfOf, tx: Tx): Promise<string> {
    const id =
      identifier === undefined
        ? (await this.options.userRecords.find(userId!, tx))?.id
        : await this.#subjects.findUserId(identifierForms(identifier), tx)
    if (id === undefined) throw agentTaskErrors.subjectNotFound()
    return id
  }
}
