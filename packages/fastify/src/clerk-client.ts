import { createEnvironmentClient, optionsFromEnvironment } from '@latchkey/backend/internal'

/** The Backend API with the keys of the environment, which is read when the client is first used. */
export const clerkClient = createEnvironmentClient(optionsFromEnvironment)
