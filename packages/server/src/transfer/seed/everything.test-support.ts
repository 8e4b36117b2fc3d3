import { createHash } from 'node:crypto'

/** One pixel, as PNG. */
export const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
  'base64',
)

/** The ids of what {@link seedWithEverything} makes. */
const ids =
  /^(user_[123]|idn_[1235]|eac_1|tdev_1|sess_1|client_1|jtmp_1|inv_1|wle_1|org_1|orginv_1|orgdmn_1|perm_1|role_1|rs_1|alid_1|blid_1|ru_1|dmn_1|oa_1|mch_[12]|ak_1|ak_other)$/

/**
 * Ids are one server's, so each instance has its own, in the form that the contract knows: the number of the seed and the
 * end of the instance's id. Other texts stay.
 */
export function ownIds(instanceId: string): (text: string) => string {
  return (text) => {
    if (!ids.test(text)) return text
    const [prefix, number] = text.split('_') as [string, string]
    if (prefix === 'ak') return `ak_${createHash('md5').update(`${text} ${instanceId}`).digest('hex')}`
    return `${prefix}_${number}${instanceId.slice(number.length - 27)}`
  }
}

/** One of everything: somebody who has it, somebody who shares an organization with them, and somebody with nothing. */
export function seedWithEverything(own: (id: string) => string): object {
  const user = {
    id: own('user_1'),
    email_addresses: ['ada@example.com', { id: own('idn_1'), email_address: 'countess@example.com' }],
    phone_numbers: ['+12015550101', { id: own('idn_2'), phone_number: '+12015550102' }],
    web3_wallets: [{ id: own('idn_3'), web3_wallet: '0x52908400098527886E0F7030069857D2E4169EE7' }],
    password: 'p',
    totp_secret: 'JBSWY3DPEHPK3PXP',
    backup_codes: ['abcd2345', 'efgh6789'],
    profile_image: `data:image/png;base64,${PIXEL.toString('base64')}`,
    external_accounts: [{ id: own('eac_1'), provider: 'oauth_google', provider_user_id: '7', access_token: 'ya29' }],
    passkeys: [{ id: own('idn_5'), name: 'Laptop', credential_id: 'Y3JlZA', public_key: 'a2V5' }],
    trusted_devices: [{ id: own('tdev_1'), platform: 'ios', app_identifier: 'com.example.app', public_key: 'a2V5' }],
    sessions: [{ id: own('sess_1'), client_id: own('client_1') }],
  }
  return {
    users: [
      user,
      { id: own('user_2'), email_addresses: ['grace@example.com'] },
      { id: own('user_3'), username: 'mary_s' },
    ],
    jwt_templates: [{ id: own('jtmp_1'), name: 'hasura', claims: {} }],
    invitations: [{ id: own('inv_1'), email_address: 'invited@example.com' }],
    waitlist_entries: [{ id: own('wle_1'), email_address: 'waiting@example.com' }],
    allowlist_identifiers: [{ id: own('alid_1'), identifier: 'allowed@example.com' }],
    blocklist_identifiers: [{ id: own('blid_1'), identifier: 'blocked@example.com' }],
    redirect_urls: [{ id: own('ru_1'), url: 'my-app://other' }],
    satellite_domains: [{ id: own('dmn_1'), name: 'satellite.example' }],
    templates: [{ template_type: 'email', slug: 'verification_code', delivered_by_clerk: false }],
    oauth_applications: [
      {
        id: own('oa_1'),
        name: 'Tool',
        grants: [{ user_id: own('user_1'), access_token: 'oat_secret', refresh_token: 't' }],
      },
    ],
    machines: [
      { id: own('mch_1'), name: 'Worker', secret_key: own('ak_other'), scoped_machines: [own('mch_2')] },
      { id: own('mch_2'), name: 'Mail' },
    ],
    api_keys: [{ id: own('ak_1'), name: 'deploy', subject: own('user_1'), secret: 'ak_secret' }],
    instance: {
      organization_settings: {
        enabled: true,
        domains_enabled: true,
        domains_enrollment_modes: ['automatic_invitation', 'automatic_suggestion'],
      },
    },
    organization_permissions: [{ id: own('perm_1'), key: 'org:x:y', name: 'X' }],
    organization_roles: [
      { id: own('role_1'), key: 'org:a', name: 'A', permissions: ['org:x:y'] },
      { key: 'org:b', name: 'B' },
    ],
    role_sets: [{ id: own('rs_1'), ...roleSet('a', 'org:member', 'org:a') }, roleSet('b', 'org:b')],
    organizations: [
      {
        id: own('org_1'),
        name: 'Acme',
        slug: 's',
        logo: user.profile_image,
        members: [
          { user_id: own('user_2'), role: 'org:admin' },
          { user_id: own('user_1'), role: 'org:member' },
        ],
        invitations: [
          {
            id: own('orginv_1'),
            email_address: 'member@example.com',
            role: 'org:member',
            inviter_user_id: own('user_2'),
          },
        ],
        domains: [{ id: own('orgdmn_1'), name: 'acme.test', ownership_verified: true }],
      },
    ],
  }
}

function roleSet(name: string, ...roles: string[]): object {
  return {
    key: `role_set:${name}`,
    name,
    roles: ['org:admin', ...roles],
    creator_role_key: 'org:admin',
    default_role_key: roles[0],
  }
}
