import type { Services } from '../services.js'
import type { Queries } from '../storage/database.js'
import type { PreparedUser } from '../resources/users/prepare-user.js'
import type { SeedUser } from './seed.schema.js'

/**
 * Makes the user with all that belongs to one, in one transaction.
 *
 * @returns false when the user was there already
 */
export async function seedUser(seed: SeedUser, services: Services): Promise<boolean> {
  const { context, users, images } = services
  if (seed.id !== undefined && (await users.store.findUser(seed.id))) return false
  const prepared = await users.prepare({
    id: seed.id,
    externalId: seed.external_id,
    username: seed.username,
    firstName: seed.first_name,
    lastName: seed.last_name,
    locale: seed.locale,
    emailAddresses: seed.email_addresses?.map((email) => email.email_address),
    emailAddressStatuses: seed.email_addresses?.map((email) => email.status),
    emailAddressIds: seed.email_addresses?.map((email) => email.id),
    phoneNumbers: seed.phone_numbers?.map((phone) => phone.phone_number),
    phoneNumberStatuses: seed.phone_numbers?.map((phone) => phone.status),
    phoneNumberIds: seed.phone_numbers?.map((phone) => phone.id),
    web3Wallets: seed.web3_wallets?.map((wallet) => wallet.web3_wallet),
    web3WalletIds: seed.web3_wallets?.map((wallet) => wallet.id),
    password: seed.password,
    passwordDigest: seed.password_digest,
    passwordHasher: seed.password_hasher,
    skipPasswordChecks: true,
    totpSecret: seed.totp_secret,
    backupCodes: seed.backup_codes,
    publicMetadata: seed.public_metadata,
    privateMetadata: seed.private_metadata,
    unsafeMetadata: seed.unsafe_metadata,
    deleteSelfEnabled: seed.delete_self_enabled,
    createOrganizationEnabled: seed.create_organization_enabled,
    createOrganizationsLimit: seed.create_organizations_limit,
    bypassClientTrust: seed.bypass_client_trust,
    legalAcceptedAt: seed.legal_accepted_at,
    createdAt: seed.created_at,
    banned: seed.banned,
    locked: seed.locked,
  })
  const image = seed.profile_image === undefined ? undefined : await images.read(toFile(seed.profile_image))

  return context.database.transaction(async (tx) => {
    if (seed.id === undefined && (await isKnown(prepared, context.instanceId, tx))) return false
    const { id } = await users.insert(prepared, tx)
    await addParts(id, seed, services, tx)
    const secondFactors = await reserveSecondFactors(id, seed, services, tx)
    if (image || seed.password_compromised || secondFactors) {
      await users.change(
        id,
        {
          ...(image ? { imageId: await images.replace(id, image, tx) } : {}),
          ...(seed.password_compromised ? { passwordCompromised: true } : {}),
          ...(secondFactors ? { mfaEnabledAt: context.clock.now() } : {}),
        },
        tx,
      )
    }
    return true
  })
}

async function addParts(
  userId: string,
  seed: SeedUser,
  { externalAccounts, passkeys, trustedDevices, sessions }: Services,
  tx: Queries,
): Promise<void> {
  for (const account of seed.external_accounts ?? []) {
    await externalAccounts.add(
      userId,
      {
        id: account.id,
        identificationId: account.identification_id,
        provider: account.provider,
        providerUserId: account.provider_user_id,
        emailAddress: account.email_address,
        emailAddressVerified: account.email_address_verified,
        firstName: account.first_name,
        lastName: account.last_name,
        username: account.username,
        phoneNumber: account.phone_number,
        imageUrl: account.image_url,
        approvedScopes: account.approved_scopes,
        label: account.label,
        publicMetadata: account.public_metadata,
        tokens:
          account.access_token === undefined
            ? undefined
            : {
                accessToken: account.access_token,
                refreshToken: account.refresh_token,
                idToken: account.id_token,
                tokenSecret: account.token_secret,
                expiresAt: toTime(account.token_expires_at),
              },
        createdAt: toTime(account.created_at),
      },
      tx,
    )
  }
  for (const passkey of seed.passkeys ?? []) {
    await passkeys.add(
      userId,
      {
        id: passkey.id,
        name: passkey.name,
        credentialId: passkey.credential_id,
        publicKey: passkey.public_key,
        signatureCounter: passkey.signature_counter,
        transports: passkey.transports,
        lastUsedAt: toTime(passkey.last_used_at),
        createdAt: toTime(passkey.created_at),
      },
      tx,
    )
  }
  for (const device of seed.trusted_devices ?? []) {
    await trustedDevices.add(
      userId,
      {
        id: device.id,
        platform: device.platform,
        appIdentifier: device.app_identifier,
        name: device.name,
        publicKey: device.public_key,
        lastUsedAt: toTime(device.last_used_at),
        revokedAt: toTime(device.revoked_at),
        createdAt: toTime(device.created_at),
      },
      tx,
    )
  }
  for (const session of seed.sessions ?? []) {
    await sessions.restore(
      {
        id: session.id,
        userId,
        clientId: session.client_id,
        status: session.status,
        createdAt: toTime(session.created_at),
        expireAt: toTime(session.expire_at),
      },
      tx,
    )
  }
}

/** @returns whether any number is reserved for the second factor */
async function reserveSecondFactors(
  userId: string,
  seed: SeedUser,
  { users, phoneNumbers }: Services,
  tx: Queries,
): Promise<boolean> {
  const reserved = (seed.phone_numbers ?? []).flatMap((phone, index) =>
    phone.reserved_for_second_factor ? [index] : [],
  )
  if (reserved.length === 0) return false
  const user = await users.get(userId, tx)
  for (const [order, index] of reserved.entries()) {
    await phoneNumbers.store.update(
      user.phoneNumbers[index]!.id,
      { reservedForSecondFactor: true, defaultSecondFactor: order === 0 },
      tx,
    )
  }
  return true
}

/** Somebody has one of the things that only one user can have. */
async function isKnown(
  { record, emails, phones, wallets }: PreparedUser,
  instanceId: string,
  tx: Queries,
): Promise<boolean> {
  const users = tx.selectFrom('users').select('id').where('instance_id', '=', instanceId)
  if (record.externalId !== null && (await users.where('external_id', '=', record.externalId).executeTakeFirst()))
    return true
  if (
    record.usernameCanonical !== null &&
    (await users.where('username_canonical', '=', record.usernameCanonical).executeTakeFirst())
  )
    return true
  const claimed = [
    ['email_addresses', emails.map(({ parsed }) => parsed.canonical)],
    ['phone_numbers', phones.map(({ parsed }) => parsed)],
    ['web3_wallets', wallets.map(({ parsed }) => parsed.canonical)],
  ] as const
  for (const [table, canonical] of claimed) {
    if (canonical.length === 0) continue
    const taken = await tx
      .selectFrom(table)
      .select('user_id')
      .where('instance_id', '=', instanceId)
      .where('claimed', '=', 1)
      .where('canonical', 'in', canonical)
      .executeTakeFirst()
    if (taken) return true
  }
  return false
}

function toTime(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text)
}

function toFile(dataUrl: string): File {
  const [head = '', content = ''] = dataUrl.split(';base64,')
  return new File([Buffer.from(content, 'base64')], 'image', { type: head.slice('data:'.length) })
}
