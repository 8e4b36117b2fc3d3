import type { Instance } from '../instances/instance.js'
import { secretKeyRule } from '../instances/settings/rate-limits.js'
import { callerId, type Access, type Caller } from '../kernel/caller.js'
import { errors } from '../kernel/errors/errors.js'
import { unlimited, type Consume, type Limit, type Rule } from '../kernel/limits.js'
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
  const { enabled, people } = instance.settings.rateLimits
  const isOn = enabled || (people && endpoint.api === 'frontend')
  if (!isOn || limit === unlimited) return
  const spend = async (key: string, rule: Rule) => {
    const refused = await consume(`${instance.id} ${key}`, rule)
    if (refused) throw errors.tooManyRequests(refused.retryAfterSeconds)
  }
  const overall = caller.kind === 'system' ? undefined : OVERALL[caller.kind]?.(instance)
  if (overall) await spend(whoCalls(caller), overall)
  if (limit) await spend(`${limit.name ?? endpoint.operationId} ${countedBy(limit, request)}`, limit)
}

function countedBy({ by }: Limit, { params, caller }: LimitedRequest): string {
  if (by === 'ip') return addressKey(caller.ipAddress)
  return by === 'caller' ? whoCalls(caller) : params[by.param]!
}

/** Public callers are told apart by their address. */
function whoCalls(caller: Caller): string {
  return `${caller.kind} ${callerId(caller) ?? addressKey(caller.ipAddress)}`
}
