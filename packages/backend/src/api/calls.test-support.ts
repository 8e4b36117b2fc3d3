/** Arguments for each method, those that matter for the request being set. */

/** `namespace.method`, then its arguments. */
export type Call = [method: string, ...args: unknown[]]

export { furtherCalls, olderCalls } from './further-calls.test-support.js'
export { officialCalls } from './official-calls.test-support.js'

/** Calls that the two SDKs turn into other requests, on purpose, and why. */
export const unlikeCalls: [reason: string, ...Call][] = [
  [
    'False and zero are values: left out, the filter would be another one.',
    'users.getUserList',
    { banned: false, offset: 0 },
  ],
  ['False and zero are values.', 'apiKeys.list', { subject: 'user_1', includeInvalid: false, offset: 0 }],
  [
    'None of no ids: the answer is an empty page, known unasked; left out, the filter would list everybody.',
    'users.getUserList',
    { userId: [] },
  ],
  ['None of no ids.', 'organizations.getOrganizationList', { organizationId: [] }],
  ['A cursor is no filter: the count does not take it.', 'users.getUserList', { startingAfter: 'user_1', limit: 5 }],
  ['Each id is percent-encoded: it can add neither a query nor a fragment.', 'users.getUser', 'u?x=1#y'],
  ['Each id is one segment.', 'users.deleteUserPasskey', { userId: 'a/b', passkeyIdentificationId: 'c' }],
  ['The same path, written with every id encoded.', 'roleSets.getRoleSet', 'role_set:default'],
]

type Methods = Record<string, (...args: unknown[]) => Promise<unknown>>

/** Calls a method of a client by its name. */
export function callMethod(client: object, [name, ...args]: Call): Promise<unknown> {
  const [namespace, method] = name.split('.') as [string, string]
  return (client as Record<string, Methods>)[namespace]![method]!(...args)
}

/** The methods that a client has, as `namespace.method`. */
export function methodsOf(client: object): string[] {
  return Object.entries(client).flatMap(([namespace, api]) =>
    typeof api === 'object' && api !== null && namespace !== 'telemetry'
      ? Object.getOwnPropertyNames(Object.getPrototypeOf(api))
          .filter((name) => name !== 'constructor')
          .map((name) => `${namespace}.${name}`)
      : [],
  )
}
