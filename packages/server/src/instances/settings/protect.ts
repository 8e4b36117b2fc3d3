/** What stands between a sign-in or sign-up and somebody who looks like a bot. */
export interface ProtectSettings {
  rulesEnabled: boolean
  specterEnabled: boolean
  /** The instance does without the checks that come before switching the two on. No operation sets it; a seed does. */
  checksBypassed: boolean
}

export const defaultProtect: ProtectSettings = { rulesEnabled: false, specterEnabled: false, checksBypassed: false }
