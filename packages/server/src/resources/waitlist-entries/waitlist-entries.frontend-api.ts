import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { perIp } from '../../kernel/limits.js'
import type { WaitlistEntryService } from './waitlist-entries.service.js'
import { joinedWaitlistEntry } from './waitlist-entries.wire.js'

const endpoint = frontendEndpointFactory<{ waitlistEntries: WaitlistEntryService }>()

export const waitlistFrontendEndpoints = [
  endpoint(
    'POST /waitlist',
    {
      operationId: 'joinWaitlist',
      access: 'public',
      body: z.object({ email_address: z.string() }),
      answer: joinedWaitlistEntry,
      bare: true,
      limit: perIp(5, 10),
    },
    ({ body, caller, services }) => services.waitlistEntries.join(body.emailAddress, caller),
  ),
]
