export * from '@latchkey/backend/errors'
export { AmbiguousPathError, MalformedURLError } from './path-errors.js'
