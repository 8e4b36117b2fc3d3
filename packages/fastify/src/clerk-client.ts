import { createEnvironmentClient, optionsFromEnvironment } from '@latchkey/backend/internal'

/** A client of the Backend API with the keys of the environment, which is read on first use. */
export const clerkClient = createEnvironmentClient(optionsFromEnvironment)
