import { describe, expect, it } from 'vitest'
import { frontendEndpoints } from '../../packages/server/src/compose/endpoints.js'
import { useTestServer, type TestServer } from '../../packages/server/src/server.test-support.js'
import {
  goodForm,
  newHome,
  newPerson,
  sendAs,
  suites,
  type Environment,
  type Person,
} from './frontend-world.test-support.js'

type FrontendEndpoint = (typeof frontendEndpoints)[number]

const RACERS = 64

/** On PostgreSQL, which takes three times as long, with cookies alone: they are what requests change at once. */
const raced = suites.filter(([environment, dialect]) => environment === 'production' || dialect === 'sqlite')

describe.each(raced)('64 calls at once of every operation of the Frontend API in %s on %s', (environment, dialect) => {
  const server = useTestServer(dialect)

  /** The answers of the racers, and of one that comes after them. */
  const race = async (home: TestServer, endpoint: FrontendEndpoint, person: Person) => {
    const { token } = person.browserOf(endpoint)
    const attempt = async () => {
      const form = goodForm(endpoint, person)
      const { status, code } = await sendAs(home, endpoint, { token, path: person.pathOf(endpoint), form })
      return `${status} ${code ?? 'good'}`
    }
    return { raced: await Promise.all(Array.from({ length: RACERS }, attempt)), after: await attempt() }
  }

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    'is answered as if one came after the other, with %s',
    { timeout: 180_000 },
    async (method) => {
      const home = await newHome(server, environment)
      const reader = await newPerson(home)
      const found: string[] = []
      for (const endpoint of frontendEndpoints.filter((one) => one.method === method)) {
        const { raced, after } = await race(home, endpoint, method === 'GET' ? reader : await newPerson(home))
        if (!isAsInTurn(endpoint, environment, raced, after))
          found.push(`${endpoint.operationId}: ${tally(raced)}, then ${after}`)
      }
      expect(found).toEqual([])
    },
  )
})

/** What they ask for exists only after another step, or was done before. */
const NEVER_GOOD = new Set([
  'acceptTicket',
  'attemptOrganizationDomainVerification',
  'attemptPasskeyVerification',
  'attemptSessionReverificationFirstFactor',
  'attemptSessionReverificationSecondFactor',
  'attemptSignInFactorTwo',
  'attemptSignUpsVerification',
  'createAgentTask',
  'createServiceToken',
  'createSessionTokenWithTemplate',
  'deleteOrganizationLogo',
  'deleteOrganizationMemberships',
  'deleteProfileImage',
  'deleteTOTP',
  'deleteUser',
  'getWebAuthnRelatedOrigins',
  'joinWaitlist',
  'linkClient',
  'openSessionLink',
  'spendSessionLink',
  'spendVerificationLink',
  'prepareOrganizationDomainVerification',
  'prepareSessionReverificationFirstFactor',
  'prepareSessionReverificationSecondFactor',
  'prepareSignInFactorTwo',
  'removePassword',
  'resetPassword',
  'sendVerificationEmail',
  'sendVerificationSMS',
  'syncClient',
  'verify',
  'verifyEmailAddress',
  'verifyPhoneNumber',
  'verifyTOTP',
])

const NEVER_GOOD_IN: Readonly<Record<Environment, ReadonlySet<string>>> = {
  development: new Set(),
  production: new Set([
    'createDevBrowser',
    'enableEnvironmentSetting',
    'getDevBrowserInit',
    'postDevBrowserInitSetCookie',
  ]),
}

/**
 * The racers were let in before one of them took from all what lets them in: they do what is done already. A cookie changes
 * with each step of a sign-in.
 */
const ENDS_ITS_OWN_ACCESS = new Set([
  'attemptSignInFactorOne',
  'endSession',
  'removeSession',
  'revokeSession',
  'UpdatePhoneNumber',
])

/** Whoever comes last is told what all are told, but for one who was first where it can be done only once. */
function isAsInTurn(
  { operationId }: FrontendEndpoint,
  environment: Environment,
  raced: readonly string[],
  after: string,
): boolean {
  const [good, refused] = [raced.filter(isGood), raced.filter((outcome) => !isGood(outcome))]
  if (isGood(after)) return refused.length === 0
  if (ENDS_ITS_OWN_ACCESS.has(operationId)) {
    return refused.every((outcome) => /^40[13] /.test(outcome) || outcome === after)
  }
  const isNeverGood = NEVER_GOOD.has(operationId) || NEVER_GOOD_IN[environment].has(operationId)
  if (good.length !== (isNeverGood ? 0 : 1)) return false
  // Wrong passwords are counted, and enough of them lock the person out.
  if (after === '403 user_locked') return refused.every((outcome) => outcome.startsWith('4'))
  return refused.every((outcome) => statusOf(outcome) === statusOf(after)) && !after.startsWith('5')
}

const statusOf = (outcome: string) => outcome.slice(0, 3)
const isGood = (outcome: string) => outcome.endsWith(' good')

function tally(outcomes: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  return [...counts].map(([outcome, count]) => `${count} x ${outcome}`).join(', ')
}
