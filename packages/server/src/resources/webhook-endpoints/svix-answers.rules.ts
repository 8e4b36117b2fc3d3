import type { InstanceContext } from '../../instances/instance-context.js'
import { toRfc3339 } from './webhook-endpoints.wire.js'

/** An answer of another status than 200. Without a body it is empty. */
export class Status {
  constructor(
    readonly status: number,
    readonly body?: unknown,
  ) {}
}

export function reply(value: unknown): Response {
  if (!(value instanceof Status)) return json(200, value)
  return value.body === undefined ? new Response(null, { status: value.status }) : json(value.status, value.body)
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store', ...headers } })
}

/** What Svix does in the background is done when it is answered. */
export function finished(task: string, { ids, clock }: InstanceContext): Status {
  return new Status(202, { id: ids.next('qtask'), status: 'finished', task, updatedAt: toRfc3339(clock.now()) })
}
