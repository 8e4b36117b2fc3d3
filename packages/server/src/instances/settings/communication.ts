export interface CommunicationSettings {
  /** Countries whose numbers get no text messages: ISO 3166-1 alpha-2, upper case. */
  blockedCountryCodes: string[]
  /** The language of messages to people of whom none is known: BCP 47. Null: English. */
  defaultLocale: string | null
}

export const defaultCommunication: CommunicationSettings = { blockedCountryCodes: [], defaultLocale: null }
