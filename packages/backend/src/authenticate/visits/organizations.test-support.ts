import type { Visit } from '../asking.test-support.js'
import { document } from '../differential.test-support.js'
import { expired, inOrganization, pending, signedInCookies } from './tokens.test-support.js'

const sync = {
  organizationPatterns: ['/orgs/:slug', '/orgs/:slug/(.*)', '/by-id/:id'],
  personalAccountPatterns: ['/me', '/me/(.*)'],
}

/** Below paths that name an organization. */
export const visitsOfOrganizations: [name: string, visit: Visit][] = [
  // Organizations
  ...[
    '/orgs/acme',
    '/orgs/other',
    '/orgs/other/settings',
    '/by-id/org_1',
    '/by-id/org_2',
    '/me',
    '/me/x/y',
    '/elsewhere',
    '/ORGS/acme/',
  ].flatMap((path): [string, Visit][] => [
    [
      `${path} in an organization`,
      {
        url: `https://app.example.com${path}`,
        headers: document,
        cookies: { ...signedInCookies, __session: inOrganization },
        options: { organizationSyncOptions: sync },
      },
    ],
    [
      `${path} in none`,
      {
        url: `https://app.example.com${path}`,
        headers: document,
        cookies: signedInCookies,
        options: { organizationSyncOptions: sync },
      },
    ],
  ]),
  [
    'an organization, called by a script',
    { url: 'https://app.example.com/orgs/x', cookies: signedInCookies, options: { organizationSyncOptions: sync } },
  ],
  [
    'an organization that cannot be activated',
    {
      url: 'https://app.example.com/orgs/x',
      headers: document,
      cookies: { ...signedInCookies, __clerk_redirect_count: '3' },
      options: { organizationSyncOptions: sync },
    },
  ],
  [
    'an organization and an expired session',
    {
      url: 'https://app.example.com/orgs/x',
      headers: document,
      cookies: { __session: expired, __client_uat: '9' },
      options: { organizationSyncOptions: sync },
    },
  ],
  [
    'an organization and a pending session',
    {
      url: 'https://app.example.com/orgs/x',
      headers: document,
      cookies: { ...signedInCookies, __session: pending },
      options: { organizationSyncOptions: sync },
    },
  ],
]
