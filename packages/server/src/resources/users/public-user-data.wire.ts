import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { component } from '../../kernel/component.js'
import type { PublicUser } from '../organization-records/organization-records.rules.js'
import type { User } from '../user-records/user-records.rules.js'

const schema = component(
  'PublicUserData',
  z.object({
    user_id: z.string(),
    identifier: z.string(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    username: z.string().nullable(),
    image_url: z.string(),
    profile_image_url: z.string(),
    has_image: z.boolean(),
    banned: z.boolean(),
  }),
)

/** What others see of a person, and what a browser shows of somebody who is not signed in yet. */
export const publicUserData = {
  schema,
  toJSON: (user: PublicUser, { publicUrl }: WireContext): z.output<typeof schema> => {
    const imageUrl = `${publicUrl()}/images/${user.imageId ?? `default/${user.id}`}`
    return {
      user_id: user.id,
      identifier: user.identifier,
      first_name: user.firstName,
      last_name: user.lastName,
      username: user.username,
      image_url: imageUrl,
      profile_image_url: imageUrl,
      has_image: user.imageId !== null,
      banned: user.banned,
    }
  },
}

/** The user as others see them. */
export function toPublicUser(user: User): PublicUser {
  const primary = <Row extends { id: string }>(rows: readonly Row[], id: string | null) =>
    rows.find((row) => row.id === id)
  const identifier =
    primary(user.emailAddresses, user.primaryEmailAddressId)?.emailAddress ??
    primary(user.phoneNumbers, user.primaryPhoneNumberId)?.phoneNumber ??
    user.username ??
    primary(user.web3Wallets, user.primaryWeb3WalletId)?.web3Wallet ??
    ''
  return { ...user, identifier }
}
