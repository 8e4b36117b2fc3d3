import type { AccountlessApplicationJSON } from '@latchkey/types'
import { z } from 'zod'
import { bearerKey } from '../../http/access.js'
import { endpointFactory } from '../../http/endpoint.js'
import { frontendApiUrlOf, publishableKeyOf } from '../../instances/instance.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import { component, type Shape } from '../../kernel/component.js'
import { errors } from '../../kernel/errors/errors.js'
import { perIp } from '../../kernel/limits.js'

/** An instance that nobody set up beforehand. */
export interface AccountlessApplication {
  publishableKey: string
  secretKey: string
  /** Its pages for people, which this server has in place of a dashboard. */
  pagesUrl: string
}

interface Needs {
  context: InstanceContext
  installation: {
    /** Makes a development instance; undefined if operators have not allowed that. */
    createInstance: ((name: string) => Promise<AccountlessApplication>) | undefined
  }
}

const accountlessApplication = {
  schema: component(
    'AccountlessApplication',
    z.object({
      object: z.literal('accountless_application'),
      publishable_key: z.string(),
      secret_key: z.string(),
      claim_url: z.string(),
      api_keys_url: z.string(),
    } satisfies Shape<Omit<AccountlessApplicationJSON, 'id'>>),
  ),
  toJSON: ({ publishableKey, secretKey, pagesUrl }: AccountlessApplication) => ({
    object: 'accountless_application' as const,
    publishable_key: publishableKey,
    secret_key: secretKey,
    claim_url: pagesUrl,
    api_keys_url: pagesUrl,
  }),
}

const endpoint = endpointFactory<Needs>()
/** The program or framework that asks, for the name of the instance. */
const query = z.object({ source: z.string().max(64).optional() })

export const accountlessApplicationEndpoints = [
  endpoint(
    'POST /accountless_applications',
    {
      operationId: 'CreateAccountlessApplication',
      access: 'public',
      query,
      answer: accountlessApplication,
      limit: perIp(5, 600),
    },
    async ({ query: { source }, services: { installation } }) => {
      if (!installation.createInstance) throw errors.accountlessNotAllowed()
      return installation.createInstance(source ?? 'accountless')
    },
  ),

  endpoint(
    'POST /accountless_applications/complete',
    {
      operationId: 'CompleteAccountlessApplication',
      access: 'secret_key',
      query,
      answer: accountlessApplication,
    },
    async ({ request, services: { context } }) => ({
      publishableKey: publishableKeyOf(context.instance),
      secretKey: bearerKey(request.headers.get('authorization')),
      pagesUrl: frontendApiUrlOf(context.instance, context.publicUrl()),
    }),
  ),
]
