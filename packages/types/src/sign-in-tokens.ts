import type { ResourceJSON } from './resource.js'

export type SignInTokenStatus = 'pending' | 'accepted' | 'revoked'
export type ActorTokenStatus = 'pending' | 'accepted' | 'revoked'

/** A token that signs its user in once. */
export interface SignInTokenJSON extends ResourceJSON<'sign_in_token'> {
  user_id: string
  token: string
  status: SignInTokenStatus
  url: string
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

/** A token that lets an actor act as the user. */
export interface ActorTokenJSON extends ResourceJSON<'actor_token'> {
  user_id: string
  status: ActorTokenStatus
  actor: Record<string, unknown>
  token?: string
  url?: string
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

/** A token that lets tests bypass the bot protection of the Frontend API. */
export interface TestingTokenJSON {
  object: 'testing_token'
  token: string
  /** Unix seconds. */
  expires_at: number
}

/** A session for an agent to open in a browser. */
export interface AgentTaskJSON {
  object: 'agent_task'
  agent_id: string
  agent_task_id: string
  /** @deprecated The same as `agent_task_id`. */
  task_id: string
  /** Only in the answer to its creation. */
  url?: string
}
