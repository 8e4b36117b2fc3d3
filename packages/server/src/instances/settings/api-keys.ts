/** No operation sets these; a seed does. */
export interface ApiKeySettings {
  /** Whether users and organizations can have API keys. While it is off, existing keys do not verify. */
  enabled: boolean
  /** Whether the secret of a key can be read again after the key was made. */
  secretsReadable: boolean
}

export const defaultApiKeys: ApiKeySettings = { enabled: true, secretsReadable: true }
