import type { Caller } from '../../kernel/caller.js'
import { emailAddresses } from '../../resources/email-addresses/email-addresses.table.js'
import { phoneNumbers } from '../../resources/phone-numbers/phone-numbers.table.js'
import { users } from '../../resources/user-records/user-records.table.js'
import type { PreparedUser } from '../../resources/users/new-users.service.js'
import { web3Wallets } from '../../resources/web3-wallets/web3-wallets.table.js'
import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import type { SeedServices } from './seed-services.js'
import type { SeedUser } from './seed.schema.js'

export interface SeededUser {
  /** Of the one that was made, or was there already. */
  id: string
  created: boolean
}

/** Creates the user with everything that belongs to them, in one transaction, unless the user is there already. */
export async function seedUser(seed: SeedUser, services: SeedServices, caller: Caller): Promise<SeededUser> {
  const { context, newUsers, userRecords, images } = services
  if (seed.id !== undefined && (await userRecords.find(seed.id))) return { id: seed.id, created: false }
  const { emailAddresses, phoneNumbers, web3Wallets, profileImage, ...profile } = seed
  const prepared = await newUsers.prepare({
    ...profile,
    emailAddress: emailAddresses?.map(({ emailAddress }) => emailAddress),
    emailAddressIdentificationStatus: emailAddresses?.map(({ status }) => status),
    emailAddressIds: emailAddresses?.map(({ id }) => id),
    phoneNumber: phoneNumbers?.map(({ phoneNumber }) => phoneNumber),
    phoneNumberIdentificationStatus: phoneNumbers?.map(({ status }) => status),
    phoneNumberIds: phoneNumbers?.map(({ id }) => id),
    web3Wallet: web3Wallets?.map(({ web3Wallet }) => web3Wallet),
    web3WalletIds: web3Wallets?.map(({ id }) => id),
    skipPasswordChecks: true,
  })
  const image = profileImage === undefined ? undefined : await images.read(toFile(profileImage))

  return context.transaction(caller, async (tx) => {
    const known = seed.id === undefined ? await findKnown(prepared, context, tx) : undefined
    if (known !== undefined) return { id: known, created: false }
    const { id } = await newUsers.insert(prepared, tx)
    await insertParts(id, seed, services, tx)
    const secondFactors = await restoreSecondFactors(id, seed, services, tx)
    if (image || seed.passwordCompromised || secondFactors) {
      await userRecords.change(
        id,
        {
          ...(image ? { imageId: await images.replace({ userId: id }, image, tx) } : {}),
          ...(seed.passwordCompromised ? { passwordCompromised: true } : {}),
          ...(secondFactors ? { mfaEnabledAt: context.clock.now() } : {}),
        },
        tx,
      )
    }
    return { id, created: true }
  })
}

async function insertParts(userId: string, seed: SeedUser, services: SeedServices, tx: Tx): Promise<void> {
  const { externalAccounts, passkeys, trustedDevices, sessions } = services
  for (const { accessToken, refreshToken, idToken, tokenSecret, tokenExpiresAt, ...account } of seed.externalAccounts ??
    []) {
    const tokens =
      accessToken === undefined
        ? undefined
        : { accessToken, refreshToken, idToken, tokenSecret, expiresAt: tokenExpiresAt }
    await externalAccounts.insert(userId, { ...account, tokens }, tx)
  }
  for (const passkey of seed.passkeys ?? []) await passkeys.insert(userId, passkey, tx)
  for (const device of seed.trustedDevices ?? []) await trustedDevices.insert(userId, device, tx)
  for (const session of seed.sessions ?? []) await sessions.restore({ ...session, userId }, tx)
}

/** @returns whether a number is reserved for the second factor */
async function restoreSecondFactors(
  userId: string,
  seed: SeedUser,
  { userRecords, phoneNumbers }: SeedServices,
  tx: Tx,
): Promise<boolean> {
  const reserved = (seed.phoneNumbers ?? []).flatMap((phone, index) => (phone.reservedForSecondFactor ? [index] : []))
  if (reserved.length === 0) return false
  const user = await userRecords.get(userId, tx)
  for (const [order, index] of reserved.entries()) {
    await phoneNumbers.restoreSecondFactor(user.phoneNumbers[index]!.id, order === 0, tx)
  }
  return true
}

/** The id of the user who already has one of the values that only one user can have. */
async function findKnown(
  { fields, emails, phones, wallets }: PreparedUser,
  owner: Owner,
  tx: Tx,
): Promise<string | undefined> {
  const { externalId, usernameCanonical } = fields
  const known = new Rows(users, owner)
  const byExternalId = externalId == null ? undefined : await known.findBy({ externalId }, tx)
  const byUsername = usernameCanonical == null ? undefined : await known.findBy({ usernameCanonical }, tx)
  if (byExternalId || byUsername) return (byExternalId ?? byUsername)!.id
  const claimed = [
    [emailAddresses, emails.map(({ parsed }) => parsed.canonical)],
    [phoneNumbers, phones.map(({ parsed }) => parsed)],
    [web3Wallets, wallets.map(({ parsed }) => parsed.canonical)],
  ] as const
  for (const [table, values] of claimed) {
    for (const canonical of values) {
      const row = await new Rows<typeof table>(table, owner).findBy({ canonical, claimed: true }, tx)
      if (row?.userId) return row.userId
    }
  }
  return undefined
}

/** A picture that is written as a data URL. */
export function toFile(dataUrl: string): File {
  const [head = '', content = ''] = dataUrl.split(';base64,')
  return new File([Buffer.from(content, 'base64')], 'image', { type: head.slice('data:'.length) })
}
