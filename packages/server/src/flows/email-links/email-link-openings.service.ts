import type { InstanceContext } from '../../instances/instance-context.js'
import type { CallerOf } from '../../kernel/caller.js'
import { ApiError } from '../../kernel/errors/api-error.js'
import type { EmailAddressService } from '../../resources/email-addresses/email-addresses.service.js'
import type { EmailLinkService } from '../../resources/email-links/email-links.service.js'
import type { VerificationRecord } from '../../resources/verifications/verifications.table.js'
import type { Tx } from '../../storage/tx.js'
import type { SignInLinks } from '../sign-in/sign-in-links.service.js'
import type { SignUpFlowService } from '../sign-up/sign-up-flow.service.js'
import { landingUrl } from './email-links.rules.js'

type Browser = CallerOf<'client'>

interface EmailLinkOpeningOptions {
  context: InstanceContext
  emailLinks: EmailLinkService
  emailAddresses: EmailAddressService
  signInLinks: SignInLinks
  signUpFlow: SignUpFlowService
}

/** What a link has brought about. */
interface Opened {
  createdSessionId: string | null
}

/** Links in mail, as browsers open them. */
export class EmailLinkOpenings {
  constructor(private readonly options: EmailLinkOpeningOptions) {}

  /**
   * Mail scanners open every link, and a link is good once. So it is spent by the browser that has asked for it, which is
   * known, and in any other one only when a person, or the page that they see, goes on.
   *
   * @param isConfirmed the browser has shown the page
   * @returns where the browser goes on; undefined: to the page
   * @throws {ApiError} 400 `verification_link_token_…` for a link that leads nowhere
   */
  async open(
    token: string,
    { isConfirmed, isDeliberate }: { isConfirmed: boolean; isDeliberate: boolean },
    caller: Browser,
  ): Promise<string | undefined> {
    const { context, emailLinks } = this.options
    const { attackProtection } = context.instance.settings
    const link = await emailLinks.read(token)
    const { redirectUrl, status, expireAt, startedAtClient } = link
    if (status !== 'unverified') return landingUrl(redirectUrl, 'failed')
    if (expireAt <= context.clock.now()) return landingUrl(redirectUrl, 'expired')
    const isSameClient = startedAtClient === caller.clientId
    if (!isSameClient && attackProtection.emailLinkRequireSameClient) return landingUrl(redirectUrl, 'client_mismatch')
    if (!isConfirmed && !(isSameClient && isDeliberate)) return undefined
    const opened = await this.#spend(link, caller)
    if (!opened) return landingUrl(redirectUrl, 'failed')
    return landingUrl(redirectUrl, 'verified', isSameClient ? opened.createdSessionId : null)
  }

  /** @returns undefined if it was not good any more, or what follows from it is refused: it is not spent then */
  async #spend(link: VerificationRecord, caller: Browser): Promise<Opened | undefined> {
    try {
      return await this.options.context.transaction(caller, (tx) => this.#settle(link, caller, tx))
    } catch (error) {
      if (error instanceof ApiError && error.status < 500) return undefined
      throw error
    }
  }

  async #settle(link: VerificationRecord, caller: Browser, tx: Tx): Promise<Opened | undefined> {
    const { emailLinks, emailAddresses, signInLinks, signUpFlow } = this.options
    switch (link.subjectKind) {
      case 'sign_in':
        return signInLinks.open(link, caller, tx)
      case 'sign_up':
        return signUpFlow.openLink(link, caller, tx)
      case 'identification': {
        const spent = await emailLinks.spend(link, caller.clientId, tx)
        if (!spent) return undefined
        await emailAddresses.verifyByLink(spent, tx)
        return { createdSessionId: null }
      }
      // A reverification is a matter of the browser that has the session.
      case 'session':
        return undefined
    }
  }
}
