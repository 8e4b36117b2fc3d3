import type { SignUpRecord } from './sign-ups.table.js'

/** Milliseconds: a day. Nobody goes on with a sign-up after that. */
export const ABANDONED_AFTER = 24 * 60 * 60 * 1000

export function signUpStatus(
  { status, abandonAt }: Pick<SignUpRecord, 'status' | 'abandonAt'>,
  now: number,
): SignUpRecord['status'] | 'abandoned' {
  return status === 'missing_requirements' && abandonAt <= now ? 'abandoned' : status
}
