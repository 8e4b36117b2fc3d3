import { Secret, TOTP } from 'otpauth'
import { operator } from '../kernel/caller.js'
import { servicesOf } from '../resources/users/user-parts.test-support.js'
import type { TestServer } from '../server.test-support.js'
import type { Attempt, AttemptParams, Factor, FactorSubject, PrepareParams } from './factor.js'
import { offersOf } from './index.js'

export const SIGN_IN: FactorSubject = { kind: 'sign_in', id: 'sia_1' }
export const OTHER_SIGN_IN: FactorSubject = { kind: 'sign_in', id: 'sia_2' }
export const PASSWORD = 'analytical engine'
export const TOTP_SECRET = 'JBSWY3DPEHPK3PXP'

/** The factors of a test's instance, used as a sign-in uses them. */
export async function factorsOf(server: TestServer) {
  const { context, userRecords, factors } = await servicesOf(server)
  const caller = operator('test')

  /** How an attempt is settled; not in a transaction yet. */
  const check = async (factor: Factor, userId: string, params: AttemptParams, subject = SIGN_IN) => {
    const settle = await factor.read(params)(subject, await userRecords.get(userId))
    return () => context.transaction(caller, settle)
  }
  return {
    ...factors,
    check,
    attempt: async (...given: Parameters<typeof check>): Promise<Attempt> => (await check(...given))(),
    prepare: async (factor: Factor, userId: string, params: PrepareParams = {}, subject = SIGN_IN) => {
      const user = await userRecords.get(userId)
      return context.transaction(caller, (tx) => factor.prepare!(subject, user, params, tx))
    },
    offers: async (set: keyof typeof factors, userId: string, identifiedBy?: string) =>
      offersOf(factors[set], await userRecords.get(userId), context.instance.settings, identifiedBy),
    /** Changes the instance's settings, as nothing else can yet. */
    set: async (settings: object) => {
      await server.server.database.transaction((tx) =>
        tx
          .updateTable('instances')
          .set({ settings: JSON.stringify(settings), updated_at: server.clock.now() + 1 })
          .where('id', '=', server.instance.id)
          .execute(),
      )
      await context.refreshInstance()
    },
  }
}

/** The code of the message that was queued last. Let time pass between two messages: it orders them. */
export async function lastCode(server: TestServer): Promise<string> {
  return (await server.messages()).at(-1)!.data!['otp_code'] as string
}

export function totpAt(timestamp: number): string {
  return new TOTP({ secret: Secret.fromBase32(TOTP_SECRET) }).generate({ timestamp })
}

/** Six digits that are none of the given codes. */
export function otherThan(...codes: string[]): string {
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !codes.includes(code))!
}

/** Verifications that were written for a subject, oldest first. */
export function verificationsOf(server: TestServer, { id }: FactorSubject) {
  return server.server.database.read
    .selectFrom('verifications')
    .select(['subject_kind', 'user_id', 'strategy', 'status', 'identification_id'])
    .where('subject_id', '=', id)
    .where('instance_id', '=', server.instance.id)
    .orderBy('created_at')
    .execute()
}
