export type Environment = Readonly<Record<string, string | undefined>>

/** The environment of this process. Nothing else in Latchkey reads it. */
export const environment: Environment = process.env
