#!/usr/bin/env node
// Writes packages/server/src/http/operations.ts, the table of every operation of both APIs.
//
//   LATCHKEY_CONTRACT=<folder> node scripts/generate-operations.mjs [--check]
//
// The folder holds OpenAPI files: backend-api.json (the newest version), backend-api-<date>.json (older ones) and
// frontend-api.json. With --check nothing is written, and the exit code is 1 when the committed table is stale.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const target = fileURLToPath(new URL('../packages/server/src/http/operations.ts', import.meta.url))
const methods = ['get', 'post', 'put', 'patch', 'delete']

/** Operations that no API description contains, with the callers that need them. */
const undescribed = [
  ['sdk', 'GET', '/clients/handshake_payload', 'GetHandshakePayload', 'Clients'],
  ['sdk', 'POST', '/email', 'SendEmail', 'Emails'],
  ['sdk', 'POST', '/email/batch', 'SendEmails', 'Emails'],
  ['sdk', 'GET', '/email/{email_id}', 'GetEmail', 'Emails'],
  ['sdk', 'POST', '/beta_features/change_domain', 'ChangeDomain', 'Beta Features'],
  ['sdk', 'DELETE', '/invitations/{invitation_id}', 'DeleteInvitation', 'Invitations'],
  ['classic', 'POST', '/emails', 'CreateEmail', 'Emails'],
  ['classic', 'POST', '/sms_messages', 'CreateSMSMessage', 'SMS Messages'],
]

