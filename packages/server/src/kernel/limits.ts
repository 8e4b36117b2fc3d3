/** A number of calls within a window. */
export interface Rule {
  max: number
  windowSeconds: number
}

/** A rule of an endpoint. */
export interface Limit extends Rule {
  /** Counted for each address, for each caller, or for each value of a parameter of the path. */
  by: 'ip' | 'caller' | { param: string }
  /** Endpoints of the same name are counted together. Default is each by itself. */
  name?: string
}

/** At most `max` calls from one address within `windowSeconds`; IPv6 addresses count by their /64. */
export const perIp = (max: number, windowSeconds: number): Limit => ({ by: 'ip', max, windowSeconds })

/** At most `max` calls by one caller (a key, a client, a user) within `windowSeconds`. */
export const perCaller = (max: number, windowSeconds: number): Limit => ({ by: 'caller', max, windowSeconds })

/**
 * At most `max` calls with one value of a path parameter within `windowSeconds`, whoever calls.
 *
 * @param param as in the path: `user_id`
 * @param name of the limit, which several endpoints can share
 */
export const perParam = (param: string, name: string, max: number, windowSeconds: number): Limit => ({
  by: { param },
  name,
  max,
  windowSeconds,
})

/** For an endpoint without any limit, not even the limit on all calls together. */
export const unlimited = 'unlimited'

/** What is counted under a key, and how far. */
export interface Counted extends Rule {
  key: string
}

export interface Refusal {
  /** Until none of the rules refuses any more. */
  retryAfterSeconds: number
  /** The keys whose rules refuse. */
  reached: string[]
}

/**
 * Counts one more call for all of the keys, or for none if the rule of one of them refuses it: then nothing is used up.
 *
 * @param counted each key once
 * @returns undefined while all rules allow it
 */
export type Consume = (...counted: readonly Counted[]) => Promise<Refusal | undefined>
