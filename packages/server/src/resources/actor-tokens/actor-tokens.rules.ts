import { errors } from '../../kernel/errors/errors.js'

/** Bytes, as JSON: it goes into the claims of every token of the session. */
const ACTOR_LIMIT = 8 * 1024

/**
 * The actor is whoever the application says: `sub` need not be a user of the instance.
 *
 * @throws {ApiError} 422 for an actor without `sub`, too large, or that is the user
 */
export function checkActor(actor: Record<string, unknown>, userId: string): void {
  const { sub } = actor
  if (sub === undefined) throw errors.paramMissing('actor.sub')
  if (typeof sub !== 'string') throw errors.paramTypeInvalid('actor.sub', 'string')
  if (sub === '') throw errors.paramValueInvalid('actor.sub', 'must not be empty')
  if (sub === userId) throw errors.paramValueInvalid('actor.sub', 'must not be the user to be impersonated')
  if (Buffer.byteLength(JSON.stringify(actor)) > ACTOR_LIMIT) throw errors.paramTooLarge('actor', ACTOR_LIMIT)
}