/** Operations that browsers' packages or our own pages call, though the description of the Frontend API does not contain them. */
const undescribedInBrowsers = [
  ['GET', '/v1/client/touch', 'touchClient', 'Client'],
  ['POST', '/v1/client/verify', 'verifyClient', 'Client'],
  ['POST', '/v1/verify', 'spendVerificationLink', 'Sign Ins'],
  ['GET', '/v1/session_links', 'openSessionLink', 'Sessions'],
  ['POST', '/v1/session_links', 'spendSessionLink', 'Sessions'],
  ['GET', '/v1/client/sign_ups/{sign_up_id}/enterprise_connections', 'listSignUpEnterpriseConnections', 'Sign Ups'],
  ['PATCH', '/v1/dev_tools/enable_environment_setting', 'enableEnvironmentSetting', 'Environment'],
  ['PATCH', '/v1/client/sign_ins/{sign_in_id}/protect_check', 'submitSignInProtectCheck', 'Sign Ins'],
  ['PATCH', '/v1/client/sign_ups/{sign_up_id}/protect_check', 'submitSignUpProtectCheck', 'Sign Ups'],
  ['GET', '/v1/me/billing/credits', 'getUserBillingCredits', 'Credits'],
  ['GET', '/v1/me/billing/credits/history', 'listUserBillingCreditHistory', 'Credits'],
  ['GET', '/v1/organizations/{organizationID}/billing/credits', 'getOrganizationBillingCredits', 'Credits'],
  [
    'GET',
    '/v1/organizations/{organizationID}/billing/credits/history',
    'listOrganizationBillingCreditHistory',
    'Credits',
  ],
  [
    'GET',
    '/v1/organizations/{organizationID}/billing/payment_attempts',
    'listOrganizationPaymentAttempts',
    'Payment Attempts',
  ],
  [
    'GET',
    '/v1/organizations/{organizationID}/billing/payment_attempts/{paymentAttemptID}',
    'getOrganizationPaymentAttempt',
    'Payment Attempts',
  ],
  ['GET', '/v1/me/biometric_credentials', 'listBiometricCredentials', 'Trusted Devices'],
  ['POST', '/v1/me/biometric_credentials/prepare', 'prepareBiometricCredential', 'Trusted Devices'],
  ['POST', '/v1/me/biometric_credentials/attempt', 'attemptBiometricCredential', 'Trusted Devices'],
  ['DELETE', '/v1/me/biometric_credentials/{biometric_credential_id}', 'revokeBiometricCredential', 'Trusted Devices'],
  ['POST', '/v1/me/oauth/device/lookup', 'lookupOAuthDevice', 'OAuth2 Identity Provider'],
  ['POST', '/v1/me/oauth/device', 'submitOAuthDevice', 'OAuth2 Identity Provider'],
  [
    'GET',
    '/v1/organizations/{organizationID}/enterprise_connections/{enterprise_connection_id}/directory',
    'getDirectorySync',
    'Directory Sync',
  ],
  [
    'POST',
    '/v1/organizations/{organizationID}/enterprise_connections/{enterprise_connection_id}/directory',
    'createDirectorySync',
    'Directory Sync',
  ],
  [
    'PATCH',
    '/v1/organizations/{organizationID}/enterprise_connections/{enterprise_connection_id}/directory',
    'updateDirectorySync',
    'Directory Sync',
  ],
  [
    'DELETE',
    '/v1/organizations/{organizationID}/enterprise_connections/{enterprise_connection_id}/directory',
    'deleteDirectorySync',
    'Directory Sync',
  ],
  [
    'POST',
    '/v1/organizations/{organizationID}/enterprise_connections/{enterprise_connection_id}/directory/rotate_api_key',
    'rotateDirectorySyncKey',
    'Directory Sync',
  ],
  [
    'POST',
    '/v1/organizations/{organizationID}/enterprise_connections/{enterprise_connection_id}/directory/credentials',
    'setDirectorySyncCredentials',
    'Directory Sync',
  ],
  [
    'POST',
    '/v1/organizations/{organizationID}/enterprise_connections/{enterprise_connection_id}/directory/sync',
    'startDirectorySync',
    'Directory Sync',
  ],
  [
    'GET',
    '/v1/organizations/{organizationID}/enterprise_connections/{enterprise_connection_id}/directory/sync_status',
    'getDirectorySyncStatus',
    'Directory Sync',
  ],
  [
    'GET',
    '/v1/organizations/{organizationID}/enterprise_connections/{enterprise_connection_id}/directory/groups',
    'listDirectoryGroups',
    'Directory Sync',
  ],
  [
    'GET',
    '/v1/organizations/{organizationID}/enterprise_connections/{enterprise_connection_id}/directory/group_role_mappings',
    'listDirectoryGroupRoles',
    'Directory Sync',
  ],
  [
    'PUT',
    '/v1/organizations/{organizationID}/enterprise_connections/{enterprise_connection_id}/directory/group_role_mappings',
    'replaceDirectoryGroupRoles',
    'Directory Sync',
  ],
  [
    'GET',
    '/v1/organizations/{organizationID}/enterprise_connections/{enterprise_connection_id}/directory/users',
    'listDirectoryUsers',
    'Directory Sync',
  ],
  [
    'GET',
    '/v1/organizations/{organizationID}/sso_bypass_allowlist_users',
    'listSSOBypassUsers',
    'Enterprise Connections',
  ],
  [
    'POST',
    '/v1/organizations/{organizationID}/sso_bypass_allowlist_users',
    'addSSOBypassUser',
    'Enterprise Connections',
  ],
  [
    'POST',
    '/v1/organizations/{organizationID}/sso_bypass_allowlist_users/bulk',
    'addSSOBypassUsers',
    'Enterprise Connections',
  ],
  [
    'DELETE',
    '/v1/organizations/{organizationID}/sso_bypass_allowlist_users/{user_id}',
    'removeSSOBypassUser',
    'Enterprise Connections',
  ],
  // Of the packages for telephones.
  ['POST', '/v1/client/hosted_auth', 'createHostedAuth', 'Client'],
  ['POST', '/v1/client/magic_links/complete', 'completeMagicLink', 'Client'],
  ['POST', '/v1/client/device_attestation/challenges', 'createDeviceAttestationChallenge', 'Client'],
  ['POST', '/v1/client/device_attestation/verify', 'verifyDeviceAttestation', 'Client'],
  // Where browsers' packages stop to wait for the client: the provider's older page, and the end of a session there.
  [
    'GET',
    '/oauth/authorize-with-immediate-redirect',
    'authorizeOAuthWithImmediateRedirect',
    'OAuth2 Identity Provider',
  ],
  ['GET', '/oauth/end_session', 'endOAuthSession', 'OAuth2 Identity Provider'],
]

/** The official SDK calls these without `/v1`, unlike every other path of the Backend API. */
const alsoWithoutVersion = /^\/(api_keys|m2m_tokens|oauth_applications\/access_tokens)(\/|$)/

