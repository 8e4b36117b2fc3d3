export const IDENTIFIER_KINDS = ['emailAddress', 'phoneNumber', 'username', 'web3Wallet'] as const

export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number]

/** Which identifiers users can and must have. */
export type IdentifierSettings = Record<IdentifierKind, { enabled: boolean; required: boolean }>

export const defaultIdentifiers: IdentifierSettings = {
  emailAddress: { enabled: true, required: false },
  phoneNumber: { enabled: true, required: false },
  username: { enabled: true, required: false },
  web3Wallet: { enabled: true, required: false },
}

export interface UsernameSettings {
  minLength: number
  maxLength: number
  /** Usernames can do without any letter. */
  allowNumeric: boolean
  /** Usernames can also have ``! # $ ' + . ^ ` ~``. */
  allowExtendedCharacters: boolean
}

export const defaultUsername: UsernameSettings = {
  minLength: 4,
  maxLength: 64,
  allowNumeric: false,
  allowExtendedCharacters: false,
}
