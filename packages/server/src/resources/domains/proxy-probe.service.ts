import { z } from 'zod'
import type { InstanceContext } from '../../instances/instance-context.js'
import { DestinationRefused } from '../../lib/outgoing/destination.js'
import { domainErrors } from './domains.errors.js'

/** What the Frontend API answers to whoever asks through a proxy whether it works. */
export type ProxyHealth =
  | {
      status: 'healthy'
      x_forwarded_for: string
      /** Of ours: it shows that this very server answers, with the domain's instance. */
      domain_id: string
    }
  | { status: 'unhealthy'; message: string }

const healthy = z.object({ status: z.literal('healthy'), domain_id: z.string() })
const unhealthy = z.object({ status: z.literal('unhealthy'), message: z.string().max(512) })

/** Asks the Frontend API whether it can be reached through a proxy. */
export class ProxyProbe {
  constructor(private readonly context: Pick<InstanceContext, 'outgoing'>) {}

  /**
   * @param proxyUrl without a slash at the end
   * @returns why it does not work; undefined if it does
   */
  async problem(proxyUrl: string, domainId: string): Promise<string | undefined> {
    const url = `${proxyUrl}/v1/proxy-health?domain_id=${encodeURIComponent(domainId)}`
    try {
      const { status, text } = await this.context.outgoing(url, { headers: { accept: 'application/json' } })
      if (status !== 200) return `it answered with status ${status}`
      const answer: unknown = JSON.parse(text)
      if (healthy.safeParse(answer).data?.domain_id === domainId) return undefined
      return unhealthy.safeParse(answer).data?.message ?? 'another server answered'
    } catch (error) {
      if (error instanceof DestinationRefused) return error.message
      return error instanceof SyntaxError ? 'another server answered' : 'it did not answer'
    }
  }

  /** @throws {ApiError} 422 `invalid_proxy_configuration` */
  async require(proxyUrl: string, domainId: string): Promise<void> {
    const problem = await this.problem(proxyUrl, domainId)
    if (problem !== undefined) throw domainErrors.proxyInvalid(proxyUrl, problem)
  }
}