const folder = process.env.LATCHKEY_CONTRACT ?? ''
if (!folder) {
  console.error('LATCHKEY_CONTRACT is not set. Set it to the folder that holds backend-api.json and frontend-api.json.')
  process.exit(2)
}

const read = (file) => JSON.parse(readFileSync(join(folder, file), 'utf8'))

function operationsOf(document, api, source) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods
      .filter((method) => item[method])
      .map((method) => operation(api, source, method.toUpperCase(), path, item[method].operationId, item[method].tags)),
  )
}

function operation(api, source, method, path, operationId, tags) {
  const route = path.replace(/\{([^}]+)\}/g, ':$1')
  return {
    api,
    method,
    path: api === 'backend' ? `/v1${route}` : route,
    alsoAt: api === 'backend' && alsoWithoutVersion.test(route) ? route : undefined,
    operationId,
    tag: tags?.[0] ?? 'Miscellaneous',
    source,
  }
}

/** Routes that differ only in the names of their parameters are the same. */
const identity = ({ method, path }) => `${method} ${path.replace(/:[^/]+/g, ':')}`

/** Adds the former path to operations that have moved since an older version; returns those that no longer exist. */
function addFormerPaths(current, older) {
  const byId = new Map(current.map((operation) => [operation.operationId, operation]))
  return older.filter(({ operationId, path }) => {
    const moved = byId.get(operationId)
    if (moved) moved.alsoAt = path
    return !moved
  })
}

function olderOperations(known) {
  const seen = new Set(known.map(identity))
  const files = readdirSync(folder).filter((file) => /^backend-api-[\d-]+\.json$/.test(file))
  // Newest first: the latest description of an operation is the one to keep.
  return files
    .sort()
    .reverse()
    .flatMap((file) => operationsOf(read(file), 'backend', 'older'))
    .filter((older) => {
      const isNew = !seen.has(identity(older))
      seen.add(identity(older))
      return isNew
    })
}

function line({ api, method, path, alsoAt, operationId, tag, source }) {
  const also = alsoAt ? `, alsoAt: '${alsoAt}'` : ''
  return `  { api: '${api}', method: '${method}', path: '${path}'${also}, operationId: '${operationId}', tag: '${tag}', source: '${source}' },`
}

const backend = operationsOf(read('backend-api.json'), 'backend', 'contract')
const frontend = operationsOf(read('frontend-api.json'), 'frontend', 'contract')
const older = addFormerPaths(backend, olderOperations(backend))
const others = [
  ...undescribed.map(([source, method, path, operationId, tag]) =>
    operation('backend', source, method, path, operationId, [tag]),
  ),
  ...undescribedInBrowsers.map(([method, path, operationId, tag]) =>
    operation('frontend', 'sdk', method, path, operationId, [tag]),
  ),
]

const text = `// Generated by scripts/generate-operations.mjs; do not edit.

export type OperationApi = 'backend' | 'frontend'
export type OperationMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Who describes an operation: the newest version of either API (\`contract\`), only versions before it (\`older\`), only
 * the code of the official SDK, of a browser package or of our own pages (\`sdk\`), or only the classic SDK (\`classic\`). All are served under every version.
 */
export type OperationSource = 'contract' | 'older' | 'sdk' | 'classic'

export interface Operation {
  api: OperationApi
  method: OperationMethod
  /** With \`:name\` for each parameter, and \`/v1\` where the URL has it. */
  path: string
  /** A second path, of older versions or of the official SDK. */
  alsoAt?: string
  /** Unique within its API; 14 are in both. */
  operationId: string
  tag: string
  source: OperationSource
}

/** ${backend.length} operations of the Backend API, ${frontend.length} of the Frontend API, and ${older.length + others.length} that neither of them describes, or describes any longer. */
export const operations: readonly Operation[] = [
${[...backend, ...frontend, ...older, ...others].map(line).join('\n')}
]
`

if (!process.argv.includes('--check')) writeFileSync(target, text)
else if (readFileSync(target, 'utf8') !== text) {
  console.error('operations.ts is stale. Run node scripts/generate-operations.mjs.')
  process.exitCode = 1
}
