import type { Caller } from '../../kernel/caller.js'
import type { SeedServices } from './seed-services.js'
import type { SeedInvitation, SeedWaitlistEntry } from './seed.schema.js'

/** @returns false if the id or the address has been invited before, whatever became of it, or is a user's */
export async function seedInvitation(
  { status, ...seed }: SeedInvitation,
  { invitations, context }: SeedServices,
  caller: Caller,
): Promise<boolean> {
  return context.transaction(caller, async (tx) => {
    if (await invitations.isKnown(seed, tx)) return false
    const { id } = await invitations.insert(seed, tx)
    if (status === 'revoked') await invitations.revokeIfPending(id, tx)
    return true
  })
}

/** @returns false if the id or the address is on the list already */
export async function seedWaitlistEntry(
  { status, ...seed }: SeedWaitlistEntry,
  { waitlistEntries, context }: SeedServices,
  caller: Caller,
): Promise<boolean> {
  return context.transaction(caller, async (tx) => {
    if (await waitlistEntries.exists(seed, tx)) return false
    const { id } = await waitlistEntries.insert(seed, tx)
    if (status === 'invited') await waitlistEntries.inviteIn(id, { notify: seed.notify }, tx)
    if (status === 'rejected') await waitlistEntries.rejectIn(id, tx)
    return true
  })
}
