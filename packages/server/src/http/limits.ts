import type { Instance } from '../instances/instance.js'
import { areLimited, secretKeyRule } from '../instances/settings/rate-limits.js'
import { callerId, type Access, type Caller } from '../kernel/caller.js'
import { errors } from '../kernel/errors/errors.js'
import { unlimited, type Consume, type Counted, type Limit, type Rule } from '../kernel/limits.js'
import { addressKey } from './client-address.js'
import type { Endpoint } from './endpoint.js'

/** The limit on all calls of one caller, by kind of caller. Single endpoints have limits in addition. */
const OVERALL: { [Kind in Access]?: (instance: Instance) => Rule } = { secret_key: secretKeyRule }

interface LimitedRequest {
  endpoint: Endpoint
  /** Of the path, as on the wire. */
  params: Readonly<Record<string, string>>
  caller: Caller
  instance: Instance
}

/**
 * Counts the request, if the instance has these rate limits switched on. Each instance counts separately.
 *
 * @throws {ApiError} 429 `too_many_requests` with `Retry-After`
 */
export async function enforceLimits(request: LimitedRequest, consume: Consume): Promise<void> {
  const { endpoint, caller, instance } = request
  const { limit } = endpoint
  if (limit === unlimited || !areLimited(instance.settings.rateLimits, caller)) return
  const counted: Counted[] = []
  const overall = caller.kind === 'system' ? undefined : OVERALL[caller.kind]?.(instance)
  if (overall) counted.push({ ...overall, key: `${instance.id} ${whoCalls(caller)}` })
  if (limit) {
    const { max, windowSeconds, name = endpoint.operationId } = limit
    counted.push({ max, windowSeconds, key: `${instance.id} ${name} ${countedBy(limit, request)}` })
  }
  const refused = counted.length === 0 ? undefined : await consume(...counted)
  if (refused) throw errors.tooManyRequests(refused.retryAfterSeconds)
}

function countedBy({ by }: Limit, { params, caller }: LimitedRequest): string {
  if (by === 'ip') return addressKey(caller.ipAddress)
  return by === 'caller' ? whoCalls(caller) : params[by.param]!
}

/** Public callers are told apart by their address. */
function whoCalls(caller: Caller): string {
  return `${caller.kind} ${callerId(caller) ?? addressKey(caller.ipAddress)}`
}
