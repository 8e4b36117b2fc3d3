import type { AgentTaskJSON } from '@latchkey/types'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { Resource } from './resource.js'
import { toWireNames } from './translate.js'

/** Sessions that an agent opens in a browser on behalf of a user. */
export class AgentTasksApi extends Api {
  /**
   * Creates a task, whose URL signs an agent in on behalf of a user. Experimental in Clerk's cloud.
   *
   * @throws {ClerkAPIResponseError} With status 400, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/agent-tasks/POST/agents/tasks
   */
  async create(params: CreateAgentTaskParams): Promise<AgentTask> {
    return this.post(path`/agents/tasks`, toWireNames(params))
  }

  /**
   * Revokes a task that has not been used.
   *
   * @throws {ClerkAPIResponseError} With status 400 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/agent-tasks/POST/agents/tasks/%7Bagent_task_id%7D/revoke
   */
  async revoke(agentTaskId: string): Promise<Omit<AgentTask, 'url'>> {
    return this.post(path`/agents/tasks/${agentTaskId}/revoke`)
  }
}

export interface AgentTask extends Resource<AgentTaskJSON> {
  /** Only in the answer to its creation. */
  url: string
}

export interface CreateAgentTaskParams {
  /** The user, by id, e-mail address, phone number or username. */
  onBehalfOf: { userId: string; identifier?: never } | { identifier: string; userId?: never }
  /** What the agent may do; at present `*`. */
  permissions: string
  agentName: string
  taskDescription: string
  /** Where the agent's browser goes once it is signed in. */
  redirectUrl: string
  /** How long the session lasts, in seconds. Default is 1800. */
  sessionMaxDurationInSeconds?: number
}
