import type { frontendEndpoints } from '../../packages/server/src/compose/endpoints.js'
import type { Environment, Sent } from './frontend-world.test-support.js'

type FrontendEndpoint = (typeof frontendEndpoints)[number]

/** Operations that an attack is answered alike by: who may call them, and whether their path names something of a person's. */
const STYLES = [
  'public',
  'a browser',
  'a browser, of something of its own',
  'a person',
  'a person, of something of their own',
  'a member',
  'a member with a right',
] as const
type Style = (typeof STYLES)[number]

function styleOf({ access, path, permission }: FrontendEndpoint): Style {
  const isNamed = /:(?!template_name)\w+/.test(path)
  if (access === 'public') return 'public'
  if (permission !== undefined) return permission === 'member' ? 'a member' : 'a member with a right'
  if (access === 'client') return isNamed ? 'a browser, of something of its own' : 'a browser'
  if (access === 'session') return isNamed ? 'a person, of something of their own' : 'a person'
  throw new Error(`Which style of operation has the access ${String(access)}?`)
}

/** Deletions last, and last of all what ends the attacker's own sessions: until then they are who they are. */
export function rank(endpoint: FrontendEndpoint): number {
  return (
    STYLES.length -
    STYLES.indexOf(styleOf(endpoint)) +
    (endpoint.operationId === 'deleteUser' ? 0.5 : 0) +
    (endpoint.method === 'DELETE' ? 0.25 : 0)
  )
}

/** `any`: whatever it is; that there is nothing of the victim's in it holds for every answer. */
type Outcome = 'any' | `${number} ${string}`

/** What an attack is answered, by style; of operations that ask for nobody, whether they are answered as everybody is. */
export type Attack = Readonly<Record<Exclude<Style, 'public'>, Outcome> & { public: 'as everybody' | Outcome }>

const SIGNED_OUT = '401 signed_out'
const UNKNOWN_BROWSER = '401 dev_browser_unauthenticated'
const FOREIGN_PAGE = '400 origin_invalid'
/** Some kinds of rows have a code of their own. */
export const NOT_FOUND = '404 not_found'
export const NO_MEMBER = '404 organization_not_found_or_unauthorized'

/** A browser in which nobody is signed in. */
const signedOut: Attack = {
  public: 'as everybody',
  'a browser': 'any',
  'a browser, of something of its own': NOT_FOUND,
  'a person': SIGNED_OUT,
  'a person, of something of their own': SIGNED_OUT,
  'a member': SIGNED_OUT,
  'a member with a right': SIGNED_OUT,
}

/** Somebody who is signed in, and has nothing to do with the victim. */
const signedIn: Attack = {
  ...signedOut,
  'a person': 'any',
  'a person, of something of their own': NOT_FOUND,
  'a member': NO_MEMBER,
  'a member with a right': NO_MEMBER,
}

/** A member of the victim's organization whose role has no right in it. */
const powerless: Attack = {
  ...signedIn,
  'a member': 'any',
  'a member with a right': '403 missing_organization_permission',
}

const ofNoPage: Attack = {
  public: FOREIGN_PAGE,
  'a browser': FOREIGN_PAGE,
  'a browser, of something of its own': FOREIGN_PAGE,
  'a person': FOREIGN_PAGE,
  'a person, of something of their own': FOREIGN_PAGE,
  'a member': FOREIGN_PAGE,
  'a member with a right': FOREIGN_PAGE,
}

const unknown: Attack = {
  public: 'as everybody',
  'a browser': UNKNOWN_BROWSER,
  'a browser, of something of its own': UNKNOWN_BROWSER,
  'a person': UNKNOWN_BROWSER,
  'a person, of something of their own': UNKNOWN_BROWSER,
  'a member': UNKNOWN_BROWSER,
  'a member with a right': UNKNOWN_BROWSER,
}

const inDevelopment: Readonly<Record<string, Attack>> = {
  'no browser': signedOut,
  'another browser': signedOut,
  'a browser that does not exist': unknown,
  'another person': signedIn,
  'another person who names the session': signedOut,
  'a person with a pending session': signedIn,
  'a member without a right': powerless,
  'somebody who was banned': signedOut,
  'somebody whose session has expired': signedOut,
  'somebody whose session was revoked': signedOut,
  'the browser at another instance': unknown,
  'a person of another instance': signedIn,
  'the browser at a page of another site': ofNoPage,
  'the browser at a page that hides where it is': ofNoPage,
}

/** By a cookie that is not good a browser counts as a new one. */
const inProduction: typeof inDevelopment = {
  ...inDevelopment,
  'a browser that does not exist': signedOut,
  'the browser at another instance': signedOut,
  'the browser with the cookie from before it signed in': signedOut,
  'the browser with an expired cookie': signedOut,
}

export const attacks = { development: inDevelopment, production: inProduction }

const NOT_HERE = '400 request_invalid_for_environment'

/** What everybody is answered by the operations that ask for nobody, whoever they are. */
export const everybody: Readonly<Record<string, Outcome | Readonly<Record<Environment, Outcome>>>> = {
  getEnvironment: '200 good',
  updateEnvironment: '200 good',
  enableEnvironmentSetting: { development: '200 good', production: '403 request_invalid_for_environment' },
  getAccountPortal: '200 good',
  createDevBrowser: { development: '200 good', production: NOT_HERE },
  getJWKS: '200 good',
  getWebAuthnRelatedOrigins: '404 not_found',
  joinWaitlist: '403 waitlist_not_accepting_entries',
  clearSiteData: '200 good',
  redirectToUrl: '307 good',
  openSessionLink: '422 form_param_missing',
  spendSessionLink: '422 form_param_missing',
  linkClient: '422 form_param_missing',
}

/** What an operation answers an attack with. */
export function expectedOf(endpoint: FrontendEndpoint, attack: Attack, environment: Environment): Outcome {
  const { operationId } = endpoint
  const style = styleOf(endpoint)
  // A handshake gives a browser whose token is worth nothing a new one.
  if (operationId === 'handshakeClient' && attack['a browser'] !== FOREIGN_PAGE) return '307 good'
  if (style !== 'public') return attack[style]
  if (attack.public !== 'as everybody') return attack.public
  const known = everybody[operationId]
  if (known === undefined) throw new Error(`What is everybody answered by ${operationId}?`)
  return typeof known === 'string' ? known : known[environment]
}

export function outcomeOf({ status, code }: Pick<Sent, 'status' | 'code'>): Outcome {
  return `${status} ${code?.replace(/^.*_not_found$/, 'not_found') ?? 'good'}`
}
