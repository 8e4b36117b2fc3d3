export { createBreachChecker, type BreachChecker, type BreachCheckerOptions } from './breach-checker.js'
export { isPasswordHasherName, type PasswordHasherName } from './digest-formats.js'
export {
  isCheckable,
  isImportableDigest,
  MAX_PASSWORD_BYTES,
  needsRehash,
  PasswordHasher,
  type PasswordDigest,
  type PasswordHasherOptions,
} from './password-hasher.js'
export { checkPassword, SPECIAL_CHARACTERS, type PasswordProblem, type PasswordSettings } from './password-policy.js'
export { QueueFull, TaskAbandoned, WorkQueue } from './work-queue.js'
