import type { Visit } from './asking.test-support.js'
import { visitsOfBrowsers } from './visits/browsers.test-support.js'
import { visitsWithHandshakes } from './visits/handshakes.test-support.js'
import { visitsOfMachines } from './visits/machines.test-support.js'
import { visitsOfOrganizations } from './visits/organizations.test-support.js'

export { bearer, development, session } from './visits/tokens.test-support.js'

/** Requests of every kind, each under a name. */
export const visits: [name: string, visit: Visit][] = [
  ...visitsOfBrowsers,
  ...visitsWithHandshakes,
  ...visitsOfOrganizations,
  ...visitsOfMachines,
]
