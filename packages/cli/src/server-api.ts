/** The part of @latchkey/server that the command line uses, loaded only by commands that need it. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export type EnvironmentType = 'development' | 'production'

export interface ServerOptions {
  database?: string
  encryptionKey?: string
  publicUrl?: string
  migrate?: boolean
  logger?: Logger
}

export interface CreateInstanceOptions {
  name?: string
  environmentType?: EnvironmentType
  secretKey?: string
  publishableKey?: string
  frontendHost?: string
  default?: boolean
}

export interface CreatedInstance {
  id: string
  environmentType: EnvironmentType
  secretKey: string
  publishableKey: string
  jwtKey: string
  apiUrl: string
  frontendApiUrl: string
}

export interface InstanceSummary {
  id: string
  name: string
  environmentType: EnvironmentType
  frontendHost: string
  default: boolean
  createdAt: number
}

export interface KeySummary {
  id: string
  name: string
  createdAt: number
  lastUsedAt: number | null
  revokedAt: number | null
}

export interface Admin {
  listInstances(): Promise<InstanceSummary[]>
  listKeys(instanceId: string): Promise<KeySummary[]>
  createKey(instanceId: string, options: { name: string }): Promise<{ id: string; name: string; secretKey: string }>
  revokeKey(id: string): Promise<boolean>
  rotateSigningKey(instanceId: string, options: { overlap: number }): Promise<{ kid: string }>
  backup(file: string): Promise<void>
}

export interface Server {
  fetch(request: Request, connection?: { remoteAddress?: string }): Promise<Response>
  createInstance(options?: CreateInstanceOptions): Promise<CreatedInstance>
  ensureDefaultInstance(options: CreateInstanceOptions): Promise<CreatedInstance>
  seed(document: unknown): Promise<{ created: number; unchanged: number }>
  admin: Admin
  close(): Promise<void>
}

export interface ServerModule {
  createServer(options: ServerOptions): Promise<Server>
  migrateDatabase(options: { database: string }): Promise<{ applied: string[] }>
}

export async function loadServer(): Promise<ServerModule> {
  return (await import('@latchkey/server')) as unknown as ServerModule
}
