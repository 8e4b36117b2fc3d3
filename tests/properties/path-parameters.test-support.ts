import { operator } from '../../packages/server/src/kernel/caller.js'
import { servicesOf } from '../../packages/server/src/resources/users/user-parts.test-support.js'
import type { CallOptions, TestServer } from '../../packages/server/src/server.test-support.js'
import { ownIds, seedWithEverything } from '../../packages/server/src/transfer/seed/everything.test-support.js'

/** What stands in a path for a parameter: a name, or an id of {@link seedWithEverything}. */
const seeded: Readonly<Record<string, string>> = {
  'allowlist_identifiers/:identifier_id': 'alid_1',
  'blocklist_identifiers/:identifier_id': 'blid_1',
  'redirect_urls/:id': 'ru_1',
  'organizations/:organization_id/domains/:domain_id': 'orgdmn_1',
  'organizations/:organization_id/invitations/:invitation_id': 'orginv_1',
  'templates/:template_type': 'email',
  ':slug': 'verification_code',
  ':oauth_application_id': 'oa_1',
  ':apiKeyID': 'ak_1',
  ':client_id': 'client_1',
  ':domain_id': 'dmn_1',
  ':email_address_id': 'idn_1',
  ':external_account_id': 'eac_1',
  ':invitation_id': 'inv_1',
  ':machine_id': 'mch_1',
  ':organization_id': 'org_1',
  ':organization_role_id': 'role_1',
  ':other_machine_id': 'mch_2',
  ':passkey_identification_id': 'idn_5',
  ':permission_id': 'perm_1',
  ':phone_number_id': 'idn_2',
  ':provider': 'oauth_google',
  ':role_set_key_or_id': 'rs_1',
  ':session_id': 'sess_1',
  ':template_id': 'jtmp_1',
  ':template_name': 'hasura',
  ':trusted_device_id': 'tdev_1',
  ':user_id': 'user_1',
  ':waitlist_entry_id': 'wle_1',
  ':web3_wallet_identification_id': 'idn_3',
}

/** Makes what a seed has no words for, and returns its id. */
const made: Readonly<Record<string, (server: TestServer) => Promise<string>>> = {
  ':actor_token_id': (server) =>
    idOf(server, '/actor_tokens', { user_id: userId(server), actor: { sub: 'support@example.com' } }),
  ':agent_task_id': (server) =>
    idOf(server, '/agents/tasks', {
      on_behalf_of: { user_id: userId(server) },
      permissions: '*',
      agent_name: 'Agent',
      task_description: 'Read',
      redirect_url: 'https://example.com/done',
    }),
  ':email_id': (server) =>
    idOf(server, '/email', {
      to: { user_id: userId(server) },
      from: { address: 'hello@example.com' },
      subject: 'Hello',
      text: 'Hello',
    }),
  ':m2m_token_id': (server) => idOf(server, '/m2m_tokens', {}, { key: ownIds(server.instance.id)('ak_other') }),
  ':sign_in_token_id': (server) => idOf(server, '/sign_in_tokens', { user_id: userId(server) }),
  'sign_ups/:id': async (server) => {
    const { context, signUps } = await servicesOf(server)
    const begun = { requiredFields: ['email_address'], emailAddress: 'new@example.com' }
    return (await context.transaction(operator('test'), (tx) => signUps.begin(begun, tx))).id
  },
}

const userId = ({ instance }: TestServer) => ownIds(instance.id)('user_1')

async function idOf(server: TestServer, path: string, body: object, options?: CallOptions): Promise<string> {
  const { body: answer } = await server.call('POST', path, body, options)
  return answer.id ?? answer.agent_task_id
}

/** The parameters of a path, each with all that stands before it: `/redirect_urls/:id` where `:id` alone says too little. */
export function parametersOf(path: string): string[] {
  return [...path.matchAll(/:\w+/g)].map(({ 0: name, index }) => path.slice(0, index + name.length))
}

function sourceOf(parameter: string): string | ((server: TestServer) => Promise<string>) | undefined {
  const known = { ...seeded, ...made }
  const longest = Object.keys(known)
    .filter((name) => parameter.endsWith(name))
    .sort((a, b) => b.length - a.length)
  return longest[0] === undefined ? undefined : known[longest[0]]
}

export function isKnown(parameter: string): boolean {
  return sourceOf(parameter) !== undefined
}

/** Fills the test's instance with one of everything. */
export async function fill({ server, instance }: TestServer): Promise<void> {
  await server.admin.seed(instance.id, seedWithEverything(ownIds(instance.id)))
}

/** The path with what is there in place of its parameters, on the test's instance after {@link fill}. */
export async function pathToRow(server: TestServer, path: string): Promise<string> {
  let filled = path
  for (const parameter of parametersOf(path)) {
    const source = sourceOf(parameter)!
    const id = typeof source === 'string' ? ownIds(server.instance.id)(source) : await source(server)
    filled = filled.replace(parameter.slice(parameter.lastIndexOf(':')), id)
  }
  return filled
}
