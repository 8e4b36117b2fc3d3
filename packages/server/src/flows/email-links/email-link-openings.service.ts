import type { Pages } from '@latchkey/types'
import type { InstanceContext } from '../../instances/instance-context.js'
import { frontendApiUrlOf } from '../../instances/instance.js'
import { pageColorsOf } from '../../instances/settings/display.js'
import type { CallerOf } from '../../kernel/caller.js'
import { ApiError } from '../../kernel/errors/api-error.js'
import type { EmailAddressService } from '../../resources/email-addresses/email-addresses.service.js'
import type { EmailLinkService } from '../../resources/email-links/email-links.service.js'
import type { VerificationRecord } from '../../resources/verifications/verifications.table.js'
import type { Tx } from '../../storage/tx.js'
import type { SignInLinks } from '../sign-in/sign-in-links.service.js'
import type { SignUpFlowService } from '../sign-up/sign-up-flow.service.js'
import { askerOf, isOwn, landingUrl, PURPOSES, type LinkStatus } from './email-links.rules.js'

type Browser = CallerOf<'client'>

interface EmailLinkOpeningOptions {
  context: InstanceContext
  emailLinks: EmailLinkService
  emailAddresses: EmailAddressService
  signInLinks: SignInLinks
  signUpFlow: SignUpFlowService
  /** Undefined if the server has no pages. */
  linkLanding: Pages['linkLanding'] | undefined
}

/** What a link has brought about. */
interface Opened {
  createdSessionId: string | null
}

/** Links in mail, as browsers open them. */
export class EmailLinkOpenings {
  constructor(private readonly options: EmailLinkOpeningOptions) {}

  /**
   * Mail scanners, previews and browsers that look ahead open every link, and a link is good once: so opening it spends
   * nothing. The page's form does. In the browser that asked for the link the page sends it by itself; in any other one a
   * person does, who is told which browser asked: somebody else may have, with this person's address.
   *
   * @returns where the browser goes on, or the page
   * @throws {ApiError} 400 `verification_link_token_…` for a link that leads nowhere
   */
  async look(token: string, caller: Browser): Promise<string | Response> {
    const { context, emailLinks, linkLanding } = this.options
    const link = await emailLinks.read(token)
    const refused = this.#refusal(link, caller)
    if (refused) return landingUrl(link.redirectUrl, refused)
    if (!linkLanding) return this.#goOn(link, caller)
    const { instance } = context
    return linkLanding({
      applicationName: instance.name,
      colors: pageColorsOf(instance.settings.display),
      purpose: PURPOSES[link.subjectKind],
      action: `${frontendApiUrlOf(instance, context.publicUrl(), caller)}/v1/verify`,
      fields: { token },
      redirectUrl: link.redirectUrl,
      asked: isOwn(link, caller) ? null : askerOf(link),
    })
  }

  /**
   * What the page's form does.
   *
   * @returns where the browser goes on
   * @throws {ApiError} as `look`
   */
  async open(token: string, caller: Browser): Promise<string> {
    const link = await this.options.emailLinks.read(token)
    const refused = this.#refusal(link, caller)
    return refused ? landingUrl(link.redirectUrl, refused) : this.#goOn(link, caller)
  }

  #refusal(link: VerificationRecord, caller: Browser): LinkStatus | undefined {
    const { context, linkLanding } = this.options
    if (link.status !== 'unverified') return 'failed'
    if (link.expireAt <= context.clock.now()) return 'expired'
    if (isOwn(link, caller)) return undefined
    // Without a page nobody can be asked whether they want it.
    const isBound = context.instance.settings.attackProtection.emailLinkRequireSameClient || !linkLanding
    return isBound ? 'client_mismatch' : undefined
  }

  async #goOn(link: VerificationRecord & { redirectUrl: string }, caller: Browser): Promise<string> {
    const opened = await this.#spend(link, caller)
    if (!opened) return landingUrl(link.redirectUrl, 'failed')
    return landingUrl(link.redirectUrl, 'verified', isOwn(link, caller) ? opened.createdSessionId : null)
  }

  /** @returns undefined if it was not good any more, or what follows from it is refused: it is not spent then */
  async #spend(link: VerificationRecord, caller: Browser): Promise<Opened | undefined> {
    try {
      const opener = { ...caller, isAwaited: true }
      return await this.options.context.transaction(opener, (tx) => this.#settle(link, caller, tx))
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
