export interface CommunicationSettings {
  /** Countries whose numbers get no text messages: ISO 3166-1 alpha-2, upper case. */
  blockedCountryCodes: string[]
}

export const defaultCommunication: CommunicationSettings = { blockedCountryCodes: [] }
