import { createEnvironmentClient, optionsFromEnvironment } from '@latchkey/backend/internal'

/** A client of the Backend API with the keys of the environment. */
export const clerkClient = createEnvironmentClient(optionsFromEnvironment)
