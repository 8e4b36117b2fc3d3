import type { Queries } from '../../storage/database.js'

/** Writes to a user's credentials that only one of two callers at once may win. */
export class UserCredentialStore {
  constructor(private readonly instanceId: string) {}

  /** Replaces the digest if it is still the one that was checked: a password set in the meantime stays. */
  async replaceDigest(
    userId: string,
    checked: string,
    { digest, hasher }: { digest: string; hasher: string },
    tx: Queries,
  ): Promise<void> {
    await tx
      .updateTable('users')
      .set({ password_digest: digest, password_hasher: hasher })
      .where('instance_id', '=', this.instanceId)
      .where('id', '=', userId)
      .where('password_digest', '=', checked)
      .execute()
  }

  /**
   * Takes the code of a time step, once.
   *
   * @param secret as it is stored: a code of a secret that was replaced in the meantime is no more
   * @returns false when this step or a later one was taken before
   */
  async spendTotpStep(userId: string, secret: string, step: number, tx: Queries): Promise<boolean> {
    const spent = await tx
      .updateTable('users')
      .set({ totp_used_step: step })
      .where('instance_id', '=', this.instanceId)
      .where('id', '=', userId)
      .where('totp_secret', '=', secret)
      .where((eb) => eb.or([eb('totp_used_step', 'is', null), eb('totp_used_step', '<', step)]))
      .returning('id')
      .executeTakeFirst()
    return spent !== undefined
  }
  /** The user's phone numbers serve as second factors no more. */
  async releasePhoneNumbers(userId: string, now: number, tx: Queries): Promise<void> {
    await tx
      .updateTable('phone_numbers')
      .set({ reserved_for_second_factor: 0, default_second_factor: 0, updated_at: now })
      .where('instance_id', '=', this.instanceId)
      .where('user_id', '=', userId)
      .where((eb) => eb.or([eb('reserved_for_second_factor', '=', 1), eb('default_second_factor', '=', 1)]))
      .execute()
  }
}
