import { describe, expect, it } from 'vitest'
import { frontendEndpoints } from '../../packages/server/src/compose/endpoints.js'
import { configure } from '../../packages/server/src/flows/sign-in/sign-in.test-support.js'
import { ENCRYPTION_KEY } from '../../packages/server/src/resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../../packages/server/src/server.test-support.js'
import { profileWalks, reverificationWalks } from './account.walks.test-support.js'
import { answers } from './answers.test-support.js'
import { prepareAnswers, prepareWalks } from './prepare.walks.test-support.js'
import { signInWalks } from './sign-in.walks.test-support.js'
import { signUpWalks } from './sign-up.walks.test-support.js'
import { organizationWalks, ticketWalks } from './ticket.walks.test-support.js'
import { outcomeOf, rowsOf, Start, take, type Misuse, type Step, type Walk } from './walk.test-support.js'

const walks: Walk[] = [
  ...signInWalks,
  ...signUpWalks,
  ...prepareWalks,
  ...ticketWalks,
  ...reverificationWalks,
  ...profileWalks,
  ...organizationWalks,
]

/** Fields of a form that prove something. */
const PROOFS = ['code', 'password', 'ticket', 'token', 'public_key_credential', 'current_password', 'signature']
const STRATEGIES = [
  'password',
  'email_code',
  'phone_code',
  'email_link',
  'reset_password_email_code',
  'reset_password_phone_code',
  'passkey',
  'totp',
  'backup_code',
  'ticket',
  'oauth_google',
  'unknown',
]

/** Strategies that nothing is sent for. */
const UNPREPARED = ['password', 'totp', 'backup_code', 'ticket', 'unknown']

/** Operations of signing in, signing up, and proving oneself again. */
const operations = frontendEndpoints.filter(
  ({ method, path, operationId }) =>
    method !== 'GET' &&
    (/^\/client\/(sign_(in|up)s|sessions\/:session_id\/verify)\b/.test(path) ||
      operationId === 'spendVerificationLink'),
)
/** The ways of misusing an operation that there are for each, whatever its last step proves. */
const KINDS: readonly (readonly Misuse[])[] = [
  ['too early'],
  ['in another browser', 'with the proof of another attempt'],
  ['with the fields of other strategies', 'with other strategies'],
  ['too late'],
  ['again'],
]
/** What an operation cannot be misused by. */
const IMPOSSIBLE: Readonly<Record<string, readonly Misuse[]>> = {
  // They begin an attempt, in any browser.
  createSignIn: ['in another browser'],
  createSignUps: ['in another browser', 'with the fields of other strategies'],
  // No strategies.
  resetPassword: ['with the fields of other strategies'],
  updateSignUps: ['with the fields of other strategies'],
  // Can be begun anew at any time; in another browser the session is not there, as in the matrix of attacks.
  startSessionReverification: KINDS.map(([kind]) => kind!),
}

const GOOD = /^[23]\d\d (good|verified|complete|sign_in|sign_up)$/

let people = 0

describe.each(dialects)('a flow of the Frontend API on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const misused = new Map<string, Set<string>>()
  const note = ({ route }: Step, kinds: readonly string[]) => {
    const called = operations.find(({ method, path }) =>
      new RegExp(`^${method} ${path.replaceAll(/:\w+/g, '[^/]+')}$`).test(route),
    )
    if (!called) return
    const known = misused.get(called.operationId) ?? new Set()
    misused.set(called.operationId, new Set([...known, ...kinds]))
  }

  /** Goes to the last step. @param visit sees the steps before it that come too early */
  const ready = async (walk: Walk, visit: (step: Step) => Promise<void> = async () => {}): Promise<Step> => {
    const steps = walk.steps(new Start(server, people++))
    for (let next = await steps.next(); ; next = await steps.next()) {
      if (next.done) return next.value
      await visit(next.value)
    }
  }
  const goOn = async (step: Step, after: string) => expect(outcomeOf(await take(step)), after).toMatch(GOOD)

  it.each(walks.map((walk) => [walk.name, walk] as const))(
    'stays where it is when it is misused: %s',
    async (name, walk) => {
      await configure(server, walk.settings ?? {})
      const { proof } = walk
      const shown: Partial<Record<Misuse, string[]>> = {}
      const misuse = async (kind: Misuse, step: Step, { countsTries = false } = {}) => {
        const before = await rowsOf(server, { countsTries })
        const outcome = outcomeOf(await take(step))
        expect(await rowsOf(server, { countsTries }), `${kind}: ${outcome}`).toEqual(before)
        const outcomes = (shown[kind] ??= [])
        if (!outcomes.includes(outcome)) outcomes.push(outcome)
      }

      await goOn(await ready(walk, (step) => misuse('too early', step)), 'too early')

      const [mine, theirs] = [await ready(walk), await ready(walk)]
      if (!walk.isAnybodys) {
        await misuse('in another browser', { ...mine, browser: theirs.browser })
        if (proof) {
          const form = { ...mine.form, [proof]: theirs.form![proof]! }
          await misuse('with the proof of another attempt', { ...mine, form }, { countsTries: true })
        }
      }
      if (proof) {
        const { [proof]: value = '', ...form } = mine.form!
        for (const other of PROOFS) if (other !== proof) form[other] = value
        await misuse('with the fields of other strategies', { ...mine, form })
      }
      await goOn(mine, 'other ones')
      // The password was changed: the one from before is a wrong one.
      await misuse('again', mine, { countsTries: proof === 'current_password' })

      const own = theirs.form?.['strategy']
      for (const strategy of /\/prepare_/.test(mine.route) ? UNPREPARED : []) {
        await misuse('with other strategies', { ...theirs, form: { ...theirs.form, strategy } })
      }
      for (const strategy of own === undefined || !proof ? [] : STRATEGIES) {
        if (strategy === own) continue
        const step = await ready(walk)
        const form: Record<string, string | undefined> = { ...step.form, strategy }
        for (const field of PROOFS) form[field] ??= step.form![proof!]
        await misuse('with other strategies', { ...step, form }, { countsTries: true })
        await goOn(step, strategy)
      }

      const attempts = /^POST (\/client\/sign_(?:in|up)s)\/\w+\//.exec(mine.route)?.[1]
      if (attempts !== undefined) {
        const replaced = await ready(walk)
        await take({ browser: replaced.browser, route: `POST ${attempts}`, form: {} })
        await misuse('once another attempt has replaced it', replaced)
      }

      if (walk.lifetime !== undefined) {
        server.clock.advance(walk.lifetime)
        await misuse('too late', theirs, { countsTries: true })
      }
      for (const outcomes of Object.values(shown)) outcomes.sort()
      note(mine, Object.keys(shown))
      expect(shown).toEqual({ ...answers, ...prepareAnswers }[name])
    },
  )

  it('was misused in every way, in each of its operations', () => {
    const missing = operations.flatMap(({ operationId }) =>
      KINDS.filter((kinds) => !kinds.some((kind) => IMPOSSIBLE[operationId]?.includes(kind)))
        .filter((kinds) => !kinds.some((kind) => misused.get(operationId)?.has(kind)))
        .map((kinds) => `${operationId}: ${kinds.join(' or ')}`),
    )
    expect(missing).toEqual([])
  })
})
