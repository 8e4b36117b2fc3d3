import { API_URL, type TestServer } from '../../server.test-support.js'
import { ImageTransformer } from '../../lib/images/index.js'
import { createGuardedOutgoing } from '../../lib/outgoing/guarded-outgoing.js'
import type { TxtLookup } from '../../lib/outgoing/txt-lookup.js'
import { createBreachChecker, PasswordHasher } from '../../lib/passwords/index.js'
import { createIds, silentLogger, systemRandom, type Logger } from '../../kernel/runtime.js'
import { createVault } from '../../lib/secrets/vault.js'
import type { Services } from '../../compose/services/index.js'
import { Bell } from '../../outbox/webhooks/bell.js'
import { createConsume } from '../../storage/consume.js'
import { InstanceRegistry } from '../../compose/registry.js'

/** To be given to the test server, so that what is sealed here opens there. */
export const ENCRYPTION_KEY = 'ab'.repeat(32)

/** The services of a test's instance, for what comes into being in a browser or with a provider only. */
export async function servicesOf(
  { server: { database }, clock, instance }: TestServer,
  txtRecords: TxtLookup = async () => [],
  logger: Logger = silentLogger,
): Promise<Services> {
  const registry = new InstanceRegistry({
    database,
    clock,
    random: systemRandom,
    ids: createIds(clock, systemRandom),
    logger,
    vault: createVault(ENCRYPTION_KEY, systemRandom),
    publicUrl: () => API_URL,
    ownUrls: () => [API_URL],
    passwords: new PasswordHasher({ memoryKib: 64, passes: 1 }),
    breaches: createBreachChecker(),
    outgoing: createGuardedOutgoing().get,
    txtRecords,
    imageTransformer: new ImageTransformer(),
    wake: undefined,
    sender: undefined,
    installation: { createInstance: undefined, linkLanding: undefined, sessionLanding: undefined },
    wakeWebhooks: () => {},
    bell: new Bell(),
    consume: createConsume(database, clock),
  })
  return (await registry.services(instance.id))!
}
